/** What finds a container or a network of an engine: its name, the beginning of its id, an alias. */
import { isUnknown, listOf } from '../model/known.ts'
import type { FindIndex } from './find-index.ts'
import type { Found } from './found.ts'
import { netnsRef } from './netns-name.ts'
import { containerIndex, type Contained } from './rules/container-index.ts'
import type { Token } from './tokens.ts'

export function findContainers(index: FindIndex, { text }: Token): readonly Found[] {
  const isId = /^[0-9a-f]{4,64}$/.test(text)
  const { all } = containerIndex(index.world)
  const containers = all.flatMap((one) => {
    const { name, id, endpoints } = one.container
    if (name === text || (isId && id.startsWith(text))) return [foundContainer(index, text, one, '')]
    return endpoints
      .filter(({ aliases }) => aliases.includes(text))
      .map(({ network }) => foundContainer(index, text, one, `${text} is an alias on ${network} of `))
  })
  return [...containers, ...findNetworks(index, text, isId)]
}

function foundContainer(
  index: FindIndex,
  token: string,
  { engine, container }: Contained,
  before: string,
): Found {
  const { name, id, state, mode, joins, endpoints } = container
  const addresses = endpoints.flatMap(({ network, ipv4, ipv6 }) =>
    [ipv4, ipv6].filter((cidr) => cidr !== null).map((cidr) => `${cidr} on ${network}`),
  )
  const netns = isUnknown(container.netns) ? null : container.netns
  const shares =
    joins === null ? '' : ` of ${containerIndex(index.world).byId.get(joins)?.container.name ?? joins}`
  return {
    token,
    what: 'container',
    says: `${before}${engine.engine} container ${name} (${id.slice(0, 12)}), ${state}, mode ${mode}${shares}${addresses.length === 0 ? '' : `, ${addresses.join(', ')}`}`,
    ref: { netns, name, container: id },
    owner: netns === null ? null : netnsRef(index.names, netns),
  }
}

function findNetworks(index: FindIndex, text: string, isId: boolean): readonly Found[] {
  return listOf(index.world.engines).flatMap((engine) =>
    listOf(engine.networks)
      .filter(({ name, id }) => name === text || (isId && id.startsWith(text)))
      .map(({ name, driver, bridge, parent, subnets, members }): Found => {
        const link = bridge ?? parent
        const place = engine.netns === null ? undefined : index.byId.get(engine.netns)
        const there = place === undefined ? undefined : listOf(place.links).find((each) => each.name === link)
        const facts = [
          `${engine.engine} network ${name}, driver ${driver}`,
          ...(link === null ? [] : [`link ${link}`]),
          ...subnets.map(({ subnet }) => subnet),
          `${members.length} ${members.length === 1 ? 'member' : 'members'}`,
        ]
        return {
          token: text,
          what: 'network',
          says: facts.join(', '),
          ref: { netns: engine.netns, name, ...(there === undefined ? {} : { ifindex: there.ifindex }) },
          owner: engine.netns === null ? null : netnsRef(index.names, engine.netns),
        }
      }),
  )
}
