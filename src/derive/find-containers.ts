/** What finds a container or a network of an engine: its name, the beginning of its id, an alias. */
import { normalIp } from '../lib/ip.ts'
import type { Endpoint } from '../model/engine.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { FindIndex } from './find-index.ts'
import { macsIn } from './find-links.ts'
import type { Found } from '../model/found.ts'
import { netnsRef } from './netns-name.ts'
import { containerIndex, ownerContainer, type Contained } from './rules/container-index.ts'
import type { Token } from './tokens.ts'

export function findContainers(index: FindIndex, { text }: Token): readonly Found[] {
  const isId = /^[0-9a-f]{4,64}$/.test(text)
  const address = endpointsAsked(text)
  const { all } = containerIndex(index.world)
  const containers = all.flatMap((one) => {
    const { name, id, endpoints } = one.container
    if (name === text || (isId && id.startsWith(text))) return [foundContainer(index, text, one, '')]
    return endpoints.flatMap((endpoint) => {
      const { aliases, network } = endpoint
      if (aliases.includes(text))
        return [foundContainer(index, text, one, `${text} is an alias on ${network} of `)]
      const what = address === null || isRead(index, one) ? null : address(endpoint)
      return what === null
        ? []
        : [foundContainer(index, text, one, `${what} on ${network}, says the engine, of `)]
    })
  })
  return [...containers, ...findNetworks(index, text, isId)]
}

/** Where the namespace was read, its links and addresses say so themselves. */
function isRead(index: FindIndex, { container: { netns } }: Contained): boolean {
  if (netns === null || isUnknown(netns)) return false
  const place = index.byId.get(netns)
  return place !== undefined && !isUnknown(place.links) && !isUnknown(place.addresses)
}

/** What tells whether an endpoint has the address or MAC that was asked for; null: it was neither. */
function endpointsAsked(text: string): ((endpoint: Endpoint) => string | null) | null {
  const macs = macsIn(text)
  if (macs.length > 0) {
    return ({ mac }) => (mac !== null && macs.includes(mac.toLowerCase()) ? `MAC ${mac}` : null)
  }
  const [plain = ''] = text.split('/')
  const ip = normalIp(plain)
  if (ip === null) return null
  return ({ ipv4, ipv6 }) =>
    [ipv4, ipv6].some((cidr) => cidr !== null && normalIp(cidr.split('/')[0] ?? '') === ip)
      ? `address ${ip}`
      : null
}

const subjects: ReadonlySet<Found['what']> = new Set([
  'link',
  'altname',
  'alias',
  'mac',
  'address',
  'fdb',
  'netns',
  'process',
  'socket',
])

/** With the container that it is in, or that its other end leads to. */
export function withContainer(index: FindIndex, found: Found): Found {
  if (!subjects.has(found.what)) return found
  const { peer, ref } = found
  const far = peer !== undefined && !('unknown' in peer) ? peer.netns.id : null
  for (const id of [ref.netns, far]) {
    const owner = id === null ? null : ownerContainer(containerIndex(index.world), id)
    if (owner !== null) {
      const { engine, container } = owner
      return { ...found, container: { engine: engine.engine, id: container.id, name: container.name } }
    }
  }
  return found
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
    container: { engine: engine.engine, id, name },
    owner: netns === null ? null : netnsRef(index.names, netns),
  }
}

/** A Swarm's networks have ids of letters and digits. */
function findNetworks(index: FindIndex, text: string, isHex: boolean): readonly Found[] {
  const isId = isHex || /^[0-9a-z]{8,25}$/.test(text)
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
