/**
 * Containers that no engine told of, because none was there to ask or it did not answer: what their processes show. Only
 * those that run are seen so, and of their networks nothing.
 */
import type { Container, Engine, EngineName } from '../../model/engine.ts'
import { isUnknown, unknown } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import { containerOf, type Marked } from './by-cgroup.ts'
import type { Machine } from './container-process.ts'
import { namespaceOf, netnsOf, type OwnNamespaces } from './engine-socket.ts'
import { isMonitor, monitoredBy } from './monitors.ts'

type Seen = {
  readonly engine: EngineName
  readonly id: string
  readonly name: string | null
  readonly process: Process
  readonly monitor: Process | null
}

/** `told`: ids of containers that an engine spoke of. One Engine for each kind and user. */
export function enginesByProcess(
  { proc, processes, own }: Machine,
  told: ReadonlySet<string>,
): readonly Engine[] {
  const groups = new Map<string, Seen[]>()
  for (const seen of containersSeen(proc, processes)) {
    if (told.has(seen.id) || !isOneOfItsUser(seen, own)) continue
    const key = `${seen.engine} ${(seen.monitor ?? seen.process).uid}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [seen])
    else group.push(seen)
  }
  return [...groups.values()].flatMap(engineOf)
}

/** Everybody may call a process `conmon`; but without root a container needs a user namespace of its own. */
function isOneOfItsUser({ process, monitor }: Seen, own: OwnNamespaces): boolean {
  return (monitor ?? process).uid === 0 || namespaceOf(process, 'user') !== own.user
}

function containersSeen(proc: string, processes: readonly Process[]): Iterable<Seen> {
  const byPid = new Map(processes.map((process) => [process.pid, process]))
  const seen = new Map<string, Seen>()
  const markedBy = new Map<string, Marked | null>()
  const markOf = (cgroup: string): Marked | null => {
    const before = markedBy.get(cgroup)
    if (before !== undefined) return before
    const marked = containerOf(cgroup)
    markedBy.set(cgroup, marked)
    return marked
  }
  const monitored = new Map<number, ReturnType<typeof monitoredBy>>()
  for (const process of processes) {
    if (isMonitor(process)) monitored.set(process.pid, monitoredBy(proc, process))
  }
  for (const process of processes.toSorted((one, other) => one.startTime - other.startTime)) {
    const parent = byPid.get(process.ppid) ?? null
    const told = monitored.get(process.ppid) ?? null
    const marked = isUnknown(process.cgroup) || isMonitor(process) ? null : markOf(process.cgroup)
    const of = told ?? marked
    if (of === null || seen.has(of.id) || isMonitor(process)) continue
    const name = told?.name ?? (of.engine === 'lxc' || of.engine === 'nspawn' ? of.id : null)
    // The monitor's word for who watches, the control group's for what it is: CRI-O and Podman share a monitor.
    seen.set(of.id, {
      engine: marked?.engine ?? of.engine,
      id: of.id,
      name,
      process,
      monitor: told === null ? null : parent,
    })
  }
  return seen.values()
}

function engineOf(group: readonly Seen[]): readonly Engine[] {
  const [first] = group
  if (first === undefined) return []
  const { engine, monitor } = first
  const hasNetworks = engine !== 'lxc' && engine !== 'nspawn'
  return [
    {
      engine,
      endpoint: monitor === null ? 'cgroup' : monitor.comm,
      version: null,
      netns: netnsOf(monitor),
      rootless: (monitor ?? first.process).uid !== 0,
      containers: group.map(containerFrom),
      networks: hasNetworks ? unknown('only the processes of its containers were seen') : [],
      warnings: hasNetworks ? ['containers that do not run are not known: only processes were seen'] : [],
    },
  ]
}

function containerFrom({ engine, id, name, process, monitor }: Seen): Container {
  const sharesHost = monitor !== null && netnsOf(process) !== null && netnsOf(process) === netnsOf(monitor)
  return {
    id,
    name: name ?? id.slice(0, 12),
    image: '',
    state: 'running',
    pid: process.pid,
    mode: '',
    modeKind: sharesHost ? 'host' : engine === 'cri' ? 'pod' : 'unknown',
    joins: null,
    netns: process.netns,
    hostName: null,
    endpoints: [],
    ports: [],
    labels: {},
    error: null,
  }
}
