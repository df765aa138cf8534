/** Routes of a namespace that somebody gave it: neither the kernel's own nor those that its networks bring. */
import { defaultRoutes } from '../change/lab/default-routes.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Lab, LabNode } from '../model/lab.ts'
import type { Netns } from '../model/netns.ts'
import type { FileNode } from '../model/network-file.ts'
import type { Route } from '../model/route.ts'
import { routeText } from '../derive/route-text.ts'
import { said } from './exported.ts'

type FileRoute = NonNullable<FileNode['routes']>[number]

/** RT_TABLE_MAIN (linux/rtnetlink.h). */
const mainTable = 254
/** What IPv6 routes have where none is asked for (IP6_RT_PRIO_USER, net/ip6_route.h). */
const usualMetric6 = 1024

export type GivenRoutes = { readonly routes: readonly FileRoute[]; readonly left: readonly string[] }

/** `of`: where the namespace is a node's own, whose networks bring default routes. */
export function routesOf(
  netns: Netns,
  name: string,
  of: { readonly lab: Lab; readonly node: LabNode } | null,
): GivenRoutes {
  if (isUnknown(netns.routes)) return { routes: [], left: [] }
  const links = new Map(listOf(netns.links).map((link) => [link.ifindex, link.name]))
  const brought = of === null ? [] : defaultRoutes(of.lab, of.node.endpoints)
  const given = netns.routes.filter(
    (route) =>
      isGiven(route) &&
      !brought.some(
        ({ family, link, via }) =>
          route.dst === 'default' &&
          route.family === family &&
          route.gateway === via &&
          links.get(route.oif ?? 0) === link,
      ),
  )
  const routes = given.map((route) => fileRoute(route, links))
  const unsaid = given.filter((_, at) => routes[at] === null)
  return {
    routes: routes.filter((route) => route !== null),
    left: unsaid.map((route) => `route ${routeText(route, netns)} of ${name}`),
  }
}

/** The kernel's own are of protocol kernel, those of daemons of theirs. */
function isGiven({ protocol, cached, table, type }: Route): boolean {
  if (cached || (protocol !== 'boot' && protocol !== 'static')) return false
  return !(type === 'local' || type === 'broadcast' || type === 'multicast') && table !== 255
}

/** null: a file has no words for it. */
function fileRoute(route: Route, links: ReadonlyMap<number, string>): FileRoute | null {
  const { family, table, type, dst, gateway, oif, prefSrc, metric, nexthops, nexthopId, tos, src } = route
  const { encap, mtu, advmss, expires, flags } = route
  const isPlain = type === 'unicast' && table === mainTable && nexthops.length === 0 && nexthopId === null
  const isBare = tos === 0 && src === null && encap === null && mtu === null && advmss === null
  if (!isPlain || !isBare || expires !== null || flags.includes('onlink')) return null
  const link = oif === null ? undefined : links.get(oif)
  // Of `default` alone the family could not be told.
  if (dst === 'default' && family === 'inet6' && gateway === null && prefSrc === null) return null
  const usual = family === 'inet6' ? usualMetric6 : 0
  return {
    to: dst,
    ...said({
      via: gateway ?? undefined,
      link: gateway === null || gateway.startsWith('fe80:') ? link : undefined,
      src: prefSrc ?? undefined,
      metric: metric === null || metric === usual ? undefined : metric,
    }),
  }
}
