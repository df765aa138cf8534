/**
 * Finds all network namespaces of the machine, by asking an ordered table of discoverers, cheapest first. Knows
 * who holds a namespace and what leads there, not what is inside. A namespace that no file leads to (only an nsid
 * on somebody's link) is not found here.
 */
import { closeSync } from 'node:fs'
import { isErrno, linkText, statusOf } from './file-access.ts'
import type { Place } from './found.ts'
import { createFoundMaker, type FoundMaker } from './found-maker.ts'
import { lookAtHeldBefore } from './held-before.ts'
import { lookAtMountNamespaces } from './mount-namespaces.ts'
import { netnsIdOf } from './mountinfo.ts'
import { lookAtMounts } from './mounts.ts'
import { lookAtProcesses } from './processes.ts'
import { lookAtRefusedProcesses } from './refused-processes.ts'
import { createScan, type Memory, type Scan, type ScanInput } from './scan.ts'
import { lookAtFilesAndSockets } from './sockets.ts'
import { lookAtThreads } from './threads.ts'
import { unreadableNetns, type UnreadableNetns } from './unreadable.ts'
import type { Libc } from '../kernel/libc.ts'
import type { FoundNetns } from '../reader.ts'
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import type { Gap, World } from '../../model/world.ts'

type DiscoverySource = {
  readonly name: string
  /** Dear: only when asked. `instead`: only when that is not asked. */
  readonly when: 'always' | 'deep' | 'not deep'
  look(scan: Scan): Promise<void>
}

/** Later ones use what earlier ones found: whether a namespace is known already, and the table of processes. */
const filesAndSockets: DiscoverySource = {
  name: 'open files and sockets',
  when: 'deep',
  look: lookAtFilesAndSockets,
}
const sources: readonly DiscoverySource[] = [
  { name: 'mounts', when: 'always', look: lookAtMounts },
  { name: 'processes', when: 'always', look: lookAtProcesses },
  { name: 'refused processes', when: 'always', look: lookAtRefusedProcesses },
  { name: 'threads', when: 'always', look: lookAtThreads },
  { name: 'mount namespaces', when: 'always', look: lookAtMountNamespaces },
  filesAndSockets,
  { name: 'held before', when: 'not deep', look: lookAtHeldBefore },
]

export type DiscoverOptions = {
  /** Read everything anew. Without it, what changes seldom is read in turn over several scans. */
  readonly complete?: boolean
  /** Also look at every open file and socket of every process. Never in a periodic scan. */
  readonly deep?: boolean
}

export type Discovery = {
  /** An unchanged namespace is the same object as in the scan before. */
  readonly found: readonly FoundNetns[]
  /** Known by the processes in them, but not to be entered, nor known by their inode. */
  readonly unreadable: readonly UnreadableNetns[]
  /** The namespace this program was started in, or the one that was chosen instead. */
  readonly host: NetnsId
  /** The namespace of PID 1. */
  readonly init: Known<NetnsId>
  /** Without kernel threads and zombies. An unchanged process is the same object as before. */
  readonly processes: readonly Process[]
  readonly gaps: readonly Gap[]
  readonly readers: World['readers']
  /** How long it all took. */
  readonly ms: number
}

export interface Discoverer {
  readonly host: NetnsId
  /** One at a time; must be called at home, outside any setns window. */
  discover(options?: DiscoverOptions): Promise<Discovery>
  /**
   * Only the dear look at every open file and socket, while others may discover: it takes seconds where there are many.
   * What it finds is in what is discovered next.
   */
  search(): Promise<void>
  close(): void
}

/** Where to look. Tests give folders of their own. */
export type DiscovererPlaces = {
  /** Taken as the host instead of the namespace this program was started in. */
  readonly host?: NetnsId
  readonly proc?: string
  readonly root?: string
}

/**
 * A discoverer remembers what it saw, so that a scan each second is cheap. Between two scans it holds no descriptor of a
 * namespace.
 * `libc` null: namespaces held by sockets stay unknown.
 */
