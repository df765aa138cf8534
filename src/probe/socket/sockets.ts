/**
 * Sockets inside namespaces, opened from one process: setns, socket, and back (collect/kernel/inside.ts). A socket keeps
 * its namespace alive as long as it is open: whoever opens one closes it.
 */
import { inside } from '../../collect/kernel/inside.ts'
import { loadLibc, type Libc } from '../../collect/kernel/libc.ts'
import type { Entrance } from '../../collect/kernel/open-namespace.ts'
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import type { Place } from '../../model/probe.ts'
import { bindSocketCalls, type SocketCalls } from './calls.ts'
import { watching, type Readiness } from './readiness.ts'

export type Sockets = {
  readonly calls: SocketCalls
  /** Runs `work` inside; synchronous, for many sockets at once. */
  inside<T>(
    place: Place,
    work: (calls: SocketCalls) => T extends PromiseLike<unknown> ? never : T,
  ): Outcome<T>
  /** One socket inside. */
  open(place: Place, family: 4 | 6, type: number, protocol: number): Outcome<number>
  readonly readiness: Readiness
}

let loaded: Promise<Outcome<Sockets>> | null = null

/** Loaded once a process. Without koffi nothing can be opened inside, and the failure says so. */
export function loadSockets(): Promise<Outcome<Sockets>> {
  loaded ??= load()
  return loaded
}

async function load(): Promise<Outcome<Sockets>> {
  const libc = await loadLibc()
  if (!libc.ok) return libc
  const koffi = await import('koffi')
  return succeeded(socketsWith(libc.value, bindSocketCalls(koffi), watching(koffi)))
}

function socketsWith(libc: Libc, calls: SocketCalls, readiness: Readiness): Sockets {
  const enter: Sockets['inside'] = (place, work) => {
    const done = inside(libc, entranceOf(place), () => work(calls))
    return done.ok ? succeeded(done.value as never) : failed(cannotEnter(place, done.failure))
  }
  return {
    calls,
    inside: enter,
    readiness,
    open: (place, family, type, protocol) => {
      const opened = enter<{ readonly fd: number; readonly errno: string }>(place, () => {
        const fd = calls.socket(family, type, protocol)
        return { fd, errno: fd < 0 ? calls.errno() : '' }
      })
      if (!opened.ok) return opened
      const { fd, errno } = opened.value
      return fd >= 0 ? succeeded(fd) : failed(noSocket(place, errno))
    },
  }
}

function entranceOf({ netns, dev, paths, sockets }: Place): Entrance {
  return { dev, ino: BigInt(netns.id), paths, holders: { sockets } }
}

function cannotEnter(
  { netns }: Place,
  { unknown, errno }: { readonly unknown: string; readonly errno: string },
): Failure {
  const isPermission = errno === 'EPERM' || errno === 'EACCES'
  const isGone = errno === 'ENOENT' || errno === 'ESRCH' || errno === 'ESTALE'
  return {
    kind: isPermission ? 'permission' : isGone ? 'not-found' : 'refused',
    what: `cannot enter netns "${netns.name}": ${unknown}`,
    subject: netns.name,
    ...(isPermission ? { hint: 'run as root or grant cap_sys_admin' } : {}),
  }
}

function noSocket({ netns }: Place, errno: string): Failure {
  const isPermission = errno === 'EPERM' || errno === 'EACCES'
  return {
    kind: isPermission ? 'permission' : 'refused',
    what: `cannot open a socket in netns "${netns.name}": ${errno}`,
    subject: netns.name,
    ...(isPermission ? { hint: 'run as root or grant cap_net_raw' } : {}),
  }
}
