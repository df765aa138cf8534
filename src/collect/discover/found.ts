/** Makes namespaces out of sightings: who holds each, what it is called, which paths lead there. Pure. */
import { mountName } from './mount-name.ts'
import type { Sighting } from './sighting.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Holders, NameSource, NetnsName } from '../../model/netns.ts'
import type { Process } from '../../model/process.ts'

export type Place = {
  readonly proc: string
  /** Our own pid. */
  readonly self: number
  readonly host: NetnsId
  readonly init: NetnsId | null
}

export type Described = {
  readonly id: NetnsId
  readonly names: readonly NetnsName[]
  readonly holders: Holders
  readonly paths: readonly string[]
}

type Of<K extends Sighting['kind']> = Extract<Sighting, { readonly kind: K }>

type Sightings = {
  readonly processes: Of<'process'>[]
  readonly kernelThreads: Of<'kernel-thread'>[]
  readonly threads: Of<'thread'>[]
  readonly mounts: Of<'mount'>[]
  readonly fds: Of<'fd'>[]
  readonly sockets: Of<'socket'>[]
}

export function describe(id: NetnsId, sightings: readonly Sighting[], place: Place): Described {
  const of = noSightings()
  for (const sighting of sightings) add(of, sighting)
  of.processes.sort((one, other) => olderFirst(one.process, other.process))
  return { id, names: namesOf(id, of, place), holders: holdersOf(of), paths: pathsOf(id, of, place) }
}

function noSightings(): Sightings {
  return { processes: [], kernelThreads: [], threads: [], mounts: [], fds: [], sockets: [] }
}

function add(of: Sightings, sighting: Sighting): void {
  switch (sighting.kind) {
    case 'process':
      of.processes.push(sighting)
      break
    case 'kernel-thread':
      of.kernelThreads.push(sighting)
      break
    case 'thread':
      of.threads.push(sighting)
      break
    case 'mount':
      of.mounts.push(sighting)
      break
    case 'fd':
      of.fds.push(sighting)
      break
    case 'socket':
      of.sockets.push(sighting)
      break
  }
}

export function olderFirst(one: Process, other: Process): number {
  return one.startTime - other.startTime || one.pid - other.pid
}

/** What is surest to stay and easiest to reach stands first. More than a few processes' paths are of no use. */
const processPaths = 3

function pathsOf(id: NetnsId, of: Sightings, { proc, self, host }: Place): readonly string[] {
  const own = id === host ? [`${proc}/${self}/ns/net`] : []
  const processes = of.processes.filter(({ opens }) => opens).slice(0, processPaths)
  const ours = of.mounts.filter(({ mountNamespace }) => mountNamespace === null)
  const others = of.mounts.filter(({ mountNamespace }) => mountNamespace !== null)
  const paths = [
    ...own,
    ...processes.map(({ process }) => `${proc}/${process.pid}/ns/net`),
    ...ours.map(({ path }) => path),
    ...of.threads.filter(({ opens }) => opens).map(({ pid, tid }) => `${proc}/${pid}/task/${tid}/ns/net`),
    ...of.kernelThreads.slice(0, 1).map(({ pid }) => `${proc}/${pid}/ns/net`),
    ...others.map(({ path }) => path),
    ...of.fds.map(({ pid, fd }) => `${proc}/${pid}/fd/${fd}`),
  ]
  return [...new Set(paths.filter((path) => path !== null))]
}

function holdersOf(of: Sightings): Holders {
  return {
    processes: of.processes.map(({ process }) => process.pid),
    threads: of.threads.map(({ pid, tid }) => ({ pid, tid })),
    fds: of.fds.map(({ pid, fd }) => ({ pid, fd })),
    sockets: of.sockets.map(({ pid, fd }) => ({ pid, fd })),
    mounts: of.mounts.map(({ mountPoint, mountNamespace }) => ({ path: mountPoint, mountNamespace })),
  }
}

/** Best first. */
const rank: Readonly<Record<NameSource, number>> = {
  host: 0,
  init: 1,
  named: 2,
  docker: 3,
  podman: 4,
  cri: 5,
  lab: 6,
  process: 7,
  mount: 8,
  thread: 9,
  fd: 10,
  socket: 11,
  hidden: 12,
}

function namesOf(id: NetnsId, of: Sightings, { proc, self, host, init }: Place): readonly NetnsName[] {
  const names = mountNames(of.mounts)
  if (id === host) names.push({ name: 'host', source: 'host', path: `${proc}/${self}/ns/net` })
  else if (id === init) names.push({ name: 'init', source: 'init', path: `${proc}/1/ns/net` })
  else names.push(...holderNames(of, proc))
  const unique = new Map<string, NetnsName>()
  for (const name of names) {
    const key = `${name.source} ${name.name}`
    const before = unique.get(key)
    if (before === undefined || before.path === null) unique.set(key, name)
  }
  return [...unique.values()].sort(
    (one, other) => rank[one.source] - rank[other.source] || compare(one.name, other.name),
  )
}

/** A new mount namespace begins with copies of our mounts: what has the path of one of ours adds no name. */
function mountNames(mounts: readonly Of<'mount'>[]): NetnsName[] {
  const ours = new Set(
    mounts.filter(({ mountNamespace }) => mountNamespace === null).map(({ mountPoint }) => mountPoint),
  )
  return mounts
    .filter(({ mountPoint, mountNamespace }) => mountNamespace === null || !ours.has(mountPoint))
    .map(({ mountPoint, path, mountNamespace }) => ({
      ...mountName(mountPoint, mountNamespace === null),
      path,
    }))
}

/** One name for each way in which somebody holds it; holders.* has the others. */
function holderNames({ processes, threads, fds, sockets }: Sightings, proc: string): readonly NetnsName[] {
  return [
    ...processes.slice(0, 1).map(({ process, opens }) => processName(process, opens, proc)),
    ...threads.slice(0, 1).map(({ pid, tid, comm, opens }): NetnsName => ({
      name: `PID ${pid} thread ${tid} (${comm})`,
      source: 'thread',
      path: opens ? `${proc}/${pid}/task/${tid}/ns/net` : null,
    })),
    ...fds.slice(0, 1).map(({ pid, fd, comm }): NetnsName => ({
      name: `PID ${pid} fd ${fd} (${comm})`,
      source: 'fd',
      path: `${proc}/${pid}/fd/${fd}`,
    })),
    ...sockets.slice(0, 1).map(({ pid, fd, comm }): NetnsName => ({
      name: `PID ${pid} socket ${fd} (${comm})`,
      source: 'socket',
      path: null,
    })),
  ]
}

export function processName({ pid, comm }: Process, opens: boolean, proc: string): NetnsName {
  return { name: `PID ${pid} (${comm})`, source: 'process', path: opens ? `${proc}/${pid}/ns/net` : null }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
