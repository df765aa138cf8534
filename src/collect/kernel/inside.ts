/**
 * Being inside another network namespace for the length of one synchronous function. `setns` moves only the
 * calling thread, so nothing asynchronous may run inside: its pool threads would still be at home.
 */
import { writeSync } from 'node:fs'
import { CLONE_NEWNET, O_CLOEXEC, O_RDONLY, type Libc } from './libc.ts'
import { openNamespace, refused, type Entrance, type Opened } from './open-namespace.ts'

/** A promise would go on after the way back. */
type Synchronous<T> = T extends PromiseLike<unknown> ? never : T

/**
 * Runs `work` inside the network namespace and comes back. Refusals of the kernel are values. `work` must be
 * synchronous. If the way back fails, the process ends: everything it did from then on would happen in the wrong
 * namespace.
 */
export function inside<T>(libc: Libc, entrance: Entrance, work: () => Synchronous<T>): Opened<T> {
  // Before anything is opened: a thread that does not know the way back must not leave.
  const home = homeOf(libc)
  if (!home.ok) return home
  const there = openNamespace(libc, entrance)
  if (!there.ok) return there
  try {
    return insideOf(libc, there.value, work)
  } finally {
    libc.close(there.value)
  }
}

/** The same for a namespace whose nsfs file is open already; the descriptor stays the caller's to close. */
export function insideOf<T>(libc: Libc, fd: number, work: () => Synchronous<T>): Opened<T> {
  const home = homeOf(libc)
  if (!home.ok) return home
  if (libc.setns(fd, CLONE_NEWNET) !== 0) return refused('cannot enter', libc.errno())
  try {
    return { ok: true, value: work() }
  } finally {
    if (libc.setns(home.value, CLONE_NEWNET) !== 0) abort(libc.errno())
  }
}

/** The namespace each thread started in; opened once, and held for good (it is the program's own). */
const homes = new WeakMap<Libc, number>()

function homeOf(libc: Libc): Opened<number> {
  const known = homes.get(libc)
  if (known !== undefined) return { ok: true, value: known }
  // /proc/self is the main thread's; a worker that is elsewhere would return to the wrong place.
  const fd = libc.open('/proc/thread-self/ns/net', O_RDONLY | O_CLOEXEC)
  if (fd < 0) return refused('cannot open its own namespace', libc.errno())
  homes.set(libc, fd)
  return { ok: true, value: fd }
}

function abort(errno: string): never {
  writeSync(2, `vethscope: cannot return to its own network namespace (${errno}); stopping at once\n`)
  process.abort()
}
