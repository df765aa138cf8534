/**
 * What is lost when something happens to a link, beyond what was asked for, as the commands that bring it back: from the World
 * before. In an order in which each finds what it needs: links, settings, master, sysctls, addresses, up, neighbours,
 * routes that need no gateway, routes that do.
 */
import { indexOf } from '../../derive/netns-index.ts'
import { contains, formatPrefix, parseIp, parsePrefix } from '../../lib/ip.ts'
import type { Address } from '../../model/address.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { Route } from '../../model/route.ts'
import type { World } from '../../model/world.ts'
import type { PlanContext } from '../planner.ts'
import { addressesOf, restored, restoreAddresses } from './addresses.ts'
import { linksLost, type LostLink } from './links-lost.ts'
import { makeAgain } from './made-again.ts'
import { restoreFdb, restoreNeighbours } from './neighbours.ts'
import { restorePort } from './port.ts'
import { restoreQueueing } from './queueing.ts'
import { leavesBy, nexthopsOn, restoreNexthops, restoreRoutes } from './routes.ts'
import { restoreActivated, restoreSettings, restoreUp } from './settings.ts'
import { siteOf, type Place, type Site } from './site.ts'
import { restoreSysctls } from './sysctls.ts'
import { inOrder, type Undo } from './undo.ts'

/** A link that is deleted: it, its other end, and what stands on them, with all that was on each. */
export function restoreLink(world: World, netns: Netns, link: Link, context: PlanContext): Undo {
  const lost = linksLost(world, [{ netns, link }], context)
  return lost.ok
    ? restoreLost(world, lost.value)
    : { irreversible: lost.refusals.map(({ what }) => what).join('; ') }
}

/** The same for several that go at once. */
export function restoreLost(world: World, lost: readonly LostLink[]): Undo {
  const sites = lost.map(({ site }) => site)
  const freed = sites.flatMap((site) => portsOf(site))
  const ports = [...sites, ...freed.filter((port) => !sites.some((site) => isSame(site, port)))]
  return inOrder(
    ...lost.flatMap((each) => (each.isTwin ? [] : [makeAgain(world, each)])),
    ...sites.map(restoreActivated),
    ...sites.map(restoreSettings),
    ...ports.map((site) => restorePort(site)),
    ...sites.map((site) => restoreSysctls(site)),
    ...sites.map((site) => restoreAddresses(site)),
    ...sites.map(restoreUp),
    ...sites.map((site) => restoreNeighbours(site)),
    ...sites.map((site) => restoreFdb(site, 'self')),
    ...restoreRoutesOf(sites),
    ...sites.map((site) => restoreQueueing(site, true)),
  )
}

function isSame(one: Site, other: Site): boolean {
  return one.netns.id === other.netns.id && one.link.ifindex === other.link.ifindex
}

/** Links that lose their master with it. */
function portsOf(site: Site): readonly Site[] {
  return (indexOf(site.netns).slaves.get(site.link.ifindex) ?? []).map((link) => siteOf(site, link))
}

/** Routes by these links and with these links' addresses as source, namespace by namespace. */
export function restoreRoutesOf(sites: readonly Site[]): readonly Undo[] {
  const places = new Map<string, Place>(sites.map((site) => [site.netns.id, site]))
  return [...places].map(([id, place]) => {
    const here = sites.filter(({ netns }) => netns.id === id)
    const ifindexes = new Set(here.map(({ link }) => link.ifindex))
    const sources = new Set(here.flatMap((site) => addressesOf(site).map(({ local }) => local)))
    return routesBy(place, ifindexes, ({ prefSrc }) => prefSrc !== null && sources.has(prefSrc))
  })
}

function routesBy(place: Place, ifindexes: ReadonlySet<number>, also: (route: Route) => boolean): Undo {
  const nexthops = nexthopsOn(place, ifindexes)
  const byNexthop = ({ nexthopId }: Route): boolean => nexthopId !== null && nexthops.has(nexthopId)
  return inOrder(
    restoreNexthops(place, ifindexes),
    restoreRoutes(place, (route) => leavesBy(route, ifindexes) || byNexthop(route) || also(route)),
  )
}

