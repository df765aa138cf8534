/**
 *  policy rules, asked in this order
 *      0: from all lookup local
 *  32766: from all lookup main
 *
 *  table main  3 routes
 *  default via 172.17.0.1 dev eth0
 *  172.17.0.0/16 dev eth0 src 172.17.0.3       kernel link
 */
import { policyRuleText, routeText, tableName } from '../../../derive/route-text.ts'
import { isUnknown } from '../../../model/known.ts'
import type { Netns } from '../../../model/netns.ts'
import type { PolicyRule, Route } from '../../../model/route.ts'
import type { Line } from '../../frame.ts'
import { counted } from '../numbers.ts'
import { gap, lineOf, span } from '../text.ts'
import { andMore, heading, listed, mostRows, notRead, parted, said } from './lines.ts'

export function routeTableLines(netns: Netns, columns: number): readonly Line[] {
  return parted(
    [
      listed(netns.policyRules, columns, (rules) => ruleLines(rules, columns)),
      ...(isUnknown(netns.routes)
        ? [notRead(netns.routes.unknown, columns)]
        : tables(netns, netns.routes, columns)),
    ],
    columns,
  )
}

/** What both families say is said once. */
function ruleLines(rules: readonly PolicyRule[], columns: number): readonly Line[] {
  if (rules.length === 0) return said('no policy rule: no table is asked', columns, 'link.down')
  const texts = new Map<string, { readonly priority: number; readonly families: string[] }>()
  for (const rule of rules.toSorted((a, b) => a.priority - b.priority)) {
    const text = policyRuleText(rule)
    const known = texts.get(text)
    const family = rule.family === 'inet' ? 'IPv4' : 'IPv6'
    if (known === undefined) texts.set(text, { priority: rule.priority, families: [family] })
    else if (!known.families.includes(family)) known.families.push(family)
  }
  return [
    heading('policy rules', columns, 'asked in this order'),
    ...[...texts]
      .slice(0, mostRows)
      .map(([text, { families }]) =>
        lineOf(
          [
            gap(Math.max(1, 7 - text.indexOf(':'))),
            span(text),
            ...(families.length === 1 ? [span(`  ${families[0]} only`, 'dim')] : []),
          ],
          columns,
        ),
      ),
    ...andMore(texts.size, 'rules', columns),
  ]
}

/** main first, which is what is asked for; local last, which says what the addresses say. */
function tables(netns: Netns, routes: readonly Route[], columns: number): readonly (readonly Line[])[] {
  if (routes.length === 0) return [said('no routes: nothing gets out', columns)]
  const byTable = new Map<number, Route[]>()
  for (const route of routes) {
    const list = byTable.get(route.table)
    if (list === undefined) byTable.set(route.table, [route])
    else list.push(route)
  }
  const place = (table: number): number => (table === 254 ? -1 : table === 255 ? Infinity : table)
  return [...byTable]
    .toSorted(([a], [b]) => place(a) - place(b))
    .map(([table, list]) => [
      heading(`table ${tableName(table)}`, columns, counted(list.length, 'route')),
      ...list
        .toSorted((a, b) => order(a) - order(b))
        .slice(0, mostRows)
        .map((route) => routeLine(netns, route, columns)),
      ...andMore(list.length, 'routes', columns),
    ])
}

const order = ({ family, dst, cached }: Route): number =>
  (family === 'inet' ? 0 : 2) + (dst === 'default' ? 0 : 1) + (cached ? 4 : 0)

const lost = ['dead', 'linkdown']
const refusals = ['blackhole', 'unreachable', 'prohibit', 'throw']

function routeLine(netns: Netns, route: Route, columns: number): Line {
  const isOff = route.flags.some((flag) => lost.includes(flag)) || refusals.includes(route.type)
  const facts = [
    route.protocol,
    route.scope === 'global' ? '' : route.scope,
    ...route.flags,
    route.mtu === null ? '' : `mtu ${route.mtu}`,
    route.encap ?? '',
    route.expires === null ? '' : `expires in ${route.expires} s`,
    route.cached ? 'learnt' : '',
  ].filter((text) => text !== '')
  return lineOf(
    [
      gap(1),
      // The heading says which table it is.
      span(routeText({ ...route, table: 254 }, netns), isOff ? 'link.down' : 'address'),
      span(`  ${facts.join(' ')}`, 'dim'),
    ],
    columns,
  )
}
