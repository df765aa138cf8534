/** Routes, nexthops and policy rules as they were. */
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Command } from '../../model/plan.ts'
import type { NexthopObject, PolicyRule, Route } from '../../model/route.ts'
import { nameAt, type Place } from './site.ts'
import { inOrder, irreversible, type Undo } from './undo.ts'

/** RT_TABLE_LOCAL (linux/rtnetlink.h). */
const localTable = 255

/** Follows from addresses and links, or from what happened meanwhile: nobody has to bring it back. */
function isAutomatic({ protocol, cached, type, table }: Route): boolean {
  return (
    cached || protocol === 'kernel' || (table === localTable && (type === 'multicast' || type === 'anycast'))
  )
}

export function leavesBy(route: Route, ifindexes: ReadonlySet<number>): boolean {
  if (route.oif !== null && ifindexes.has(route.oif)) return true
  return route.nexthops.some(({ oif }) => oif !== null && ifindexes.has(oif))
}

/** Those of the namespace that `isLost`, each after what it needs to be reached by. */
export function restoreRoutes(place: Place, isLost: (route: Route) => boolean): Undo {
  if (isUnknown(place.netns.routes))
    return { irreversible: `its routes could not be read: ${place.netns.routes.unknown}` }
  const lost = place.netns.routes.filter((route) => !isAutomatic(route) && isLost(route))
  const reasons = lost.flatMap((route) => reasonsOf(route))
  const ordered = [...lost.filter((route) => !hasGateway(route)), ...lost.filter(hasGateway)]
  return inOrder(
    irreversible(reasons),
    ordered.flatMap((route) => commandsFor(place, route)),
  )
}

/** One route, whoever made it. */
export function restoreRoute(place: Place, route: Route): Undo {
  return inOrder(irreversible(reasonsOf(route)), commandsFor(place, route))
}

/**
 * A gateway that no network of its link holds any more (its address was taken away since): the kernel keeps such a route and takes no new one
 * (fib_check_nh_v4_gw in net/ipv4/fib_semantics.c), so for that moment there is a route to the gateway alone.
 */
function commandsFor(place: Place, route: Route): readonly Command[] {
  const { family, table, nexthops } = route
  const strangers = [route, ...nexthops].filter((each) => !isReached(place, family, each))
  const way = (word: string, { gateway, oif }: Pick<Route, 'gateway' | 'oif'>): Command => ({
    ...place.spot.ip(
      ...(family === 'inet6' ? ['-6'] : []),
      'route',
      word,
      gateway ?? '',
      ...hop(place, { family, gateway: null, oif }, []),
      'table',
      tableText(table),
    ),
    // There already, or gone already, where this is run for the second time.
    also: [2],
  })
  return [
    ...strangers.map((each) => way('add', each)),
    routeCommand(place, route, 'replace'),
    ...strangers.map((each) => way('delete', each)),
  ]
}

function isReached(
  { netns }: Place,
  family: Route['family'],
  { gateway, oif, flags }: Pick<Route, 'gateway' | 'oif' | 'flags'>,
): boolean {
  const ip = gateway === null ? null : parseIp(gateway)
  if (ip === null || ip.family !== family || gateway?.startsWith('fe80:') || flags.includes('onlink'))
    return true
  return listOf(netns.routes).some((each) => {
    if (each.family !== family || each.oif !== oif || hasGateway(each) || each.type !== 'unicast')
      return false
    const prefix = each.dst === 'default' ? null : parsePrefix(each.dst)
    return prefix === null || contains(prefix, ip)
  })
}

function hasGateway({ gateway, nexthops }: Route): boolean {
  return gateway !== null || nexthops.some((hop) => hop.gateway !== null)
}

function reasonsOf(route: Route): readonly string[] {
  const { protocol, dst, expires, encap } = route
  if (protocol === 'dhcp' || protocol === 'ra' || protocol === 'redirect')
    return [
      `route ${dst} came from ${protocol === 'dhcp' ? 'DHCP' : 'a router'}: only that can give it again`,
    ]
  if (expires !== null) return [`route ${dst} has an end in ${expires} s, which cannot be given back`]
  return encap === null ? [] : [`route ${dst} is encapsulated (${encap}) in a way that was not read`]
}

/** `word`: add, replace, delete. */
export function routeCommand(place: Place, route: Route, word: 'add' | 'replace' | 'delete'): Command {
  const { family, type, dst, src, tos, metric, protocol, scope, prefSrc, nexthops, nexthopId } = route
  const usualScope = family === 'inet6' || type !== 'unicast' ? 'global' : scopeFor(route)
  return place.spot.ip(
    ...(family === 'inet6' ? ['-6'] : []),
    'route',
    word,
    ...(type === 'unicast' ? [] : [type]),
    dst,
    ...(src === null ? [] : ['from', src]),
    ...(tos === 0 ? [] : ['tos', `0x${tos.toString(16)}`]),
    ...(nexthopId === null ? [] : ['nhid', String(nexthopId)]),
    ...(nexthopId === null && nexthops.length === 0 ? hop(place, route, route.flags) : []),
    ...(prefSrc === null ? [] : ['src', prefSrc]),
    ...(metric === null ? [] : ['metric', String(metric)]),
    'table',
    tableText(route.table),
    ...(protocol === 'boot' ? [] : ['proto', protocol]),
    ...(scope === usualScope || family === 'inet6' ? [] : ['scope', scope]),
    ...(route.mtu === null ? [] : ['mtu', String(route.mtu)]),
    ...(route.advmss === null ? [] : ['advmss', String(route.advmss)]),
    ...(nexthopId === null
      ? nexthops.flatMap((each) => [
          'nexthop',
          ...hop(place, { ...each, family }, []),
          'weight',
          String(each.weight),
          ...onlink(each.flags),
        ])
      : []),
  )
}

