/**
 * Which process and which namespace a container is, as this machine numbers them. The engine tells a pid, but in its own pid
 * namespace, and whoever may run an engine may tell any pid: it counts only where the kernel's own facts agree.
 */
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import { bytesOf, isErrno, linkText } from '../discover/file-access.ts'
import { netnsIdOf } from '../discover/mountinfo.ts'
import { readProcess } from '../discover/read-process.ts'
import type { FoundNetns } from '../reader.ts'
import { monitorsAmong } from './containers-seen.ts'
import { isMonitor } from './monitors.ts'
import type { ToldContainer } from './docker-container.ts'
import { namespaceOf, type EngineSocket, type OwnNamespaces } from './engine-socket.ts'

/** The machine as discovery saw it. */
export type Machine = {
  readonly proc: string
  readonly processes: readonly Process[]
  readonly found: readonly FoundNetns[]
  readonly own: OwnNamespaces
}

export type ContainerPlace = {
  readonly pid: number | null
  readonly netns: Known<NetnsId | null>
  /** When that process began: a later one may have its pid. */
  readonly startTime: number | null
}

export type PlaceOf = (told: ToldContainer) => ContainerPlace

/** For all containers of one engine: what is the same for each is looked up once. */
export function createPlaceOf(machine: Machine, socket: EngineSocket): PlaceOf {
  const byPid = new Map(machine.processes.map((process) => [process.pid, process]))
  let oldest: ReadonlyMap<string, Process> | null = null
  const byContainer = (id: string): Process | undefined => (oldest ??= oldestByContainer(machine)).get(id)
  const bySandbox = sandboxes(machine, socket)
  return (told) => {
    if (told.enginePid === 0) return { pid: null, netns: null, startTime: null }
    const process = processOf(machine, socket, told, byPid, byContainer)
    const sandbox = bySandbox.get(usual(told.sandboxKey))
    const netns = sandbox ?? (process === null ? notSeen : process.netns)
    return { pid: process?.pid ?? null, netns, startTime: process?.startTime ?? null }
  }
}

const notSeen = unknown('its process is not to be seen from here')

function processOf(
  { proc, own }: Machine,
  socket: EngineSocket,
  { facts: { id }, enginePid }: ToldContainer,
  byPid: ReadonlyMap<number, Process>,
  byContainer: (id: string) => Process | undefined,
): Process | null {
  const { daemon } = socket
  const pidNamespace = daemon === null ? own.pid : namespaceOf(daemon, 'pid')
  if (pidNamespace === null || pidNamespace === own.pid) {
    // It may have been started since discovery last looked.
    const process = byPid.get(enginePid) ?? processNow(proc, enginePid)
    return process !== null && belongs(process, id, socket, own) ? process : null
  }
  const process = byContainer(id)
  return process !== undefined && isNumbered(proc, process.pid, enginePid) ? process : null
}

function processNow(proc: string, pid: number): Process | null {
  const text = linkText(`${proc}/${pid}/ns/net`)
  const netns = isErrno(text)
    ? unknown('the process is gone')
    : (netnsIdOf(text) ?? unknown('no network namespace'))
  return readProcess(proc, pid, netns)?.process ?? null
}

/**
 * Its control group names the container; or, for an engine that makes none (rootless), it is in the user namespace that
 * the engine is in. Root's engine may tell what it likes: whoever is root needs no lies. One that is not to be seen (its
 * socket was mounted into the container that we are in) numbers processes that are not ours.
 */
function belongs(process: Process, id: string, { daemon, uid }: EngineSocket, own: OwnNamespaces): boolean {
  if (!isUnknown(process.cgroup) && process.cgroup.includes(id)) return true
  const user = daemon === null ? null : namespaceOf(daemon, 'user')
  if (daemon !== null && uid === 0 && (user === null || user === own.user)) return true
  return user !== null && user !== own.user && namespaceOf(process, 'user') === user
}

/** One of the numbers that the process has, from our pid namespace inwards (`NSpid:` of proc_pid_status(5)), is this. */
function isNumbered(proc: string, pid: number, enginePid: number): boolean {
  const status = bytesOf(`${proc}/${pid}/status`)
  const numbers = isErrno(status) ? undefined : /^NSpid:\s*(.*)$/m.exec(status.toString('latin1'))?.[1]
  return numbers !== undefined && numbers.split('\t').includes(String(enginePid))
}

/**
 * Every process of a container (and maybe its monitor) has its id in the control group's path; the oldest one is the
 * container's first. Without root there may be no such group: then the monitor's child it is.
 */
function oldestByContainer({ proc, processes }: Machine): ReadonlyMap<string, Process> {
  const oldest = new Map<string, Process>()
  const keep = (id: string, process: Process): void => {
    const before = oldest.get(id)
    if (before === undefined || process.startTime < before.startTime) oldest.set(id, process)
  }
  for (const process of processes) {
    const id = isUnknown(process.cgroup) || isMonitor(process) ? undefined : containerIdOf(process.cgroup)
    if (id !== undefined) keep(id, process)
  }
  const monitors = monitorsAmong(proc, processes)
  const byMonitor = processes.flatMap((process) => {
    const id = monitors.get(process.ppid)?.id
    return id === undefined || oldest.has(id) ? [] : [{ id, process }]
  })
  for (const { id, process } of byMonitor) keep(id, process)
  return oldest
}

/** The innermost of several: an engine in a container has its containers' groups below its own. */
function containerIdOf(cgroup: string): string | undefined {
  return /([0-9a-f]{64})(?!.*[0-9a-f]{64})/.exec(cgroup)?.[1]
}

/**
 * Namespaces by the file that holds them. Discovery has told already which mount leads where, in which mount namespace; to
 * open the path that an engine names would mean to follow links that somebody else laid.
 */
function sandboxes({ found, own }: Machine, { daemon }: EngineSocket): ReadonlyMap<string, NetnsId> {
  const mnt = daemon === null ? own.mnt : namespaceOf(daemon, 'mnt')
  const wanted = mnt === own.mnt ? null : mnt
  const byPath = new Map<string, NetnsId>()
  for (const { id, holders } of found) {
    for (const { path, mountNamespace } of holders.mounts) {
      if (mountNamespace === wanted) byPath.set(usual(path), id)
    }
  }
  return byPath
}

/** /var/run is a link to /run. */
function usual(path: string): string {
  return path.replace(/^\/var\/run\//, '/run/')
}