export function createDiscoverer(libc: Libc | null, places: DiscovererPlaces = {}): Outcome<Discoverer> {
  const { proc = '/proc', root = '' } = places
  const path = `${proc}/thread-self/ns/net`
  const text = linkText(path)
  const home = isErrno(text) ? null : netnsIdOf(text)
  const status = statusOf(path)
  const self = linkText(`${proc}/self`)
  if (home === null || isErrno(status) || isErrno(self)) {
    return failed({
      kind: 'refused',
      what: `cannot read ${path}, so the namespace of this program is not known`,
      subject: path,
      hint: 'mount /proc: mount -t proc proc /proc',
    })
  }
  const memory: Memory = {
    processes: new Map(),
    mountNamespaces: new Map(),
    ownMounts: null,
    mountWatch: null,
    held: [],
    searched: null,
    closed: false,
  }
  const base = { proc, root, dev: status.dev, self: Number(self), libc, memory }
  const maker = createFoundMaker(status.dev)
  const host = places.host ?? home
  let number = 0
  let known: readonly NetnsId[] = []
  return succeeded({
    host,
    discover: async ({ complete = false, deep = false } = {}) => {
      const input = { ...base, number, complete: complete || number === 0, deep }
      number++
      const discovery = await discoverOnce(input, { home, host }, maker)
      known = discovery.found.map(({ id }) => id)
      return discovery
    },
    search: async () => {
      const { scan, report } = createScan({ ...base, number, complete: false, deep: true }, known)
      const began = performance.now()
      await filesAndSockets.look(scan)
      memory.held = report.sightings
      const ms = tenths(performance.now() - began)
      const reader = { name: filesAndSockets.name, ms, errors: report.takeErrors() }
      memory.searched = { reader, gaps: report.gaps }
    },
    close: () => {
      memory.closed = true
      if (memory.mountWatch !== null) closeSync(memory.mountWatch)
      memory.mountWatch = null
    },
  })
}

async function discoverOnce(
  input: ScanInput,
  { home, host }: Pick<Place, 'home' | 'host'>,
  maker: FoundMaker,
): Promise<Discovery> {
  const start = performance.now()
  const { scan, report } = createScan(input)
  const readers: World['readers'][number][] = []
  for (const source of sources) {
    if (source.when !== 'always' && (source.when === 'deep') !== scan.deep) continue
    const began = performance.now()
    await source.look(scan)
    readers.push({ name: source.name, ms: tenths(performance.now() - began), errors: report.takeErrors() })
  }
  if (scan.deep) {
    scan.memory.searched = null
    scan.memory.held = report.sightings.filter(({ kind }) => kind === 'fd' || kind === 'socket')
  }
  const init = initOf(scan)
  const place = { proc: scan.proc, self: scan.self, home, host, init: isUnknown(init) ? null : init }
  const began = performance.now()
  const { searched } = scan.memory
  const found = await maker.make(report.sightings, place, () => scan.breathe())
  readers.push({ name: 'names', ms: tenths(performance.now() - began), errors: [] })
  return {
    found,
    unreadable: [...scan.refused.values()].map((group) => unreadableNetns(group, scan)),
    host,
    init,
    processes: [...scan.memory.processes.values()]
      .filter(({ isKernelThread }) => !isKernelThread)
      .map(({ process }) => process),
    gaps: [...report.gaps, ...(searched?.gaps ?? [])],
    readers: searched === null ? readers : [...readers, searched.reader],
    ms: performance.now() - start,
  }
}

/** Milliseconds for people. */
export function tenths(ms: number): number {
  return Math.round(ms * 10) / 10
}

/** /proc/1/ns/net is refused to root on some hosts; refused-processes.ts then knows it by its net/dev. */
function initOf(scan: Scan): Known<NetnsId> {
  const first = scan.memory.processes.get(1)
  if (first === undefined)
    return noInit(scan, 'PID 1 is not to be seen in /proc', 'is /proc mounted with hidepid?')
  const { netns } = first.process
  return isUnknown(netns) ? noInit(scan, netns.unknown, 'run as root or grant cap_sys_ptrace') : netns
}

function noInit(scan: Scan, reason: string, hint: string): Known<NetnsId> {
  scan.gap({ what: 'namespace of PID 1', subject: `${scan.proc}/1/ns/net`, reason, hint })
  return unknown(reason)
}
