/** What a name of the World means as the far end of a probe: a container, an alias, a Compose service, a namespace. */
import type { Endpoint } from '../../model/engine.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import type { NameSource, Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { allContainers, containersIn, findContainers, type ContainerOf } from '../containers.ts'
import { displayNames } from '../netns-name.ts'

/** Something that has the name. */
export type Named = {
  /** What people call it otherwise; outside text. */
  readonly name: string
  /** `container`, `alias web of` … in front of its name. */
  readonly by: 'container' | 'alias' | 'service' | 'netns'
  readonly container: ContainerOf['container'] | null
  /** null: in none, or that is not known. */
  readonly netns: NetnsId | null
  /** Those that the name is good for. */
  readonly endpoints: readonly Endpoint[]
  /** One of them is on a network that the probe's own container is on. */
  readonly isNear: boolean
}

/** What runs there may be called like many hosts; these names somebody chose. */
const chosen: readonly NameSource[] = ['named', 'docker', 'podman', 'cri', 'lab', 'init']

/** What Docker Compose writes on each container of a service. */
const serviceLabel = 'com.docker.compose.service'

/** The ids of the networks that a namespace's containers are on. */
export function networksIn(world: World, id: NetnsId): ReadonlySet<string> {
  return new Set(
    containersIn(world, id).flatMap(({ container }) => container.endpoints.map(({ networkId }) => networkId)),
  )
}

/**
 * All that the name could mean, and nothing that would be meant less: what a container on the same network would find
 * comes first (Docker's own DNS tells only that), then names before aliases before services before ids.
 */
export function namedBy(world: World, from: Netns, text: string): readonly Named[] {
  const own = networksIn(world, from.id)
  const named = byName(world).get(text) ?? []
  const found = named.map((each): Named => ({
    ...each,
    isNear: each.endpoints.some(({ networkId }) => own.has(networkId)),
  }))
  const spaces = namespacesNamed(world, text)
  for (const isNear of [true, false]) {
    for (const by of ['container', 'alias', 'service'] as const) {
      const fits = found.filter((each) => each.by === by && each.isNear === isNear)
      const all = by === 'container' && !isNear ? [...fits, ...spaces] : fits
      if (all.length > 0) return distinct(all)
    }
  }
  // By an id's beginning only where nothing has that name.
  return findContainers(world, text).map((each) => ({ ...namedAs(each, 'container'), isNear: false }))
}

/** A container and the namespace that was named after it are one thing. */
function distinct(all: readonly Named[]): readonly Named[] {
  const keyOf = ({ netns, container, name }: Named): string => netns ?? container?.id ?? name
  return all.filter((each, at) => all.findIndex((other) => keyOf(other) === keyOf(each)) === at)
}

type Known = Omit<Named, 'isNear'>

const memo = new WeakMap<object, ReadonlyMap<string, readonly Known[]>>()

function byName(world: World): ReadonlyMap<string, readonly Known[]> {
  const kept = memo.get(world.engines)
  if (kept !== undefined) return kept
  const index = new Map<string, Known[]>()
  const add = (text: string, named: Known): void => {
    const list = index.get(text)
    if (list === undefined) index.set(text, [named])
    else list.push(named)
  }
  for (const each of allContainers(world)) {
    const { container } = each
    add(container.name, namedAs(each, 'container'))
    const aliases = new Set(container.endpoints.flatMap((endpoint) => endpoint.aliases))
    aliases.delete(container.name)
    for (const alias of aliases) {
      const endpoints = container.endpoints.filter((endpoint) => endpoint.aliases.includes(alias))
      add(alias, { ...namedAs(each, 'alias'), endpoints })
    }
    const service = container.labels[serviceLabel]
    if (service !== undefined && !aliases.has(service) && service !== container.name)
      add(service, namedAs(each, 'service'))
  }
  memo.set(world.engines, index)
  return index
}

function namedAs({ container }: ContainerOf, by: Named['by']): Known {
  const { name, netns, endpoints } = container
  return { name, by, container, netns: isUnknown(netns) ? null : netns, endpoints }
}

function namespacesNamed(world: World, text: string): readonly Named[] {
  const names = displayNames(world.netns)
  return world.netns.flatMap(({ id, names: own }) =>
    names.get(id) === text || own.some(({ name, source }) => name === text && chosen.includes(source))
      ? [
          {
            name: names.get(id) ?? text,
            by: 'netns',
            container: null,
            netns: id,
            endpoints: [],
            isNear: false,
          },
        ]
      : [],
  )
}
