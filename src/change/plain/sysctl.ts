/** A setting below /proc/sys/net changed, with what else the kernel changes along with it. */
import { listOf, isUnknown } from '../../model/known.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Fact, Step } from '../../model/plan.ts'
import { plainValue, sysctlIn } from '../check/sysctl-in.ts'
import { misuse, planned, refusal, refused, type Planner } from '../planner.ts'
import { restoreAddresses } from '../restore/addresses.ts'
import { restoreNeighbours } from '../restore/neighbours.ts'
import { leavesBy, restoreRoutes } from '../restore/routes.ts'
import { siteOf, type Site } from '../restore/site.ts'
import { sysctlCommand } from '../restore/sysctls.ts'
import { inOrder, type Undo } from '../restore/undo.ts'
import { linksOf, placeNamed, type NamedPlace } from './scene.ts'

/** `value`: numbers and words, one blank between them. */
const plain = /^[\w.:,+-]+(?: [\w.:,+-]+)*$/

export const sysctlSet: Planner<'sysctl-set'> = (world, { netns, name: asked, value: text }, context) => {
  const place = placeNamed(world, netns, context)
  if (!place.ok) return place
  const name = dotted(asked)
  const value = plainValue(text)
  if (name === null || !plain.test(value)) {
    const what =
      name === null
        ? `"${sanitise(asked)}" is no setting below net`
        : `"${sanitise(text)}" is no value of a setting`
    return refused(misuse(asked, what, 'as ipv4.ip_forward 1'))
  }
  const now = sysctlIn(place.value.netns, name)
  const { spot } = place.value
  if (now === null)
    return refused(refusal(name, `there is no setting ${name} in ${place.value.name}: no such link`))
  if (isUnknown(now)) {
    const what = `cannot set ${name} in ${place.value.name}: what it is now, and undo would bring back, could not be read: ${now.unknown}`
    return refused(refusal(name, what))
  }
  if (now === value) return refused(refusal(name, `${name} in ${place.value.name} is ${value} already`))
  const lost = routerRefusal(place.value, name, value)
  if (lost !== null) return refused(refusal(name, lost.what, lost.hint))
  const fact = (is: string): Fact => ({ kind: 'sysctl', at: spot.at, name, value: is })
  const step: Step = {
    title: `set ${name} in ${place.value.name} to ${value}`,
    command: sysctlCommand(spot, [[name, value]]),
    undo: inOrder([sysctlCommand(spot, [[name, now]])], alsoChanged(place.value, name, now, value)),
    after: [fact(value)],
    before: [fact(now)],
    touches: [{ path: [spot.at, `sysctl:${name}`], how: 'change' }],
  }
  return planned({ title: step.title, steps: [step], notes: [] })
}

/** `net.ipv4.ip_forward`, `net/ipv4/ip_forward` → `ipv4.ip_forward`; null: it is none. */
function dotted(asked: string): string | null {
  const name = asked.replaceAll('/', '.').replace(/^net\./, '')
  return /^[a-z0-9]+(?:\.[\w@-]+)+$/.test(name) ? name : null
}

/** Those of `all` that the kernel writes into every link and `default` (inet_forward_change, addrconf_forward_change, addrconf_disable_change). */
const spreading = new Map([
  ['ipv4.ip_forward', 'ipv4.conf.*.forwarding'],
  ['ipv4.conf.all.forwarding', 'ipv4.conf.*.forwarding'],
  ['ipv6.conf.all.forwarding', 'ipv6.conf.*.forwarding'],
  ['ipv6.conf.all.disable_ipv6', 'ipv6.conf.*.disable_ipv6'],
])

function alsoChanged(place: NamedPlace, name: string, now: string, value: string): Undo {
  const pattern = spreading.get(name)
  const spread = pattern === undefined ? [] : spreadOver(place, pattern, now)
  const isOff = /^ipv6\.conf\.(.+)\.disable_ipv6$/.exec(name)?.[1]
  if (isOff === undefined || isOff === 'default' || value === '0') return inOrder(spread)
  const links = linksOf(place).filter(({ name }) => isOff === 'all' || name === isOff)
  const sites = links.map((link) => siteOf(place, link))
  return inOrder(spread, withoutInet6(place, sites))
}

/** Links whose own value differs from what undoing it writes into all of them. */
function spreadOver(place: NamedPlace, pattern: string, now: string): ReturnType<typeof sysctlCommand>[] {
  const names = ['default', ...linksOf(place).map(({ name }) => name)]
  const differing = names.flatMap((each): readonly [string, string][] => {
    const value = sysctlIn(place.netns, pattern.replace('*', each))
    return value === null || isUnknown(value) || value === now ? [] : [[pattern.replace('*', each), value]]
  })
  return differing.length === 0 ? [] : [sysctlCommand(place.spot, differing)]
}

/** IPv6 turned off takes addresses, routes and neighbours of these links. */
function withoutInet6(place: NamedPlace, sites: readonly Site[]): Undo {
  const ifindexes = new Set(sites.map(({ link }) => link.ifindex))
  return inOrder(
    ...sites.map((site) => restoreAddresses(site, 'inet6')),
    ...sites.map((site) => restoreNeighbours(site, 'inet6')),
    restoreRoutes(place, (route) => route.family === 'inet6' && leavesBy(route, ifindexes)),
  )
}

/** With forwarding on, a link listens to routers only where accept_ra is 2: its default route goes at once (rt6_purge_dflt_routers). */
function routerRefusal(
  place: NamedPlace,
  name: string,
  value: string,
): { readonly what: string; readonly hint: string } | null {
  const of = /^ipv6\.conf\.(.+)\.forwarding$/.exec(name)?.[1]
  if (of === undefined || of === 'default' || value === '0') return null
  const byRouter = new Set(
    listOf(place.netns.routes).flatMap(({ protocol, dst, oif }) =>
      protocol === 'ra' && dst === 'default' && oif !== null ? [oif] : [],
    ),
  )
  const link = linksOf(place).find(
    (each) =>
      byRouter.has(each.ifindex) &&
      (of === 'all' || of === each.name) &&
      !isUnknown(each.inet6) &&
      each.inet6?.acceptRa !== 2,
  )
  if (link === undefined) return null
  const shown = sanitise(link.name)
  return {
    what: `the IPv6 default route by ${shown} in ${place.name} came from a router and would go with ${name}=${value}`,
    hint: `vethscope sysctl set ipv6.conf.${shown}.accept_ra 2 first keeps it`,
  }
}
