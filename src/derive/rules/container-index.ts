/** Running containers by the namespace they are in; made once for each list of engines. */
import type { Container, Engine } from '../../model/engine.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Process } from '../../model/process.ts'
import type { World } from '../../model/world.ts'

export type Contained = { readonly engine: Engine; readonly container: Container }

export type ContainerIndex = {
  readonly all: readonly Contained[]
  readonly byNetns: ReadonlyMap<NetnsId, readonly Contained[]>
  readonly byId: ReadonlyMap<string, Contained>
  /** By the container's first process. */
  readonly byPid: ReadonlyMap<number, Contained>
}

const memo = new WeakMap<object, ContainerIndex>()

export function containerIndex(world: Pick<World, 'engines'>): ContainerIndex {
  const kept = memo.get(world.engines)
  if (kept !== undefined) return kept
  const all: Contained[] = []
  const byNetns = new Map<NetnsId, Contained[]>()
  const byId = new Map<string, Contained>()
  const byPid = new Map<number, Contained>()
  for (const engine of listOf(world.engines)) {
    for (const container of listOf(engine.containers)) {
      const one = { engine, container }
      all.push(one)
      byId.set(container.id, one)
      if (container.pid !== null) byPid.set(container.pid, one)
      if (isUnknown(container.netns) || container.netns === null) continue
      const list = byNetns.get(container.netns)
      if (list === undefined) byNetns.set(container.netns, [one])
      else list.push(one)
    }
  }
  const index = { all, byNetns, byId, byPid }
  memo.set(world.engines, index)
  return index
}

/**
 * The container that a namespace was made for: not one that joined another's, and none of mode host, whose
 * namespace is the host's. null where it was made for none, or where several could be meant.
 */
export function ownerContainer(index: ContainerIndex, id: NetnsId): Contained | null {
  const inside = (index.byNetns.get(id) ?? []).filter(({ container }) => container.modeKind !== 'host')
  const own = inside.filter(({ container }) => container.joins === null && container.modeKind !== 'container')
  const [only] = own.length === 0 ? inside : own
  return only !== undefined && (own.length === 1 || inside.length === 1) ? only : null
}

/**
 * The container that a process runs in: its cgroup names the id (docker-<id>.scope, /docker/<id>, libpod-<id> …); without
 * root there may be no such group, and it is the container's first process or a child of that.
 */
export function containerOfProcess(index: ContainerIndex, process: Process | undefined): Contained | null {
  if (process === undefined) return null
  const ids = isUnknown(process.cgroup) ? [] : (process.cgroup.match(/[0-9a-f]{64}/g)?.toReversed() ?? [])
  for (const id of ids) {
    const found = index.byId.get(id)
    if (found !== undefined) return found
  }
  return index.byPid.get(process.pid) ?? index.byPid.get(process.ppid) ?? null
}
