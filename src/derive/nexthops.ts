/** Where a route leads, whether it says so itself, in a list, or by a nexthop object; and which of them can be used. */
import { isUnknown, unknown, type Known } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { NexthopObject, Route } from '../model/route.ts'
import type { Flow } from './flow.ts'
import { linkAt } from './netns-index.ts'

export type Hop = {
  readonly oif: number | null
  readonly gateway: string | null
  readonly weight: number
  readonly flags: readonly string[]
}

/**
 * The nexthops of a route that this flow can take now. `blackhole`: a nexthop object that swallows everything.
 * `onlyOif`: the flow must leave by the link that was asked for.
 */
export function usableHops(
  netns: Netns,
  route: Route,
  flow: Flow,
  onlyOif: boolean,
): Known<readonly Hop[] | 'blackhole'> {
  const own = ownHops(route)
  const hops = own ?? (route.nexthopId === null ? [] : hopsOfObject(netns, route.nexthopId))
  if (hops === 'blackhole' || isUnknown(hops)) return hops
  const usable: Hop[] = []
  for (const hop of hops) {
    if (hop.flags.includes('dead') || (onlyOif && flow.oif !== null && hop.oif !== flow.oif)) continue
    // In a route the kernel says "dead" where ignore_routes_with_linkdown makes a link without carrier unusable
    // (fib_nexthop_info, net/ipv4/fib_semantics.c). A nexthop object tells only that the carrier is gone.
    if (own === null && hop.flags.includes('linkdown')) {
      const ignored = ignoresLinkdown(netns, hop.oif, flow)
      if (isUnknown(ignored)) return ignored
      if (ignored) continue
    }
    usable.push(hop)
  }
  return usable
}

/** null: only a nexthop object says; the kernel repeats those in the route unless nexthop_compat_mode is 0. */
function ownHops(route: Route): readonly Hop[] | null {
  if (route.nexthops.length > 0) return route.nexthops
  if (route.oif === null && route.gateway === null && route.nexthopId !== null) return null
  return [{ oif: route.oif, gateway: route.gateway, weight: 1, flags: route.flags }]
}

function hopsOfObject(netns: Netns, id: number): Known<readonly Hop[] | 'blackhole'> {
  if (isUnknown(netns.nexthopObjects)) return netns.nexthopObjects
  const byId = new Map(netns.nexthopObjects.map((object) => [object.id, object]))
  const object = byId.get(id)
  if (object === undefined) return unknown(`there is no nexthop object ${id}`)
  if (object.blackhole) return 'blackhole'
  if (object.group.length === 0) return [hopOf(object, 1)]
  const hops: Hop[] = []
  for (const member of object.group) {
    const each = byId.get(member.id)
    if (each === undefined) return unknown(`there is no nexthop object ${member.id}, a member of ${id}`)
    if (each.blackhole) return 'blackhole'
    hops.push(hopOf(each, member.weight))
  }
  return hops
}

function hopOf(object: NexthopObject, weight: number): Hop {
  return { oif: object.oif, gateway: object.gateway, weight, flags: object.flags }
}

/** IPv4: the link's value or that of `all`; IPv6: the link's alone. */
function ignoresLinkdown(netns: Netns, oif: number | null, flow: Flow): Known<boolean> {
  const link = oif === null ? null : linkAt(netns, oif)
  if (link === null) return false
  if (flow.family === 'inet6') return isSet(netns, `ipv6.conf.${link.name}.ignore_routes_with_linkdown`)
  const own =
    link.inet === null || isUnknown(link.inet)
      ? isSet(netns, `ipv4.conf.${link.name}.ignore_routes_with_linkdown`)
      : link.inet.ignoreRoutesWithLinkdown !== 0
  return own === true ? true : allOr(own, isSet(netns, 'ipv4.conf.all.ignore_routes_with_linkdown'))
}

function allOr(own: Known<boolean>, all: Known<boolean>): Known<boolean> {
  if (all === true) return true
  return isUnknown(own) ? own : all
}

/** A sysctl as a yes or no; unknown where the namespace's details were not read. */
export function isSet(netns: Netns, key: string): Known<boolean> {
  const value = sysctl(netns, key)
  return isUnknown(value) ? value : value !== 0
}

export function sysctl(netns: Netns, key: string): Known<number> {
  if (netns.details === null) return unknown(`${key} was not read`)
  if (isUnknown(netns.details.sysctls))
    return unknown(`${key} could not be read: ${netns.details.sysctls.unknown}`)
  const value = netns.details.sysctls[key]
  if (value === undefined) return unknown(`${key} was not read`)
  return isUnknown(value) ? unknown(`${key} could not be read: ${value.unknown}`) : Number(value)
}
