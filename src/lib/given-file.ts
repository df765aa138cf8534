/** The text of a file that the user named, or of standard input: it may be anything, of any size. */
import { isUtf8 } from 'node:buffer'
import { closeSync, constants, fstatSync, openSync, readSync, statSync } from 'node:fs'
import { codeOf, failed, reasonOf, succeeded, type Failure, type Outcome } from './failure.ts'
import { sanitise } from './sanitise.ts'

/** `what`: for the hint, `give a file of networks`. */
export type GivenFile = { readonly maxBytes: number; readonly what: string }

/** `-` is standard input. */
export function readGivenFile(file: string, { maxBytes, what }: GivenFile): Outcome<string> {
  const isInput = file === '-'
  const shown = isInput ? 'standard input' : `"${sanitise(file)}"`
  const wrong = (kind: Failure['kind'], says: string, hint?: string) =>
    failed({ kind, what: `${shown} ${says}`, subject: file, ...(hint === undefined ? {} : { hint }) })
  let fd: number | null = null
  try {
    // Opening alone does something to a device (a watchdog starts) and to a FIFO (its writer goes on).
    if (!isInput && !statSync(file).isFile()) return wrong('refused', 'is not a regular file', what)
    // Another file may have its name by now. O_NONBLOCK: a FIFO without a writer would keep open(2) waiting for ever.
    fd = isInput ? 0 : openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    if (!isInput && !fstatSync(fd).isFile()) return wrong('refused', 'is not a regular file', what)
    const chunks: Buffer[] = []
    let length = 0
    for (;;) {
      const chunk = Buffer.alloc(65_536)
      const count = readNow(fd, chunk)
      if (count === 0) break
      length += count
      if (length > maxBytes)
        return wrong('refused', `has more than ${maxBytes} bytes, the most that is read`, what)
      chunks.push(chunk.subarray(0, count))
    }
    const bytes = Buffer.concat(chunks)
    return isUtf8(bytes)
      ? succeeded(bytes.toString('utf8').replace(/^\uFEFF/, ''))
      : wrong('refused', 'is not UTF-8 text')
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return wrong('not-found', 'does not exist')
    if (code === 'EACCES' || code === 'EPERM')
      return wrong('permission', 'may not be read: permission denied')
    return wrong('refused', `cannot be read: ${sanitise(reasonOf(error))}`)
  } finally {
    if (fd !== null && !isInput) closeSync(fd)
  }
}

const pauseMs = 10

/** A pipe that somebody else made non-blocking has nothing yet: it is asked again. */
function readNow(fd: number, chunk: Buffer): number {
  for (;;) {
    try {
      return readSync(fd, chunk, 0, chunk.length, null)
    } catch (error) {
      if (codeOf(error) !== 'EAGAIN') throw error
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, pauseMs)
    }
  }
}
