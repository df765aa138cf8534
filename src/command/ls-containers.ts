import { allContainers, type ContainerOf } from '../derive/containers.ts'
import { endpointLink } from '../derive/container-link.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import type { ContainerShape, UnreadEngineShape } from './container-shapes.ts'
import { describe } from './describe.ts'
import { gapsOf } from './gaps.ts'
import type { Result } from './result.ts'
import type { NetnsRefShape } from './shapes.ts'

/** What `ls containers` lists; of an engine that did not answer one element that says so. */
export function listContainers(world: World): Result {
  const { ref } = describe(world)
  const containers = allContainers(world)
  const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
  const names = new Map(containers.map(({ container }) => [container.id, container.name]))
  const shapes = containers.map((each) => {
    const { netns: id, joins } = each.container
    const netns = isUnknown(id) || id === null ? undefined : byId.get(id)
    return {
      ...shapeOf(each, netns, ref),
      joins: joins === null ? null : (names.get(joins) ?? joins),
    }
  })
  return {
    kind: 'container-list',
    data: [...shapes, ...unreadEngines(world, 'containers')],
    answer: 'yes',
    gaps: gapsOf(world),
  }
}

function shapeOf(
  { engine, container }: ContainerOf,
  netns: Netns | undefined,
  ref: (id: NetnsId) => NetnsRefShape,
): ContainerShape {
  const { netns: id, endpoints, hostName: _, ...facts } = container
  return {
    engine: engine.engine,
    endpoint: engine.endpoint,
    ...facts,
    netns: isUnknown(id) || id === null ? id : ref(id),
    networks: endpoints.map((endpoint) => {
      const link = endpointLink(container, endpoint, netns)
      const { network, networkId, mac, ipv4, ipv6, gateway, aliases } = endpoint
      return {
        name: network,
        id: networkId,
        link:
          link === null || isUnknown(link)
            ? link
            : { netns: ref(link.netns), ifindex: link.ifindex, name: link.name },
        mac,
        ipv4,
        ipv6,
        gateway,
        aliases,
      }
    }),
  }
}

/** One element for each engine of which this could not be read: absence would say that it has none. */
export function unreadEngines(world: World, what: 'containers' | 'networks'): readonly UnreadEngineShape[] {
  if (isUnknown(world.engines)) return [{ engine: null, endpoint: null, ...world.engines }]
  return listOf(world.engines).flatMap((engine) => {
    const value = engine[what]
    return isUnknown(value) ? [{ engine: engine.engine, endpoint: engine.endpoint, ...value }] : []
  })
}
