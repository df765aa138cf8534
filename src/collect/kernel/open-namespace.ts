/** The one way into a namespace that discovery found: by its paths, best first, else by the sockets that hold it. */
import { nothingLeadsThere, type FoundNetns, type ReadFailure } from '../reader.ts'
import { O_CLOEXEC, O_RDONLY, type Libc } from './libc.ts'
import { openNetnsOfSocket } from './netns-of-socket.ts'

export type Opened<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ReadFailure }

/** What leads there, and st_dev and st_ino of the nsfs file that must be behind it. */
export type Entrance = Pick<FoundNetns, 'dev' | 'ino' | 'paths'> & {
  readonly holders: Pick<FoundNetns['holders'], 'sockets'>
}

/** A FIFO that stands where a namespace was expected must not block the open. */
const openFlags = O_RDONLY | O_CLOEXEC | 0o4000 // O_NONBLOCK

/**
 * A descriptor of the namespace, checked to be the expected one: the process behind /proc/PID/ns/net may have been
 * replaced. The caller closes it at once after use: while it is open, it keeps a deleted namespace alive. The
 * failure is that of the last way that was tried.
 */
export function openNamespace(libc: Libc, entrance: Entrance): Opened<number> {
  let failure = nothingLeadsThere
  for (const path of entrance.paths) {
    const opened = expected(libc, libc.open(path, openFlags), entrance)
    if (opened.ok) return opened
    failure = opened.failure
  }
  for (const socket of entrance.holders.sockets) {
    const opened = expected(libc, openNetnsOfSocket(libc, socket), entrance)
    if (opened.ok) return opened
    failure = opened.failure
  }
  return { ok: false, failure }
}

function expected(libc: Libc, fd: number, { dev, ino }: Entrance): Opened<number> {
  if (fd < 0) return refused('cannot open', libc.errno())
  const inode = libc.inodeOf(fd)
  if (inode?.ino === ino && inode.dev === dev) return { ok: true, value: fd }
  libc.close(fd)
  return { ok: false, failure: { unknown: 'was replaced by another namespace', errno: 'ESTALE' } }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it is gone',
  ESRCH: 'it is gone',
  EPERM: 'permission denied',
  EACCES: 'permission denied',
  EINVAL: 'not a network namespace',
}

export function refused(what: string, errno: string): { readonly ok: false; readonly failure: ReadFailure } {
  const reason = reasons[errno]
  const text = reason === undefined ? `${what}: ${errno}` : `${reason} (${errno})`
  return { ok: false, failure: { unknown: text, errno } }
}
