/** A namespace's default gateways, the one that packets take first. */
import { parseIp } from '../../lib/ip.ts'
import { isUnknown, listOf, type Known } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Route } from '../../model/route.ts'
import { linkAt } from '../netns-index.ts'

export type Gateway = {
  /** A link-local one with its link: `fe80::1%eth0`. */
  readonly address: string
  readonly family: 4 | 6
  /** By which it is reached. */
  readonly link: string | null
}

/** RT_TABLE_MAIN (linux/rtnetlink.h). */
const mainTable = 254

export function defaultGateways(netns: Netns): Known<readonly Gateway[]> {
  const { routes } = netns
  if (isUnknown(routes)) return routes
  const found = routes
    .filter(({ dst, type, cached }) => dst === 'default' && type === 'unicast' && !cached)
    .toSorted((a, b) => rank(a) - rank(b))
    .flatMap((route) => hopsOf(netns, route))
    .flatMap(({ gateway, oif }): readonly Gateway[] => {
      const ip = gateway === null ? null : parseIp(gateway)
      if (gateway === null || ip === null) return []
      const link = oif === null ? null : (linkAt(netns, oif)?.name ?? null)
      const family = ip.family === 'inet' ? 4 : 6
      return [{ address: scoped(gateway, link), family, link }]
    })
  return found.filter(({ address }, at) => found.findIndex((other) => other.address === address) === at)
}

/** What other rules of the policy may lead to comes after the main table; by metric in each, IPv4 first. */
function rank({ table, metric, family }: Route): number {
  return (table === mainTable ? 0 : 2 ** 34) + (family === 'inet' ? 0 : 2 ** 33) + (metric ?? 0)
}

type Hop = Pick<Route, 'gateway' | 'oif'>

function hopsOf(netns: Netns, { gateway, oif, nexthops, nexthopId }: Route): readonly Hop[] {
  if (gateway !== null) return [{ gateway, oif }]
  if (nexthops.length > 0) return nexthops
  return nexthopId === null ? [] : hopsOfObject(netns, nexthopId)
}

/** `ip nexthop`: one, or a group of others. */
function hopsOfObject(netns: Netns, id: number): readonly Hop[] {
  const objects = listOf(netns.nexthopObjects)
  const object = objects.find((each) => each.id === id)
  if (object === undefined) return []
  const members = object.group.map((member) => member.id)
  return members.length === 0 ? [object] : objects.filter((each) => members.includes(each.id))
}

export function isLinkLocal(address: string): boolean {
  return /^fe[89ab][0-9a-f]:/i.test(address)
}

function scoped(address: string, link: string | null): string {
  return link !== null && isLinkLocal(address) ? `${address}%${link}` : address
}
