/** Which addresses are in use on a host or set aside by somebody: a network that overlaps them would cut them off. */
import { nameServer } from '../../derive/probe/resolv-conf.ts'
import { contains, parseIp, parsePrefix, prefixOf, widthOf, type Family, type Prefix } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Lab } from '../../model/lab.ts'
import type { Netns } from '../../model/netns.ts'
import type { Route } from '../../model/route.ts'
import type { World } from '../../model/world.ts'
import { planned, refused, type Planned } from '../planner.ts'
import { unreadable } from '../unreadable.ts'

export type TakenRange = {
  readonly prefix: Prefix
  /** Behind "overlaps": `route 10.0.0.0/8 by eth0`. */
  readonly what: string
  /** The link whose own addresses these are: no obstacle for a network on that link. */
  readonly link: string | null
  readonly of: 'network' | 'address' | 'route' | 'nameserver'
}

export type Taken = {
  readonly ranges: readonly TakenRange[]
  /** What could not be looked at, and might be in use. */
  readonly notes: readonly string[]
}

/** Refused where the kernel's own tables could not be read: any range might be in use then. */
export function takenRanges(world: World, host: Netns, lab: Lab): Planned<Taken> {
  const { links, addresses, routes } = host
  for (const [what, table] of [
    ['links', links],
    ['addresses', addresses],
    ['routes', routes],
  ] as const) {
    if (isUnknown(table)) return refused(unreadable('host', `the ${what} of this host`, table.unknown))
  }
  const networks = ofEngines(world)
  const servers = ofNameservers(world)
  return planned({
    // The most telling one first: a network of an engine is also an address and a route.
    ranges: [...ofLab(lab), ...networks.ranges, ...ofAddresses(host), ...ofRoutes(host), ...servers.ranges],
    notes: [...networks.notes, ...servers.notes],
  })
}

export function overlap(a: Prefix, b: Prefix): boolean {
  const [wide, narrow] = a.length <= b.length ? [a, b] : [b, a]
  return contains(wide, narrow)
}

/** Who is in the way of a network; null: nobody. */
export function overlapped(prefix: Prefix, ranges: readonly TakenRange[]): TakenRange | null {
  return ranges.find((range) => overlap(prefix, range.prefix)) ?? null
}

function ofLab({ networks }: Lab): readonly TakenRange[] {
  return networks.flatMap(({ name, bridge, parent, subnets }) =>
    subnets.flatMap(({ subnet }) =>
      rangeOf(subnet, `lab network ${name} (${subnet})`, bridge ?? parent, 'network'),
    ),
  )
}

/** Of engines whose bridges are on this host; the lab is known from its own records. */
function ofEngines(world: World): Taken {
  const engines = listOf(world.engines).filter(
    ({ engine, netns }) => engine !== 'lab' && (netns === null || netns === world.host),
  )
  const unknownOf = isUnknown(world.engines) ? [`container engines: ${sanitise(world.engines.unknown)}`] : []
  return {
    ranges: engines.flatMap(({ engine, networks }) =>
      listOf(networks).flatMap(({ name, bridge, subnets }) =>
        subnets.flatMap(({ subnet }) =>
          rangeOf(subnet, `network ${sanitise(name)} of ${engine} (${sanitise(subnet)})`, bridge, 'network'),
        ),
      ),
    ),
    notes: [
      ...unknownOf,
      ...engines.flatMap(({ engine, networks }) =>
        isUnknown(networks) ? [`networks of ${engine}: ${sanitise(networks.unknown)}`] : [],
      ),
    ].map((what) => `not looked at for overlaps: ${what}`),
  }
}

function ofAddresses(host: Netns): readonly TakenRange[] {
  return listOf(host.addresses).flatMap(({ ifindex, local, peer, prefixLen }) => {
    const ip = parseIp(peer ?? local)
    const own = parseIp(local)
    const link = nameOf(host, ifindex)
    const what = `${local}/${prefixLen}, an address of ${link === null ? 'this host' : sanitise(link)}`
    const range = (prefix: Prefix): TakenRange => ({ prefix, what, link, of: 'address' })
    return [
      // With a length that means everything only the address itself is in use.
      ...(ip === null
        ? []
        : [range(prefixOf(ip, isEverything(ip.family, prefixLen) ? widthOf(ip.family) : prefixLen))]),
      ...(own === null || peer === null ? [] : [range(prefixOf(own, widthOf(own.family)))]),
    ]
  })
}

/** Not what a VPN or a router gives as "everything": halves of all addresses, and 2000::/3, all that are routed in IPv6. */
const longestDefault = { inet: 1, inet6: 3 } as const

function isEverything(family: Family, length: number): boolean {
  return length <= longestDefault[family]
}

function ofRoutes(host: Netns): readonly TakenRange[] {
  return listOf(host.routes).flatMap((route) => {
    if (route.cached || ['broadcast', 'multicast', 'anycast'].includes(route.type)) return []
    const prefix = route.dst === 'default' ? null : parsePrefix(route.dst)
    if (prefix === null || isEverything(prefix.family, prefix.length)) return []
    const by = nameOf(host, route.oif)
    const table = route.table === 254 ? '' : ` (table ${tableText(route.table)})`
    const type = route.type === 'unicast' ? '' : `${route.type} `
    const way = by === null ? '' : ` by ${sanitise(by)}`
    const isOwn = route.gateway === null && route.nexthops.length === 0
    return [
      {
        prefix,
        what: `${type}route ${route.dst}${way}${table}`,
        link: isOwn ? by : null,
        of: 'route' as const,
      },
    ]
  })
}

function tableText(table: Route['table']): string {
  return table === 255 ? 'local' : table === 253 ? 'default' : String(table)
}

/** Of all processes of the host: they may see different files. */
function ofNameservers(world: World): Taken {
  const files = world.dns.filter(
    ({ netns, path }) => netns.includes(world.host) && !path.startsWith('/etc/netns/'),
  )
  return {
    ranges: files.flatMap(({ resolvConf }) =>
      isUnknown(resolvConf)
        ? []
        : [...resolvConf.matchAll(/^[ \t]*nameserver[ \t]+(\S+)/gm)].flatMap(([, text = '']) => {
            const server = nameServer(text)
            if (server === null) return []
            return rangeOf(server.address, `${server.address}, a nameserver of this host`, null, 'nameserver')
          }),
    ),
    notes: files.flatMap(({ resolvConf }) =>
      isUnknown(resolvConf) && resolvConf.unknown !== 'not there'
        ? [`not looked at for overlaps: nameservers: ${sanitise(resolvConf.unknown)}`]
        : [],
    ),
  }
}

function rangeOf(
  text: string,
  what: string,
  link: string | null,
  of: TakenRange['of'],
): readonly TakenRange[] {
  const prefix = parsePrefix(text)
  return prefix === null ? [] : [{ prefix, what, link, of }]
}

function nameOf({ links }: Netns, ifindex: number | null): string | null {
  return listOf(links).find((link) => link.ifindex === ifindex)?.name ?? null
}
