/** Routes and policy rules as `ip route` and `ip rule` write them, for sentences. Outside text in it is raw. */
import type { Netns } from '../model/netns.ts'
import type { PolicyRule, Route } from '../model/route.ts'
import { indexOf } from './netns-index.ts'

/** Names of the tables that the kernel itself knows (include/uapi/linux/rtnetlink.h, RT_TABLE_*). */
export function tableName(table: number): string {
  if (table === 255) return 'local'
  if (table === 254) return 'main'
  return table === 253 ? 'default' : String(table)
}

/** `default via 172.17.0.1 dev eth0 metric 100`. */
export function routeText(route: Route, netns: Netns): string {
  const nameOf = (ifindex: number): string => indexOf(netns).links.get(ifindex)?.name ?? `if${ifindex}`
  const hop = (gateway: string | null, oif: number | null): string[] => [
    ...(gateway === null
      ? []
      : [gateway.includes(':') && route.family === 'inet' ? `via inet6 ${gateway}` : `via ${gateway}`]),
    ...(oif === null ? [] : [`dev ${nameOf(oif)}`]),
  ]
  return [
    ...(route.type === 'unicast' ? [] : [route.type]),
    route.dst,
    ...(route.src === null ? [] : [`from ${route.src}`]),
    ...(route.tos === 0 ? [] : [`tos 0x${route.tos.toString(16)}`]),
    ...(route.nexthopId === null ? [] : [`nhid ${route.nexthopId}`]),
    ...hop(route.gateway, route.oif),
    ...route.nexthops.map((next) =>
      ['nexthop', ...hop(next.gateway, next.oif), `weight ${next.weight}`].join(' '),
    ),
    ...(route.table === 254 ? [] : [`table ${tableName(route.table)}`]),
    ...(route.prefSrc === null ? [] : [`src ${route.prefSrc}`]),
    ...(route.metric === null || route.metric === 0 ? [] : [`metric ${route.metric}`]),
  ].join(' ')
}

/** `32766: from all lookup main`. */
export function policyRuleText(rule: PolicyRule): string {
  const mask = rule.fwmask === null || rule.fwmask === 0xffffffff ? '' : `/0x${rule.fwmask.toString(16)}`
  const ports = (range: { readonly from: number; readonly to: number }): string =>
    range.from === range.to ? String(range.from) : `${range.from}-${range.to}`
  return [
    `${rule.priority}:`,
    ...(rule.not ? ['not'] : []),
    `from ${rule.src ?? 'all'}`,
    ...(rule.dst === null ? [] : [`to ${rule.dst}`]),
    ...(rule.tos === 0 ? [] : [`tos 0x${rule.tos.toString(16)}`]),
    ...(rule.fwmark === null ? [] : [`fwmark 0x${rule.fwmark.toString(16)}${mask}`]),
    ...(rule.iif === null ? [] : [`iif ${rule.iif}`]),
    ...(rule.oif === null ? [] : [`oif ${rule.oif}`]),
    ...(rule.uidRange === null ? [] : [`uidrange ${rule.uidRange.from}-${rule.uidRange.to}`]),
    ...(rule.ipProto === null ? [] : [`ipproto ${rule.ipProto}`]),
    ...(rule.sport === null ? [] : [`sport ${ports(rule.sport)}`]),
    ...(rule.dport === null ? [] : [`dport ${ports(rule.dport)}`]),
    actionText(rule),
    ...(rule.suppressPrefixLen === null ? [] : [`suppress_prefixlength ${rule.suppressPrefixLen}`]),
    ...(rule.suppressIfgroup === null ? [] : [`suppress_ifgroup ${rule.suppressIfgroup}`]),
  ].join(' ')
}

function actionText(rule: PolicyRule): string {
  if (rule.action === 'goto') return `goto ${rule.goto ?? '(nowhere)'}`
  if (rule.action !== 'table') return rule.action
  return rule.l3mdev ? 'lookup [l3mdev-table]' : `lookup ${rule.table === null ? '?' : tableName(rule.table)}`
}
