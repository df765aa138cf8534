import type { Container, EngineNetwork } from '../model/engine.ts'
import { listOf } from '../model/known.ts'
import type { World } from '../model/world.ts'
import type { NetworkShape } from './container-shapes.ts'
import { describe } from './describe.ts'
import { gapsOf } from './gaps.ts'
import { unreadEngines } from './ls-containers.ts'
import type { Result } from './result.ts'

/** What `ls networks` lists; of an engine that did not answer one element that says so. */
export function listNetworks(world: World): Extract<Result, { kind: 'network-list' }> {
  const { ref } = describe(world)
  const shapes = listOf(world.engines).flatMap((engine) => {
    const byId = new Map(listOf(engine.containers).map((each) => [each.id, each]))
    return listOf(engine.networks).map((network): NetworkShape => ({
      ...network,
      engine: engine.engine,
      endpoint: engine.endpoint,
      netns: engine.netns === null ? null : ref(engine.netns),
      members: membersOf(network, byId),
    }))
  })
  return {
    kind: 'network-list',
    data: [...shapes, ...unreadEngines(world, 'networks')],
    answer: 'yes',
    gaps: gapsOf(world),
  }
}

function membersOf(
  network: EngineNetwork,
  containers: ReadonlyMap<string, Container>,
): NetworkShape['members'] {
  return network.members.map(({ containerId, name, ipv4, ipv6 }) => {
    const endpoint = containers
      .get(containerId)
      ?.endpoints.find((each) => each.networkId === network.id || each.network === network.name)
    return { containerId, name, ipv4, ipv6, aliases: endpoint?.aliases ?? [] }
  })
}
