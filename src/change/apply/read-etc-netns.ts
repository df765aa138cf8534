/** The edge: what is in /etc/netns, where `ip netns exec` looks for files of a namespace's own. */
import { closeSync, constants, fstatSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { codeOf } from '../../lib/failure.ts'
import type { EtcNetns } from '../planner.ts'

/** No link is followed: one in a folder's place is there, and holds nothing. */
export function readEtcNetns(folder = '/etc/netns'): EtcNetns {
  const names = entriesOf(folder)
  if (names === null) return null
  return new Map(
    names.map(({ name, isFolder }) => {
      const files = isFolder ? (entriesOf(`${folder}/${name}`) ?? []) : []
      return [name, new Map(files.map((file) => [file.name, textOf(`${folder}/${name}/${file.name}`)]))]
    }),
  )
}

type Entry = { readonly name: string; readonly isFolder: boolean }

/** null: it is not there. What is not ours to read is empty: nothing can be made in it either. */
function entriesOf(folder: string): readonly Entry[] | null {
  try {
    const entries = readdirSync(folder, { withFileTypes: true })
    return entries.map((entry) => ({ name: entry.name, isFolder: entry.isDirectory() }))
  } catch (error) {
    return codeOf(error) === 'ENOENT' ? null : []
  }
}

/** null: no regular file, or not ours to read. O_NONBLOCK: a FIFO without a writer would keep open(2) waiting for ever. */
function textOf(path: string): string | null {
  try {
    const file = openSync(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
    try {
      return fstatSync(file).isFile() ? readFileSync(file, 'utf8') : null
    } finally {
      closeSync(file)
    }
  } catch {
    return null
  }
}
