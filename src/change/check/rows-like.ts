/** Rows of a namespace's tables that are what a fact tells of. */
import { normalIp, parsePrefix, type Prefix } from '../../lib/ip.ts'
import type { Address } from '../../model/address.ts'
import { isUnknown, listOf, unknown, type Known } from '../../model/known.ts'
import type { FdbEntry, Neighbour } from '../../model/neighbour.ts'
import type { Netns } from '../../model/netns.ts'
import type { Fact } from '../../model/plan.ts'
import type { Route } from '../../model/route.ts'
import { linkIn } from './seen.ts'

type FactOf<K extends Fact['kind']> = Omit<Extract<Fact, { readonly kind: K }>, 'there'>

export function addressesLike(netns: Netns, fact: FactOf<'address'>): Known<readonly Address[]> {
  const { addresses } = netns
  if (isUnknown(addresses)) return unknown(`the addresses could not be read: ${addresses.unknown}`)
  const [ip, length] = fact.address.split('/')
  const wanted = ip === undefined ? null : normalIp(ip)
  return onLink(netns, fact.link, (ifindex) =>
    addresses.filter(
      (each) =>
        each.ifindex === ifindex &&
        normalIp(each.local) === wanted &&
        each.prefixLen === lengthOf(length, each.family),
    ),
  )
}

/** An address without a length is /32 or /128. */
function lengthOf(text: string | undefined, family: Address['family']): number {
  return text === undefined ? (family === 'inet' ? 32 : 128) : Number(text)
}

export function routesLike(netns: Netns, fact: FactOf<'route'>): Known<readonly Route[]> {
  const { routes } = netns
  if (isUnknown(routes)) return unknown(`the routes could not be read: ${routes.unknown}`)
  return routes.filter(
    (route) =>
      // What the kernel learnt for one destination is no route of the table.
      !route.cached &&
      route.table === fact.table &&
      isTo(route, fact) &&
      // IPv4 has no attribute for metric 0.
      (fact.metric === null || (route.metric ?? 0) === fact.metric) &&
      ((fact.via === null && fact.link === null) ||
        hopsOf(netns, route).some((hop) => isBy(netns, hop, fact))),
  )
}

/** `default` alone means either family, unless the gateway tells. */
function isTo(route: Route, { destination, via }: FactOf<'route'>): boolean {
  if (destination === 'default') {
    const family = via === null ? route.family : via.includes(':') ? 'inet6' : 'inet'
    return route.dst === 'default' && route.family === family
  }
  const [wanted, has] = [parsePrefix(destination), destinationOf(route)]
  return (
    wanted !== null &&
    has !== null &&
    wanted.family === has.family &&
    wanted.value === has.value &&
    wanted.length === has.length
  )
}

function destinationOf(route: Route): Prefix | null {
  if (route.dst === 'default') return { family: route.family, value: 0n, length: 0 }
  return parsePrefix(route.dst)
}

type Hop = { readonly oif: number | null; readonly gateway: string | null }

function hopsOf(netns: Netns, route: Route): readonly Hop[] {
  if (route.nexthops.length > 0) return route.nexthops
  if (route.nexthopId === null || route.oif !== null || route.gateway !== null) return [route]
  const objects = listOf(netns.nexthopObjects)
  const object = objects.find(({ id }) => id === route.nexthopId)
  const members = object?.group.map((one) => objects.find(({ id }) => id === one.id)) ?? []
  return [object, ...members].filter((one) => one !== undefined)
}

function isBy(netns: Netns, hop: Hop, { via, link }: FactOf<'route'>): boolean {
  if (via !== null && (hop.gateway === null || normalIp(hop.gateway) !== normalIp(via))) return false
  return link === null || listOf(netns.links).find(({ ifindex }) => ifindex === hop.oif)?.name === link
}

/** Those that somebody set: what the kernel learnt comes and goes by itself. */
export function neighboursLike(netns: Netns, fact: FactOf<'neighbour'>): Known<readonly Neighbour[]> {
  const { neighbours } = netns
  if (isUnknown(neighbours)) return unknown(`the neighbours could not be read: ${neighbours.unknown}`)
  const wanted = normalIp(fact.address)
  return onLink(netns, fact.link, (ifindex) =>
    neighbours.filter(
      (each) =>
        each.ifindex === ifindex &&
        normalIp(each.dst) === wanted &&
        (each.state === 'PERMANENT' || each.state === 'NOARP') &&
        !each.flags.includes('proxy') &&
        (fact.lladdr === null || isSameLladdr(each.lladdr, fact.lladdr)),
    ),
  )
}

/** Those that somebody set, or the kernel for a port's own address; not what a bridge learnt. */
export function fdbLike(netns: Netns, fact: FactOf<'fdb'>): Known<readonly FdbEntry[]> {
  const { fdb } = netns
  if (isUnknown(fdb)) return unknown(`the forwarding tables could not be read: ${fdb.unknown}`)
  return onLink(netns, fact.link, (ifindex) =>
    fdb.filter(
      (each) =>
        each.ifindex === ifindex &&
        isSameLladdr(each.lladdr, fact.lladdr) &&
        (each.state === 'permanent' || each.state === 'static') &&
        (fact.dst === null || (each.dst !== null && normalIp(each.dst) === normalIp(fact.dst))),
    ),
  )
}

const isSameLladdr = (a: string | null, b: string): boolean => a?.toLowerCase() === b.toLowerCase()

/** On a link that is not there nothing is. */
function onLink<T>(netns: Netns, name: string, find: (ifindex: number) => readonly T[]): Known<readonly T[]> {
  const link = linkIn(netns, name)
  if (isUnknown(link)) return link
  return link === null ? [] : find(link.ifindex)
}
