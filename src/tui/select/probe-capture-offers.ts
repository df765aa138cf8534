/** Where `c` could listen, and what for. */
import { indexOf, addressesOf } from '../../derive/netns-index.ts'
import { displayNames } from '../../derive/netns-name.ts'
import { isResolved, peers } from '../../derive/peers.ts'
import type { Pointed } from '../../derive/probe/targets.ts'
import { containersIn } from '../../derive/containers.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { allLinks, saysWhere } from './probe-capture.ts'

export type CaptureOffer = { readonly text: string; readonly says: string; readonly kind: 'target' }

/** `text`: what was typed: where, or the filter, or both. */
export function captureOffers(
  world: World,
  netns: Netns,
  pointed: Pointed,
  text: string,
): readonly CaptureOffer[] {
  const wheres = whereOffers(world, netns, pointed)
  const filters = filterOffers(world, netns, pointed)
  const [usual] = wheres
  if (usual === undefined) return []
  const at = (filter: string): readonly CaptureOffer[] =>
    wheres.map(({ where, says }) => offerOf(where, filter, says))
  if (text.trim() === '')
    return unique([
      ...at('').slice(0, mostWheres),
      ...filters.map(([filter, says]) => offerOf(usual.where, filter, says)),
      ...at(''),
    ])
  const { where, filter } = partsOf(netns, text.trimStart())
  if (where !== '' && /\s/.test(text.trimStart()))
    return filters
      .filter(([each]) => each.startsWith(filter) && each !== filter)
      .map(([each, says]) => offerOf(where, each, says))
  const plain = text.trim()
  const named = where === '' ? at(plain) : []
  return unique([
    ...at('').filter((each) => each.text.startsWith(plain) && each.text !== plain),
    ...named.slice(0, mostWheres),
    ...filters
      .filter(([each]) => each.startsWith(plain))
      .map(([each, says]) => offerOf(usual.where, each, says)),
    ...named,
  ])
}

function offerOf(where: string, filter: string, says: string): CaptureOffer {
  return { text: `${where} ${filter}`.trim(), says, kind: 'target' }
}

/** `eth0 --way tcp port 80`: where, and the filter. */
function partsOf(netns: Netns, text: string): { readonly where: string; readonly filter: string } {
  const words = text.split(/\s+/)
  const first = words[0] ?? ''
  const count = saysWhere(netns, first) ? (words[1] === '--way' ? 2 : 1) : first === '--way' ? 1 : 0
  return { where: words.slice(0, count).join(' '), filter: words.slice(count).join(' ') }
}

/** This link, the way, all links: the others come after the filters. */
const mostWheres = 3

function unique(offers: readonly CaptureOffer[]): readonly CaptureOffer[] {
  return offers.filter(({ text }, at) => offers.findIndex((each) => each.text === text) === at)
}

type Where = { readonly where: string; readonly says: string }

/** This link, all links of the namespace, the way; then its other links. */
function whereOffers(world: World, netns: Netns, pointed: Pointed): readonly Where[] {
  const { links } = indexOf(netns)
  const outward = listOf(netns.links).filter(({ kind }) => kind !== 'loopback')
  const at = ifindexIn(world, netns, pointed)
  const own = (at === null ? undefined : links.get(at)) ?? outward[0]
  const name = displayNames(world.netns).get(netns.id) ?? netns.id
  return [
    ...(own === undefined
      ? []
      : [
          { where: own.name, says: `this link, in ${name}` },
          { where: `${own.name} --way`, says: 'along the way out: both ends, the bridge, the uplink' },
        ]),
    { where: allLinks, says: `all links of ${name} that are up` },
    ...outward
      .filter((link) => link !== own)
      .map((link) => ({ where: link.name, says: `a link of ${name}` })),
  ]
}

/** The selected link itself, or its other end. */
function ifindexIn(world: World, netns: Netns, { netns: of, ifindex }: Pointed): number | null {
  if (of === null || ifindex === null) return null
  if (of === netns.id) return ifindex
  const peer = peers(world.netns).peerOf(of, ifindex)
  return isResolved(peer) && peer.netns === netns.id ? peer.ifindex : null
}

type Filter = readonly [filter: string, says: string]

/** In pcap-filter(7)'s language. */
function filterOffers(world: World, netns: Netns, pointed: Pointed): readonly Filter[] {
  const at = ifindexIn(world, netns, pointed)
  const peer = at === null ? null : peers(world.netns).peerOf(netns.id, at)
  const other = isResolved(peer) ? world.netns.find(({ id }) => id === peer.netns) : undefined
  const own = at === null ? [] : addressesOf(netns, at)
  const others = other === undefined || !isResolved(peer) ? [] : addressesOf(other, peer.ifindex)
  const hosts = [...own, ...others].filter(({ scope }) => scope === 'global').map(({ local }) => local)
  const inside = [netns, ...(other === undefined || other.id === world.host ? [] : [other])]
  const ports = inside
    .filter(({ id }) => id !== world.host)
    .flatMap(({ id }) => containersIn(world, id))
    .flatMap(({ container }) => container.ports)
  const ends = pointed.ends.flatMap(({ address, port, protocol }): readonly Filter[] => [
    port === null
      ? [`host ${address}`, 'what is selected']
      : [`host ${address} and ${protocol ?? 'tcp'} port ${port}`, 'what is selected'],
  ])
  const all: readonly Filter[] = [
    ...ends,
    ['icmp', 'ping and errors, IPv4'],
    ...ports.map(({ port, protocol }): Filter => [`${protocol} port ${port}`, 'a published port']),
    ...hosts.map((address): Filter => [`host ${address}`, 'its address']),
    ['port 53', 'DNS'],
    ['arp', 'who has which address'],
    ['icmp6', 'ping, errors and neighbours, IPv6'],
    ['tcp[tcpflags] & (tcp-syn|tcp-rst) != 0', 'connections that begin, or are refused'],
  ]
  return all.filter(([filter], index) => all.findIndex(([each]) => each === filter) === index)
}