/**
 * Set down: the kernel forgets its IPv6 addresses (unless keep_addr_on_down), its neighbours, also permanent ones, and every static
 * route through it. It is up again when this is done.
 */
export function restoreAfterDown(site: Site): Undo {
  const ifindexes = new Set([site.link.ifindex])
  const inet6 = new Set(
    addressesOf(site)
      .filter(({ family }) => family === 'inet6')
      .map(({ local }) => local),
  )
  return inOrder(
    restoreUp(site),
    restoreAddresses(site, 'inet6'),
    restoreNeighbours(site),
    routesBy(site, ifindexes, ({ prefSrc }) => prefSrc !== null && inet6.has(prefSrc)),
  )
}

/** In another namespace and back: nothing that the namespace kept for it is left. Back already, under its name, and down. */
export function restoreAfterMove(site: Site): Undo {
  return inOrder(
    restoreActivated(site),
    restorePort(site),
    restoreSysctls(site),
    restoreAddresses(site),
    restoreUp(site),
    restoreNeighbours(site),
    restoreFdb(site, 'self'),
    ...restoreRoutesOf([site]),
    restoreQueueing(site, false),
  )
}

/** Less than the 1280 bytes that IPv6 needs (RFC 8200): all of its IPv6 goes, settings too. */
export function restoreAfterSmallMtu(site: Site): Undo {
  const isInet6 = ({ family }: Route): boolean => family === 'inet6'
  const ifindexes = new Set([site.link.ifindex])
  return inOrder(
    restoreSysctls(site, 'ipv6'),
    restoreAddresses(site, 'inet6'),
    restoreNeighbours(site, 'inet6'),
    restoreRoutes(site, (route) => isInet6(route) && leavesBy(route, ifindexes)),
  )
}

/**
 * An address that is taken away: with the first of an IPv4 network go the others (or, with promote_secondaries, one of them takes its
 * place), with the last one of a link all its routes and neighbours (fib_inetaddr_event in net/ipv4/fib_frontend.c).
 * It comes back behind those of other networks: what stands there would have to go for a moment to be behind it.
 */
export function restoreAfterAddress(site: Site, address: Address): Undo {
  const mine = addressesOf(site).filter(({ family }) => family === address.family)
  const others = goesWith(address, mine)
  const network = networkOf(address)
  // Where others went, or one of them took its place, all of that network is set anew, so that each is what it was.
  const gone = others.length === 0 ? [address] : mine.filter((each) => isIn(network, each.local))
  const locals = new Set(gone.map(({ local }) => local))
  const isLast = address.family === 'inet' && mine.every((each) => gone.includes(each))
  const ifindexes = new Set([site.link.ifindex])
  return inOrder(
    others.length === 0 ? [] : [site.spot.ip('-4', 'address', 'flush', 'dev', site.link.name, 'to', network)],
    restored(
      site,
      mine.filter((each) => gone.includes(each)),
    ),
    isLast ? restoreNeighbours(site, 'inet') : [],
    restoreRoutes(
      site,
      (route) =>
        route.family === address.family &&
        ((route.prefSrc !== null && locals.has(route.prefSrc)) || (isLast && leavesBy(route, ifindexes))),
    ),
  )
}

/** Secondary addresses of the same network and length; none where it is secondary itself. */
export function goesWith(address: Address, all: readonly Address[]): readonly Address[] {
  if (address.family !== 'inet' || address.flags.includes('secondary')) return []
  return all.filter(
    (each) => each !== address && each.flags.includes('secondary') && networkOf(each) === networkOf(address),
  )
}

function networkOf({ local, peer, prefixLen }: Address): string {
  const prefix = parsePrefix(`${peer ?? local}/${prefixLen}`)
  return prefix === null ? local : formatPrefix(prefix)
}

function isIn(network: string, local: string): boolean {
  const [prefix, ip] = [parsePrefix(network), parseIp(local)]
  return prefix !== null && ip !== null && contains(prefix, ip)
}
