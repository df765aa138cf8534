/** Which container is where: by namespace, and by what people call it. */
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, unknown, type Known } from '../model/known.ts'
import type { World } from '../model/world.ts'
import { containerIndex, type Contained } from './rules/container-index.ts'

export type ContainerOf = Contained

type Engines = Pick<World, 'engines'>

/** Every container of every engine that answered. */
export function allContainers(world: Engines): readonly ContainerOf[] {
  return containerIndex(world).all
}

/** Those that use a namespace: its own, those that joined it, and in an engine's own namespace those of mode host. */
export function containersIn(world: Engines, id: NetnsId): readonly ContainerOf[] {
  return containerIndex(world).byNetns.get(id) ?? []
}

/** "No containers" is said only where every engine answered. */
export function containerNamesIn(world: Engines, id: NetnsId): Known<readonly string[]> {
  const inside = containersIn(world, id)
  if (inside.length > 0) return inside.map(({ container }) => container.name || container.id)
  if (isUnknown(world.engines)) return world.engines
  const silent = world.engines.find((engine) => isUnknown(engine.containers))
  return silent !== undefined && isUnknown(silent.containers)
    ? unknown(`${silent.engine} at ${silent.endpoint}: ${silent.containers.unknown}`)
    : []
}

/** By name or whole id; where there is none, by the beginning of an id as tools print it. */
export function findContainers(world: Engines, text: string): readonly ContainerOf[] {
  const { all } = containerIndex(world)
  const exact = all.filter(({ container }) => container.name === text || container.id === text)
  if (exact.length > 0 || !/^[0-9a-f]{3,64}$/.test(text)) return exact
  return all.filter(({ container }) => container.id.startsWith(text))
}
