import { succeeded } from '../lib/failure.ts'
import { isUnknown } from '../model/known.ts'
import type { World } from '../model/world.ts'
import { command } from './command.ts'
import { describe } from './describe.ts'
import { gapsOf } from './gaps.ts'
import { listContainers } from './ls-containers.ts'
import { listNetworks } from './ls-networks.ts'
import { listPorts } from './ls-ports.ts'
import type { Result } from './result.ts'
import type { LinkShape, UnreadLinksShape } from './shapes.ts'

export const ls = command({
  name: 'ls',
  summary: 'tables: the namespaces, links, containers, their networks, or ports',
  description: ['The tables leave out IPv6 link-local addresses; --json has them.'],
  examples: ['vethscope ls', 'vethscope ls containers', 'vethscope ls links --json'],
  needs: 'world',
  arguments: {
    what: {
      value: 'WHAT',
      summary: 'default: netns',
      required: false,
      choices: ['containers', 'netns', 'links', 'networks', 'ports'],
    },
  },
  options: {},
  run: async ({ source }, { what }) => {
    if (what === 'ports') return listPorts(source)
    const read = await source.readWorld({ details: false, deep: true })
    return read.ok ? succeeded(lists[what ?? 'netns'](read.value)) : read
  },
})

function listNetns(world: World): Result {
  const { netns } = describe(world)
  return { kind: 'netns-list', data: world.netns.map(netns), answer: 'yes', gaps: gapsOf(world) }
}

function listLinks(world: World): Result {
  const describer = describe(world)
  const data = world.netns.flatMap((netns): readonly (LinkShape | UnreadLinksShape)[] => {
    const links = describer.links(netns)
    return isUnknown(links) ? [{ netns: describer.ref(netns.id), ...links }] : links
  })
  return { kind: 'link-list', data, answer: 'yes', gaps: gapsOf(world) }
}

const lists = {
  containers: listContainers,
  netns: listNetns,
  links: listLinks,
  networks: listNetworks,
} as const
