/** A small file of our own root, which only root can write in: read at once, where there are hundreds of them. */
import { closeSync, constants, fstatSync, openSync, readSync } from 'node:fs'
import { codeOf } from '../../lib/failure.ts'
import { unknown, type Known } from '../../model/known.ts'
import { readInsideRoot } from './read-inside-root.ts'

/** What is larger, a link, or anything else than a file is left to readInsideRoot, which takes five times as long. */
const maxBytes = 32 * 1024

export async function readOwnFile(path: string): Promise<Known<string>> {
  try {
    const text = textOf(path)
    if (text !== null) return text
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return unknown('not there')
  }
  return readInsideRoot('/', path)
}

/** O_NONBLOCK: a FIFO without a writer would keep open(2) waiting for ever. */
function textOf(path: string): string | null {
  const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK, O_NOCTTY } = constants
  const file = openSync(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY)
  try {
    const there = fstatSync(file)
    if (!there.isFile() || there.size > maxBytes) return null
    const buffer = Buffer.allocUnsafe(maxBytes)
    const length = readSync(file, buffer)
    // It may have grown, and a read may give less than there is: then it is read with care.
    return length === there.size ? buffer.toString('utf8', 0, length) : null
  } finally {
    closeSync(file)
  }
}
