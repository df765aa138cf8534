import { resolveNetns } from '../derive/resolve-netns.ts'
import { succeeded } from '../lib/failure.ts'
import { command } from './command.ts'
import { describe } from './describe.ts'
import { gapsOf } from './gaps.ts'

export const show = command({
  name: 'show',
  summary: 'the topology: namespaces, links, pairs, bridges with their ports, addresses',
  description: [
    'With NETNS only that one, with its routes and neighbours. The tree leaves out IPv6 link-local addresses; --json has them.',
  ],
  examples: ['vethscope show', 'vethscope show web', 'vethscope show --from host.json.gz --json'],
  needs: 'world',
  arguments: {
    netns: { value: 'NETNS', summary: 'show only this one', required: false },
  },
  options: {},
  run: async ({ source }, { netns }) => {
    const read = await source.readWorld({ details: false, deep: true })
    if (!read.ok) return read
    const world = read.value
    const chosen = netns === undefined ? null : resolveNetns(world, netns)
    if (chosen !== null && !chosen.ok) return chosen
    const shown = chosen === null ? world.netns : [chosen.value]
    const describer = describe(world)
    const gaps = gapsOf(world)
    return succeeded({
      kind: 'show',
      data: {
        host: describer.ref(world.host),
        hostName: world.hostName,
        kernel: world.kernel,
        at: world.at,
        netns: shown.map(describer.netnsDetail),
        bridges: shown.flatMap(describer.bridges),
        gaps,
      },
      only: chosen === null ? null : chosen.value,
      world,
      answer: 'yes',
      gaps,
    })
  },
})
