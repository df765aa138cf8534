/** The edge: what is at the paths that facts name. */
import { constants, lstat, open, opendir } from 'node:fs/promises'
import { codeOf, reasonOf } from '../../lib/failure.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { unknown } from '../../model/known.ts'
import type { Fact } from '../../model/plan.ts'
import type { FileSeen } from './seen.ts'

/** Files of plans are records and hosts files; what is larger is none of ours. */
const maxBytes = 1024 * 1024

export async function readFiles(facts: readonly Fact[]): Promise<ReadonlyMap<string, FileSeen>> {
  const paths = new Set(
    facts.flatMap((fact) => {
      if (fact.kind === 'file') return [fact.path, ...(fact.also ?? [])]
      return fact.kind === 'folder' ? [fact.path] : []
    }),
  )
  const seen = new Map<string, FileSeen>()
  for (const path of paths) seen.set(path, await seenAt(path))
  return seen
}

async function seenAt(path: string): Promise<FileSeen> {
  try {
    const there = await lstat(path)
    if (there.isDirectory()) return { is: 'folder', isEmpty: await isEmpty(path) }
    if (!there.isFile()) return { is: 'other' }
    return await textAt(path)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    // A link that was put there since it was looked at.
    if (code === 'ELOOP') return { is: 'other' }
    return unknown(`${path} could not be read: ${sanitise(reasonOf(error))}`)
  }
}

async function isEmpty(path: string): Promise<boolean> {
  const folder = await opendir(path, { bufferSize: 1 })
  try {
    return (await folder.read()) === null
  } finally {
    await folder.close()
  }
}

async function textAt(path: string): Promise<FileSeen> {
  // O_NONBLOCK: a FIFO without a writer would keep open(2) waiting for ever.
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants
  const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
  try {
    if (!(await handle.stat()).isFile()) return { is: 'other' }
    const buffer = Buffer.allocUnsafe(maxBytes + 1)
    let length = 0
    for (;;) {
      const { bytesRead } = await handle.read(buffer, length, buffer.length - length, null)
      length += bytesRead
      if (length > maxBytes) return unknown(`${path} is larger than ${maxBytes} bytes`)
      if (bytesRead === 0) return buffer.toString('utf8', 0, length)
    }
  } catch (error) {
    // A namespace mounted on it: of nsfs, a regular file for stat(2), and not readable.
    if (codeOf(error) === 'EINVAL') return { is: 'other' }
    throw error
  } finally {
    await handle.close()
  }
}
