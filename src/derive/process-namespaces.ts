/**
 * In which of the six namespaces each process of a network namespace lives, and who shares them: a container that joined
 * another's network has the same `net` and its own `mnt`; in a pod `ipc` and `uts` are the same too; with --pid=host
 * `pid` is the host's.
 */
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Process } from '../model/process.ts'
import type { World } from '../model/world.ts'
import { containerIndex, containerOfProcess, ownerContainer } from './rules/container-index.ts'

export const namespaceKinds = ['net', 'mnt', 'pid', 'uts', 'ipc', 'user'] as const
export type NamespaceKind = (typeof namespaceKinds)[number]

/** A namespace that processes of the one asked about live in. */
export type HeldNamespace = {
  readonly kind: NamespaceKind
  readonly inode: string
  /** `host`: the one that the host's first process is in; else a, b, c … in the order of their oldest process. */
  readonly mark: string
  /** Those of the network namespace that was asked about, oldest first. */
  readonly members: readonly Process[]
  /** Network namespaces that other processes in it live in. */
  readonly alsoIn: readonly NetnsId[]
}

export type ProcessNamespaces = {
  readonly processes: readonly {
    readonly process: Process
    readonly container: string | null
    /** null: could not be read. */
    readonly marks: Readonly<Record<NamespaceKind, string | null>>
  }[]
  readonly held: readonly HeldNamespace[]
}

export function processNamespaces(world: World, id: NetnsId): ProcessNamespaces {
  const all = listOf(world.processes)
  const inside = all.filter(({ netns }) => netns === id).toSorted(byAge)
  const baseline = hostProcess(world)
  const held = namespaceKinds.flatMap((kind) => heldOf(kind, inside, all, id, baseline))
  const markOf = new Map(held.map(({ kind, inode, mark }) => [`${kind} ${inode}`, mark]))
  const containers = containerIndex(world)
  const owner = ownerContainer(containers, id)
  return {
    held,
    processes: inside.map((process) => {
      const marked = (kind: NamespaceKind): string | null =>
        markOf.get(`${kind} ${inodeOf(process, kind) ?? ''}`) ?? null
      return {
        process,
        container: (containerOfProcess(containers, process) ?? owner)?.container.name ?? null,
        marks: {
          net: marked('net'),
          mnt: marked('mnt'),
          pid: marked('pid'),
          uts: marked('uts'),
          ipc: marked('ipc'),
          user: marked('user'),
        },
      }
    }),
  }
}

function byAge(a: Process, b: Process): number {
  return a.startTime - b.startTime || a.pid - b.pid
}

/** PID 1 where it can be looked into, else the oldest process of the host's network namespace. */
function hostProcess(world: World): Process | null {
  const known = listOf(world.processes).filter(({ namespaces }) => !isUnknown(namespaces))
  const first = known.find(({ pid }) => pid === 1)
  return first ?? known.filter(({ netns }) => netns === world.host).toSorted(byAge)[0] ?? null
}

function inodeOf(process: Process, kind: NamespaceKind): string | null {
  if (kind === 'net') return isUnknown(process.netns) ? null : process.netns
  return isUnknown(process.namespaces) ? null : (process.namespaces[kind] ?? null)
}

function heldOf(
  kind: NamespaceKind,
  inside: readonly Process[],
  all: readonly Process[],
  id: NetnsId,
  baseline: Process | null,
): readonly HeldNamespace[] {
  const groups = new Map<string, Process[]>()
  for (const process of inside) {
    const inode = inodeOf(process, kind)
    if (inode === null) continue
    const group = groups.get(inode)
    if (group === undefined) groups.set(inode, [process])
    else group.push(process)
  }
  const elsewhere = new Map<string, Set<NetnsId>>()
  if (kind !== 'net') {
    for (const process of all) {
      const inode = inodeOf(process, kind)
      if (inode === null || process.netns === id || isUnknown(process.netns) || !groups.has(inode)) continue
      const seen = elsewhere.get(inode)
      if (seen === undefined) elsewhere.set(inode, new Set([process.netns]))
      else seen.add(process.netns)
    }
  }
  const hosts = baseline === null ? null : inodeOf(baseline, kind)
  let next = 0
  return [...groups].map(([inode, members]) => {
    const isHost = inode === hosts
    if (!isHost) next += 1
    const mark = isHost ? 'host' : letters(next - 1)
    return { kind, inode, mark, members, alsoIn: [...(elsewhere.get(inode) ?? [])] }
  })
}

/** a … z, aa, ab … */
function letters(at: number): string {
  const last = String.fromCharCode('a'.charCodeAt(0) + (at % 26))
  return at < 26 ? last : `${letters(Math.floor(at / 26) - 1)}${last}`
}
