/** The edge: what is in /etc/netns, where `ip netns exec` looks for files of a namespace's own. */
import { readdir } from 'node:fs/promises'
import { codeOf } from '../../lib/failure.ts'
import { readFiles } from '../check/read-files.ts'
import type { EtcNetns } from '../planner.ts'

/** No link is followed: one in a folder's place is there, and holds nothing. */
export async function readEtcNetns(folder = '/etc/netns'): Promise<EtcNetns> {
  const names = await entriesOf(folder)
  if (names === null) return null
  const found = new Map<string, ReadonlyMap<string, string | null>>()
  for (const { name, isFolder } of names) {
    const files = isFolder ? ((await entriesOf(`${folder}/${name}`)) ?? []) : []
    const paths = files.map((file) => `${folder}/${name}/${file.name}`)
    const seen = await readFiles(paths.map((path) => ({ kind: 'file', path, text: null })))
    found.set(
      name,
      new Map(
        files.map((file, at) => {
          const text = seen.get(paths[at] ?? '')
          return [file.name, typeof text === 'string' ? text : null]
        }),
      ),
    )
  }
  return found
}

/** null: it is not there, or is not ours to read, where nothing can be made either. */
async function entriesOf(
  folder: string,
): Promise<readonly { readonly name: string; readonly isFolder: boolean }[] | null> {
  try {
    const entries = await readdir(folder, { withFileTypes: true })
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return null
    return []
  }
}
