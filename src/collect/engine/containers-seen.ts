/** Containers as their processes show them: by the control group that names one, and by the monitor that watches one. */
import type { EngineName } from '../../model/engine.ts'
import { isUnknown } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import { readBundle, type Bundle } from './bundle.ts'
import { containerOf, type Marked } from './by-cgroup.ts'
import { isMonitor, monitoredBy, type Monitored } from './monitors.ts'

export type Seen = {
  readonly engine: EngineName
  readonly id: string
  readonly name: string | null
  /** The oldest of its processes. */
  readonly process: Process
  readonly monitor: Process | null
  readonly containerd: Monitored['containerd'] | null
  /** null: there is none, or it cannot be read. */
  readonly bundle: () => Bundle | null
}

/** Monitors by pid, each with what it watches; null: it does not say. */
export function monitorsAmong(
  proc: string,
  processes: readonly Process[],
): ReadonlyMap<number, Monitored | null> {
  return new Map(
    processes.filter(isMonitor).map((process) => [process.pid, monitoredBy(proc, process)] as const),
  )
}

/** Each once, the oldest first. */
export function containersSeen(proc: string, processes: readonly Process[]): readonly Seen[] {
  const byPid = new Map(processes.map((process) => [process.pid, process]))
  const monitors = monitorsAmong(proc, processes)
  const markOf = marks()
  const seen = new Map<string, Seen>()
  for (const process of processes.toSorted((one, other) => one.startTime - other.startTime)) {
    if (isMonitor(process)) continue
    const marked = isUnknown(process.cgroup) ? null : markOf(process.cgroup)
    const told = monitors.get(process.ppid) ?? null
    const of = told === null ? marked : watched(told, marked)
    if (of === null || seen.has(of.id)) continue
    const monitor = told === null ? null : (byPid.get(process.ppid) ?? null)
    const folder = told?.bundle
    seen.set(of.id, {
      engine: of.engine,
      id: of.id,
      name: told?.id === of.id ? told.name : of.engine === 'lxc' || of.engine === 'nspawn' ? of.id : null,
      process,
      monitor,
      containerd: told?.containerd ?? null,
      bundle: () =>
        monitor === null || folder === undefined ? null : readBundle(proc, monitor, folder, of.id),
    })
  }
  return [...seen.values()]
}

/**
 * The monitor's word for who watches, the control group's for what it is: CRI-O and Podman share a monitor, and the
 * containers of a pod share a shim, which names only the first of them.
 */
function watched(told: Monitored, marked: Marked | null): Marked {
  if (marked === null) return told
  if (marked.id === told.id) return marked
  return told.containerd !== undefined && marked.engine === told.engine ? marked : told
}

function marks(): (cgroup: string) => Marked | null {
  const known = new Map<string, Marked | null>()
  return (cgroup) => {
    const before = known.get(cgroup)
    if (before !== undefined) return before
    const marked = containerOf(cgroup)
    known.set(cgroup, marked)
    return marked
  }
}
