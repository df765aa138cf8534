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
  /** The namespace this program is in. */
  readonly home: NetnsId
  /** The one that is taken as the host: mostly the same. */
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

function pathsOf(id: NetnsId, of: Sightings, { proc, self, home }: Place): readonly string[] {
  // A thousand namespaces that are nothing but a mount each: no list is made that would stay empty.
  const paths = new Set<string>()
  if (id === home) paths.add(`${proc}/${self}/ns/net`)
  let processes = 0
  for (const { process, opens } of of.processes) {
    if (opens && processes++ < processPaths) paths.add(`${proc}/${process.pid}/ns/net`)
  }
  for (const { path, mountNamespace } of of.mounts)
    if (mountNamespace === null && path !== null) paths.add(path)
  for (const { pid, tid, opens } of of.threads) if (opens) paths.add(`${proc}/${pid}/task/${tid}/ns/net`)
  const [kernelThread] = of.kernelThreads
  if (kernelThread !== undefined) paths.add(`${proc}/${kernelThread.pid}/ns/net`)
  for (const { path, mountNamespace } of of.mounts)
    if (mountNamespace !== null && path !== null) paths.add(path)
  for (const { pid, fd } of of.fds) paths.add(`${proc}/${pid}/fd/${fd}`)
  return [...paths]
}

function holdersOf(of: Sightings): Holders {
  return {
    processes: each(of.processes, ({ process }) => process.pid),
    threads: each(of.threads, ({ pid, tid }) => ({ pid, tid })),
    fds: each(of.fds, ({ pid, fd }) => ({ pid, fd })),
    sockets: each(of.sockets, ({ pid, fd }) => ({ pid, fd })),
    mounts: each(of.mounts, ({ mountPoint, mountNamespace }) => ({ path: mountPoint, mountNamespace })),
  }
}

/** Nothing of nothing is the same list for all: it is kept for as long as the namespace is, here and on the screen's side. */
function each<S, T>(sightings: readonly S[], make: (sighting: S) => T): readonly T[] {
  return sightings.length === 0 ? nothing : sightings.map(make)
}

const nothing: readonly never[] = []

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

function namesOf(id: NetnsId, of: Sightings, place: Place): readonly NetnsName[] {
  const { proc, host, init } = place
  const names = mountNames(of.mounts)
  if (id === host) names.push({ name: 'host', source: 'host', path: hostPath(of, place) })
  else if (id === init) names.push({ name: 'init', source: 'init', path: `${proc}/1/ns/net` })
  else addHolderNames(names, of, proc)
  if (names.length === 1) return names
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

/** One that still leads there when this program has ended: PID 1's, a mount's, another process's. */
function hostPath(of: Sightings, { proc, self, home, host }: Place): string | null {
  const others = of.processes.filter(({ process, opens }) => opens && process.pid !== self)
  if (others.some(({ process }) => process.pid === 1)) return `${proc}/1/ns/net`
  const mount = of.mounts.find(({ mountNamespace, path }) => mountNamespace === null && path !== null)
  if (mount !== undefined && mount.path !== null) return mount.path
  const [oldest] = others
  if (oldest !== undefined) return `${proc}/${oldest.process.pid}/ns/net`
  return host === home ? `${proc}/self/ns/net` : null
}

/** A new mount namespace begins with copies of our mounts: what has the path of one of ours adds no name. */
function mountNames(mounts: readonly Of<'mount'>[]): NetnsName[] {
  const [only] = mounts
  if (only !== undefined && mounts.length === 1) return [mountNamed(only)]
  const ours = new Set(
    mounts.filter(({ mountNamespace }) => mountNamespace === null).map(({ mountPoint }) => mountPoint),
  )
  return mounts
    .filter(({ mountPoint, mountNamespace }) => mountNamespace === null || !ours.has(mountPoint))
    .map(mountNamed)
}

function mountNamed({ mountPoint, path, mountNamespace }: Of<'mount'>): NetnsName {
  return { ...mountName(mountPoint, mountNamespace === null), path }
}

/** One name for each way in which somebody holds it; holders.* has the others. */
function addHolderNames(
  names: NetnsName[],
  { processes: [process], threads: [thread], fds: [file], sockets: [socket] }: Sightings,
  proc: string,
): void {
  if (process !== undefined) names.push(processName(process.process, process.opens, proc))
  if (thread !== undefined) {
    const { pid, tid, comm, opens } = thread
    const path = opens ? `${proc}/${pid}/task/${tid}/ns/net` : null
    names.push({ name: `PID ${pid} thread ${tid} (${comm})`, source: 'thread', path })
  }
  if (file !== undefined) {
    const { pid, fd, comm } = file
    names.push({ name: `PID ${pid} fd ${fd} (${comm})`, source: 'fd', path: `${proc}/${pid}/fd/${fd}` })
  }
  if (socket !== undefined) {
    const { pid, fd, comm } = socket
    names.push({ name: `PID ${pid} socket ${fd} (${comm})`, source: 'socket', path: null })
  }
}

export function processName({ pid, comm }: Process, opens: boolean, proc: string): NetnsName {
  return { name: `PID ${pid} (${comm})`, source: 'process', path: opens ? `${proc}/${pid}/ns/net` : null }
}

function compare(one: string, other: string): number {
  return one < other ? -1 : one > other ? 1 : 0
}
