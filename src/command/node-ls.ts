import { succeeded } from '../lib/failure.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { LabNode } from '../model/lab.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { command } from './command.ts'
import { describe } from './describe.ts'
import { gapsOf } from './gaps.ts'
import type { LabNodeShape, UnreadLabShape } from './lab-shapes.ts'

export const nodeLs = command({
  name: 'node ls',
  summary: 'nodes of the lab, with their networks and published ports',
  needs: 'world',
  arguments: {},
  options: {},
  run: async ({ source }) => {
    const read = await source.readWorld({ details: false })
    return read.ok
      ? succeeded({
          kind: 'lab-nodes',
          data: nodesOf(read.value),
          answer: 'yes',
          gaps: gapsOf(read.value),
        })
      : read
  },
})

function nodesOf(world: World): readonly (LabNodeShape | UnreadLabShape)[] {
  const { labs = [] } = world
  if (isUnknown(labs)) return [{ engine: 'lab', ...labs }]
  const { ref } = describe(world)
  const nodes = labs.find(({ host }) => host === world.host)?.nodes ?? []
  return nodes.map((node): LabNodeShape => {
    const netns = netnsOf(world, node)
    const { name, mode, of, endpoints, ports, created } = node
    return {
      name,
      mode,
      of,
      netns: netns === null ? null : ref(netns.id),
      networks: endpoints,
      ports,
      created,
    }
  })
}

/** Where its engine says it is: it has read the names below /run/netns. */
function netnsOf(world: World, { name }: LabNode): Pick<Netns, 'id'> | null {
  const containers = listOf(world.engines)
    .filter(({ engine, netns }) => engine === 'lab' && netns === world.host)
    .flatMap((engine) => listOf(engine.containers))
  const id = containers.find((each) => each.name === name)?.netns ?? null
  return id === null || isUnknown(id) ? null : { id }
}
