/** Files of the user's own: read as what they may be (somebody else's, a device, endless), made as nobody else's. */
import {
  closeSync,
  constants,
  existsSync,
  fstatSync,
  lstatSync,
  mkdirSync,
  openSync,
  readSync,
} from 'node:fs'
import { dirname } from 'node:path'
import { distrust } from './distrust.ts'
import { codeOf, failed, reasonOf, succeeded, type Failure, type Outcome } from './failure.ts'
import { sanitise } from './sanitise.ts'

export type ReadOwnOptions = { readonly maxBytes: number; readonly uid?: number }

/** `out of reach`: a folder on the way may not be searched, so nobody can tell whether there is one. */
type OwnText = string | { readonly none: 'not there' | 'out of reach' }

/** The text of a file that only this user (or root) may write. */
export function readOwnFile(file: string, options: ReadOwnOptions): Outcome<OwnText> {
  const wrong = (kind: Failure['kind'], problem: string, hint?: string) =>
    failed({
      kind,
      what: `"${sanitise(file)}" is not read: ${problem}`,
      subject: file,
      ...(hint ? { hint } : {}),
    })
  try {
    // Before all else: whoever has no such file is asked nothing about the folders above.
    lstatSync(file)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return succeeded({ none: 'not there' })
    // HOME is another user's (sudo -u, a service started by root): nothing there was meant for this one.
    if (code === 'EACCES') return succeeded({ none: 'out of reach' })
    return wrong('refused', sanitise(reasonOf(error)))
  }
  let fd: number | null = null
  try {
    const distrusted = distrust(file, options.uid)
    if (distrusted !== null)
      return wrong('permission', distrusted, 'it must be yours or root’s, and only yours to write')
    // O_NONBLOCK: a FIFO without a writer would keep open(2) waiting for ever.
    fd = openSync(file, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
    if (!fstatSync(fd).isFile()) return wrong('refused', 'it is no regular file')
    const buffer = Buffer.alloc(options.maxBytes + 1)
    let length = 0
    for (;;) {
      const count = readSync(fd, buffer, length, buffer.length - length, null)
      length += count
      if (length > options.maxBytes) return wrong('refused', `it is larger than ${options.maxBytes} bytes`)
      if (count === 0) return succeeded(buffer.toString('utf8', 0, length))
    }
  } catch (error) {
    const code = codeOf(error)
    // Removed meanwhile, or a link that leads nowhere.
    if (code === 'ENOENT' || code === 'ENOTDIR') return succeeded({ none: 'not there' })
    return wrong(code === 'EACCES' ? 'permission' : 'refused', sanitise(reasonOf(error)))
  } finally {
    if (fd !== null) closeSync(fd)
  }
}

/** A new file for this user alone, to append to; folders that are missing are made. Never an existing one, never through a link. */
export function createOwnFile(file: string, uid?: number): Outcome<number> {
  const folder = dirname(file)
  const wrong = (kind: Failure['kind'], problem: string) =>
    failed({ kind, what: `cannot make "${sanitise(file)}": ${problem}`, subject: file })
  try {
    const distrusted = distrust(folder, uid)
    if (distrusted !== null) return wrong('permission', distrusted)
    makeFolder(folder)
    const { O_WRONLY, O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW } = constants
    return succeeded(openSync(file, O_WRONLY | O_APPEND | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600))
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST') return wrong('refused', 'it exists')
    return wrong(code === 'EACCES' || code === 'EPERM' ? 'permission' : 'refused', sanitise(reasonOf(error)))
  }
}

/** Not mkdir's own `recursive`: Node 20 tries for ever where the kernel says ENOENT of a folder to be made (/proc). */
function makeFolder(folder: string): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder))
  mkdirSync(folder, { mode: 0o700 })
}