type Hop = Pick<Route, 'family' | 'gateway' | 'oif'>

function hop(place: Place, { family, gateway, oif }: Hop, flags: readonly string[]): readonly string[] {
  const name = oif === null ? null : nameAt(place, oif)
  return [...via(family, gateway), ...(name === null ? [] : ['dev', name]), ...onlink(flags)]
}

/** A gateway of the other family needs its family named. */
function via(family: string, gateway: string | null): readonly string[] {
  if (gateway === null) return []
  const other = gateway.includes(':') ? 'inet6' : 'inet'
  return other === family ? ['via', gateway] : ['via', other, gateway]
}

function onlink(flags: readonly string[]): readonly string[] {
  return flags.includes('onlink') ? ['onlink'] : []
}

/** What `ip route` gives a route of its own accord: link where there is no gateway (iproute.c). */
function scopeFor({ gateway, nexthops, nexthopId }: Route): string {
  return gateway === null && nexthops.length === 0 && nexthopId === null ? 'link' : 'global'
}

export function tableText(table: number): string {
  return { 253: 'default', 254: 'main', 255: 'local' }[table] ?? String(table)
}

/** Nexthop objects on these links, and the groups they are in; before the routes that use them. */
export function restoreNexthops(place: Place, ifindexes: ReadonlySet<number>): Undo {
  const all = listOf(place.netns.nexthopObjects)
  const lost = all.filter(({ oif }) => oif !== null && ifindexes.has(oif))
  const ids = new Set(lost.map(({ id }) => id))
  const groups = all.filter(({ group }) => group.some(({ id }) => ids.has(id)))
  return [...lost, ...groups].map((each) => nexthopCommand(place, each))
}

/** Routes by a nexthop object that is lost go with it. */
export function nexthopsOn(place: Place, ifindexes: ReadonlySet<number>): ReadonlySet<number> {
  const all = listOf(place.netns.nexthopObjects)
  const ids = new Set(all.filter(({ oif }) => oif !== null && ifindexes.has(oif)).map(({ id }) => id))
  return new Set([
    ...ids,
    ...all.filter(({ group }) => group.some(({ id }) => ids.has(id))).map(({ id }) => id),
  ])
}

function nexthopCommand(place: Place, nexthop: NexthopObject): Command {
  const { id, family, oif, gateway, blackhole, fdb, group, flags, protocol } = nexthop
  const name = oif === null ? null : nameAt(place, oif)
  return place.spot.ip(
    ...(family === 'inet6' ? ['-6'] : []),
    'nexthop',
    'replace',
    'id',
    String(id),
    ...(group.length > 0 ? ['group', group.map((each) => `${each.id},${each.weight}`).join('/')] : []),
    ...(blackhole ? ['blackhole'] : []),
    ...(gateway === null ? [] : ['via', gateway]),
    ...(name === null || blackhole ? [] : ['dev', name]),
    ...onlink(flags),
    ...(fdb ? ['fdb'] : []),
    ...(protocol === 'unspec' || protocol === '' ? [] : ['proto', protocol]),
  )
}

/** Every namespace has these of the kernel. */
export function isUsualRule({ priority, protocol, table }: PolicyRule): boolean {
  return protocol === 'kernel' && ((priority === 0 && table === localTable) || priority >= 32_766)
}

export function ruleCommand(place: Place, rule: PolicyRule): Command {
  const pair = (word: string, value: string | number | null): readonly string[] =>
    value === null ? [] : [word, String(value)]
  const range = (word: string, value: PolicyRule['sport']): readonly string[] =>
    value === null ? [] : [word, value.from === value.to ? String(value.from) : `${value.from}-${value.to}`]
  const mask = rule.fwmask === null || rule.fwmask === 0xffffffff ? '' : `/0x${rule.fwmask.toString(16)}`
  return place.spot.ip(
    ...(rule.family === 'inet6' ? ['-6'] : []),
    'rule',
    'add',
    ...(rule.not ? ['not'] : []),
    ...pair('from', rule.src ?? 'all'),
    ...pair('to', rule.dst),
    ...pair('iif', rule.iif),
    ...pair('oif', rule.oif),
    ...(rule.tos === 0 ? [] : ['tos', `0x${rule.tos.toString(16)}`]),
    ...(rule.fwmark === null ? [] : ['fwmark', `0x${rule.fwmark.toString(16)}${mask}`]),
    ...pair('ipproto', rule.ipProto),
    ...range('sport', rule.sport),
    ...range('dport', rule.dport),
    ...(rule.uidRange === null ? [] : ['uidrange', `${rule.uidRange.from}-${rule.uidRange.to}`]),
    ...pair('priority', rule.priority),
    ...(rule.protocol === null || rule.protocol === 'boot' ? [] : ['protocol', rule.protocol]),
    ...actionOf(rule),
    ...pair('suppress_prefixlength', rule.suppressPrefixLen),
    ...pair('suppress_ifgroup', rule.suppressIfgroup),
  )
}

function actionOf({ action, table, goto, l3mdev }: PolicyRule): readonly string[] {
  if (l3mdev) return ['l3mdev']
  if (action === 'goto') return ['goto', String(goto)]
  if (action === 'table') return ['table', tableText(table ?? 254)]
  return ['type', action]
}
