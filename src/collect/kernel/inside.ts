/**
 * Being inside another network namespace for the length of one synchronous function. `setns` moves only the
 * calling thread, so nothing asynchronous may run inside: its pool threads would still be at home.
 */
import { fstatSync, writeSync } from 'node:fs'
import type { ReadFailure } from '../reader.ts'
import { CLONE_NEWNET, O_CLOEXEC, O_RDONLY, type Libc } from './libc.ts'

/** st_dev and st_ino of the nsfs file that is expected behind a path. */
export type NsfsIdentity = { readonly dev: number; readonly ino: bigint }

export type Inside<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly failure: ReadFailure }

/** A promise would go on after the way back. */
type Synchronous<T> = T extends PromiseLike<unknown> ? never : T

/** A FIFO that stands where a namespace was expected must not block the open. */
const openFlags = O_RDONLY | O_CLOEXEC | 0o4000 // O_NONBLOCK

/**
 * Runs `work` inside the network namespace behind `path` and comes back. Refusals of the kernel are values.
 * `work` must be synchronous. Before going in, device and inode are compared with what is expected, because the
 * process behind /proc/PID/ns/net may have been replaced by another one. If the way back fails, the process ends:
 * everything it did from then on would happen in the wrong namespace.
 */
export function inside<T>(
  libc: Libc,
  path: string,
  expected: NsfsIdentity,
  work: () => Synchronous<T>,
): Inside<T> {
  // Before anything is opened: a thread that does not know the way back must not leave.
  const home = homeOf(libc)
  if (!home.ok) return home
  const there = openNamespace(libc, path, expected)
  if (!there.ok) return there
  try {
    return insideOf(libc, there.value, work)
  } finally {
    libc.close(there.value)
  }
}

/** The same for a namespace whose nsfs file is open already; the descriptor stays the caller's to close. */
export function insideOf<T>(libc: Libc, fd: number, work: () => Synchronous<T>): Inside<T> {
  const home = homeOf(libc)
  if (!home.ok) return home
  if (libc.setns(fd, CLONE_NEWNET) !== 0) return refused('cannot enter', libc.errno())
  try {
    return { ok: true, value: work() }
  } finally {
    if (libc.setns(home.value, CLONE_NEWNET) !== 0) abort(libc.errno())
  }
}

/**
 * Opens the nsfs file behind `path` and checks that it is the expected namespace. The caller closes the
 * descriptor at once after use: while it is open, it keeps a deleted namespace alive.
 */
export function openNamespace(libc: Libc, path: string, expected: NsfsIdentity): Inside<number> {
  const fd = libc.open(path, openFlags)
  if (fd < 0) return refused('cannot open', libc.errno())
  const { dev, ino } = fstatSync(fd, { bigint: true })
  if (ino !== expected.ino || Number(dev) !== expected.dev) {
    libc.close(fd)
    return { ok: false, failure: { unknown: 'was replaced by another namespace', errno: 'ESTALE' } }
  }
  return { ok: true, value: fd }
}

/** The namespace each thread started in; opened once, and held for good (it is the program's own). */
const homes = new WeakMap<Libc, number>()

function homeOf(libc: Libc): Inside<number> {
  const known = homes.get(libc)
  if (known !== undefined) return { ok: true, value: known }
  // /proc/self is the main thread's; a worker that is elsewhere would return to the wrong place.
  const fd = libc.open('/proc/thread-self/ns/net', O_RDONLY | O_CLOEXEC)
  if (fd < 0) return refused('cannot open its own namespace', libc.errno())
  homes.set(libc, fd)
  return { ok: true, value: fd }
}

const reasons: Readonly<Record<string, string>> = {
  ENOENT: 'it is gone',
  ESRCH: 'it is gone',
  EPERM: 'permission denied',
  EACCES: 'permission denied',
  EINVAL: 'not a network namespace',
}

function refused(what: string, errno: string): { readonly ok: false; readonly failure: ReadFailure } {
  const reason = reasons[errno]
  const text = reason === undefined ? `${what}: ${errno}` : `${reason} (${errno})`
  return { ok: false, failure: { unknown: text, errno } }
}

function abort(errno: string): never {
  writeSync(2, `vethscope: cannot return to its own network namespace (${errno}); stopping at once\n`)
  process.abort()
}
