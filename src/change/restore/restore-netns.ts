/** A namespace that is deleted with all that is in it, as the commands that make it again. */
import { sysctlDefault } from '../../derive/sysctl-defaults.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Route } from '../../model/route.ts'
import type { World } from '../../model/world.ts'
import type { PlanContext } from '../planner.ts'
import { restoreAddresses } from './addresses.ts'
import { isOfItself, linksLost } from './links-lost.ts'
import { restoreNeighbours } from './neighbours.ts'
import { restoreLost } from './restore-link.ts'
import { isUsualRule, leavesBy, restoreRoutes, ruleCommand } from './routes.ts'
import { restoreSettings, restoreUp } from './settings.ts'
import { nameAt, placeIn, siteOf, type Place } from './site.ts'
import { restoreSysctls, sysctlCommand } from './sysctls.ts'
import { inOrder, irreversible, type Undo } from './undo.ts'

/** One of /run/netns. What is bound there under `name` keeps nothing of it. */
export function restoreNetns(world: World, netns: Netns, name: string, context: PlanContext): Undo {
  const place = placeIn(world, netns, context)
  if (!place.ok) return { irreversible: place.refusals.map(({ what }) => what).join('; ') }
  if (isUnknown(netns.links))
    return { irreversible: `what is in netns ${name} could not be read: ${netns.links.unknown}` }
  const dying = netns.links.filter((link) => !isOfItself(link))
  const lost = linksLost(
    world,
    dying.map((link) => ({ netns, link })),
    context,
  )
  if (!lost.ok) return { irreversible: lost.refusals.map(({ what }) => what).join('; ') }
  const lo = netns.links.filter(({ kind }) => kind === 'loopback').map((link) => siteOf(place.value, link))
  const ifindexes = new Set(dying.map(({ ifindex }) => ifindex))
  return inOrder(
    irreversible(reasonsOf(netns, name)),
    // 1: it has been made again already when this is run for the second time.
    [{ argv: ['ip', 'netns', 'add', name], also: [1] }],
    settingsOf(world, place.value),
    ...lo.map(restoreSettings),
    ...lo.map((site) => restoreSysctls(site)),
    ...lo.map((site) => restoreAddresses(site)),
    ...lo.map(restoreUp),
    restoreLost(world, lost.value),
    ...lo.map((site) => restoreNeighbours(site)),
    listOf(netns.policyRules)
      .filter((rule) => !isUsualRule(rule))
      .map((rule) => ({ ...ruleCommand(place.value, rule), also: [2] })),
    restoreRoutes(place.value, (route) => !leavesBy(route, ifindexes) && isWhole(place.value, route)),
  )
}

/** None of its links is one that another step brings back, later. */
function isWhole(place: Place, { oif, nexthops }: Route): boolean {
  return [oif, ...nexthops.map((hop) => hop.oif)].every(
    (each) => each === null || nameAt(place, each) !== null,
  )
}

/** What is in there beside links, addresses and routes. */
function reasonsOf({ firewall, details, holders, links }: Netns, name: string): readonly string[] {
  // Tables of iptables without a rule come by looking.
  const tables = (firewall?.tables ?? []).filter(
    ({ backend, chains }) => backend === 'nft' || chains.some(({ rules }) => rules.length > 0),
  )
  return [
    ...(holders.processes.length > 0 ? [`${holders.processes.length} processes run in netns ${name}`] : []),
    ...(tables.length > 0 || (firewall?.unread ?? []).length > 0
      ? [`netns ${name} has firewall rules, which are not made again`]
      : []),
    ...(details !== null && listOf(details.xfrmPolicies).length > 0
      ? [`netns ${name} has IPsec policies, which are not made again`]
      : []),
    ...listOf(links).flatMap((link) =>
      link.kind === 'device' ? [`device ${link.name} goes from netns ${name} to the first namespace`] : [],
    ),
  ]
}

/** A new namespace begins with the kernel's own values, or with those of the first one (net.core.devconf_inherit_init_net). */
function settingsOf(world: World, place: Place): Undo {
  const { details } = place.netns
  if (details === null || isUnknown(details.sysctls)) return []
  const first = world.netns.find(({ id }) => id === world.init)?.details?.sysctls
  const others = first === undefined || isUnknown(first) ? {} : first
  const differing = Object.entries(details.sysctls).flatMap(([name, value]): readonly [string, string][] => {
    const usual = sysctlDefault(name)
    if (usual === null || isUnknown(value)) return []
    return value === usual.value && (others[name] ?? value) === value ? [] : [[name, value]]
  })
  // ip_forward is all.forwarding, and either writes over those of `default` and of every link.
  const rank = ([name]: readonly [string, string]): number =>
    name === 'ipv4.ip_forward' ? 0 : name.includes('.all.') ? 1 : 2
  const ordered = differing.toSorted((one, other) => rank(one) - rank(other))
  return ordered.length === 0 ? [] : [sysctlCommand(place.spot, ordered)]
}
