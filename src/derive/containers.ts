/** Which container is where: by namespace, and by what people call it. Made once for each list of engines. */
import type { Container, Engine } from '../model/engine.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf, unknown, type Known } from '../model/known.ts'
import type { World } from '../model/world.ts'

export type ContainerOf = { readonly engine: Engine; readonly container: Container }

type Index = {
  readonly all: readonly ContainerOf[]
  readonly byNetns: ReadonlyMap<NetnsId, readonly ContainerOf[]>
}

const memo = new WeakMap<object, Index>()

function indexOf({ engines }: World): Index {
  const kept = memo.get(engines)
  if (kept !== undefined) return kept
  const all = listOf(engines).flatMap((engine) =>
    listOf(engine.containers).map((container) => ({ engine, container })),
  )
  const byNetns = new Map<NetnsId, ContainerOf[]>()
  for (const each of all) {
    const { netns } = each.container
    if (netns === null || isUnknown(netns)) continue
    const own = byNetns.get(netns)
    if (own === undefined) byNetns.set(netns, [each])
    else own.push(each)
  }
  const index = { all, byNetns }
  memo.set(engines, index)
  return index
}

/** Every container of every engine that answered. */
export function allContainers(world: World): readonly ContainerOf[] {
  return indexOf(world).all
}

/** Those that use a namespace: its own, those that joined it, and in an engine's own namespace those of mode host. */
export function containersIn(world: World, id: NetnsId): readonly ContainerOf[] {
  return indexOf(world).byNetns.get(id) ?? []
}

/** "No containers" is said only where every engine answered. */
export function containerNamesIn(world: World, id: NetnsId): Known<readonly string[]> {
  const inside = containersIn(world, id)
  if (inside.length > 0) return inside.map(({ container }) => container.name || container.id)
  if (isUnknown(world.engines)) return world.engines
  const silent = world.engines.find((engine) => isUnknown(engine.containers))
  return silent !== undefined && isUnknown(silent.containers)
    ? unknown(`${silent.engine} at ${silent.endpoint}: ${silent.containers.unknown}`)
    : []
}

/** By name or whole id; where there is none, by the beginning of an id as tools print it. */
export function findContainers(world: World, text: string): readonly ContainerOf[] {
  const { all } = indexOf(world)
  const exact = all.filter(({ container }) => container.name === text || container.id === text)
  if (exact.length > 0 || !/^[0-9a-f]{3,64}$/.test(text)) return exact
  return all.filter(({ container }) => container.id.startsWith(text))
}
