/**
 * The way a packet takes from a link outwards, as far as links and default routes tell: the container's
 * eth0, its peer, the bridge, the link of the bridge's default route. Rules and marks may send it elsewhere.
 */
import { indexOf, linkAt } from './netns-index.ts'
import { isResolved, peers, type Peers } from './peers.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { Route } from '../model/route.ts'
import type { World } from '../model/world.ts'
import { displayNames } from './netns-name.ts'

export type Hop = {
  readonly netns: Netns
  readonly link: Link
  /** How the packet comes to this link. */
  readonly by: 'start' | 'peer' | 'bridge' | 'route' | 'lower' | 'port'
  /** `by: 'route'`: which one. */
  readonly route: Route | null
}

export type Path = {
  readonly hops: readonly Hop[]
  /** Why it ends where it ends; null: at a device, where it leaves the host. */
  readonly ends: string | null
}

type Place = { readonly netns: Netns; readonly link: Link }
type Next = Hop | { readonly ends: string | null }

/** More than any sane host has; a loop in a file from elsewhere ends here too. */
const limit = 16

export function pathOf(world: World, start: Place): Path {
  const pairs = peers(world.netns)
  const hops: Hop[] = [{ ...innermost(world, pairs, start), by: 'start', route: null }]
  const seen = new Set(hops.map(keyOfHop))
  for (;;) {
    const last = hops.at(-1)
    if (last === undefined) return { hops, ends: null }
    const next = after(world, pairs, last)
    if ('ends' in next) return { hops, ends: next.ends }
    const key = keyOfHop(next)
    if (seen.has(key)) return { hops, ends: `the way leads back to ${next.link.name}: it goes in a circle` }
    if (hops.length >= limit) return { hops, ends: `the way goes on, over more than ${limit} links` }
    seen.add(key)
    hops.push(next)
  }
}

const keyOfHop = (hop: Place): string => `${hop.netns.id} ${hop.link.ifindex}`

/** A port of a bridge is the outer end: the way begins at its peer. */
function innermost(world: World, pairs: Peers, start: Place): Place {
  if (start.link.master === null) return start
  const peer = pairs.peerOf(start.netns.id, start.link.ifindex)
  return (isResolved(peer) ? placeAt(world, peer.netns, peer.ifindex) : null) ?? start
}

function after(world: World, pairs: Peers, hop: Hop): Next {
  const { netns, link } = hop
  const crossed = hop.by === 'peer'
  const peer = crossed ? null : pairs.peerOf(netns.id, link.ifindex)
  if (isResolved(peer)) {
    const place = placeAt(world, peer.netns, peer.ifindex)
    return place === null ? { ends: null } : { ...place, by: 'peer', route: null }
  }
  if (peer !== null) return { ends: `the peer of ${link.name} is not known: ${peer.unknown}` }
  const lower = pairs.lowerOf(netns.id, link.ifindex)
  if (isResolved(lower)) {
    const place = placeAt(world, lower.netns, lower.ifindex)
    if (place !== null) return { ...place, by: 'lower', route: null }
  }
  const master = link.master === null || hop.by === 'port' ? null : linkAt(netns, link.master)
  if (master !== null) return { netns, link: master, by: 'bridge', route: null }
  if (link.kind === 'bridge') return beyondBridge(world, netns, link)
  // Crossed into a namespace that routes, or a start that has no link to go on by.
  return crossed || (hop.by === 'start' && link.kind === 'loopback')
    ? routed(world, netns, link)
    : { ends: null }
}

/** A bridge with an address routes; without one it only switches, out by a port that leads to a wire. */
function beyondBridge(world: World, netns: Netns, bridge: Link): Next {
  const index = indexOf(netns)
  if (index.addresses.has(bridge.ifindex)) return routed(world, netns, bridge)
  const wire = (index.slaves.get(bridge.ifindex) ?? []).find(
    (port) => port.kind === 'device' || port.kind === 'vlan' || port.kind === 'bond' || port.kind === 'vxlan',
  )
  if (wire === undefined)
    return { ends: `nothing leads on from ${bridge.name}: it has no address, and no port to the outside` }
  return { netns, link: wire, by: 'port', route: null }
}

function routed(world: World, netns: Netns, from: Link): Next {
  const name = displayNames(world.netns).get(netns.id) ?? netns.id
  if (isUnknown(netns.routes))
    return { ends: `the routes of ${name} could not be read: ${netns.routes.unknown}` }
  const route = defaultRoute(netns)
  if (route === null) return { ends: `${name} has no default route: the way ends here` }
  const oif = route.oif ?? route.nexthops[0]?.oif ?? null
  const link = oif === null ? null : linkAt(netns, oif)
  if (link === null) return { ends: `the default route of ${name} names a link that ${name} does not have` }
  if (link.ifindex === from.ifindex) return { ends: null }
  return { netns, link, by: 'route', route }
}

/** Of the main table (254), the one with the lowest metric; IPv4 before IPv6. */
export function defaultRoute(netns: Netns): Route | null {
  const routes = listOf(netns.routes).filter(
    (route) => route.dst === 'default' && route.table === 254 && route.type === 'unicast',
  )
  const rank = (route: Route): number => (route.family === 'inet' ? 0 : 2 ** 33) + (route.metric ?? 0)
  return routes.reduce<Route | null>(
    (best, route) => (best === null || rank(route) < rank(best) ? route : best),
    null,
  )
}

function placeAt(world: World, id: NetnsId, ifindex: number): Place | null {
  const netns = world.netns.find((each) => each.id === id) ?? null
  const link = netns === null ? null : linkAt(netns, ifindex)
  return netns === null || link === null ? null : { netns, link }
}
