/** Links of a namespace as facts of a plan leave them. */
import type { Nsid } from '../../model/ids.ts'
import { inet6Settings, inetSettings } from '../../model/link-settings.ts'
import { isUnknown, listOf, unknown, type Known } from '../../model/known.ts'
import type { BridgePort, Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { Fact, LinkFacts } from '../../model/plan.ts'

type LinkFact = Extract<Fact, { readonly kind: 'link' }>

/** What no fact tells of a link that the plan itself makes. */
const toBeMade = unknown('the plan itself makes it')

export function afterLink(netns: Netns, fact: LinkFact): Netns {
  if (isUnknown(netns.links)) return netns
  const link = netns.links.find(({ name }) => name === fact.name)
  if (!fact.there) return link === undefined ? netns : withoutLink(netns, link)
  const is = fact.is ?? {}
  if (link === undefined) {
    const ifindex = Math.max(0, ...netns.links.map((each) => each.ifindex)) + 1
    return { ...netns, links: [...netns.links, changed(netns, madeLink(fact.name, ifindex, is), is)] }
  }
  return { ...netns, links: netns.links.map((each) => (each === link ? changed(netns, each, is) : each)) }
}

/** With all that is on it. */
export function withoutLink(netns: Netns, { ifindex: gone }: Link): Netns {
  const kept = (ifindex: number | null): boolean => ifindex !== gone
  return {
    ...netns,
    links: listOf(netns.links)
      .filter(({ ifindex }) => kept(ifindex))
      // Ports of a bridge that is gone.
      .map((link) => (kept(link.master) ? link : { ...link, master: null, port: null })),
    addresses: onlyOf(netns.addresses, kept),
    neighbours: onlyOf(netns.neighbours, kept),
    fdb: onlyOf(netns.fdb, kept),
    routes: isUnknown(netns.routes)
      ? netns.routes
      : netns.routes.filter(({ oif, nexthops }) => kept(oif) && nexthops.every((hop) => kept(hop.oif))),
  }
}

function onlyOf<T extends { readonly ifindex: number }>(
  rows: Known<readonly T[]>,
  kept: (ifindex: number) => boolean,
): Known<readonly T[]> {
  return isUnknown(rows) ? rows : rows.filter(({ ifindex }) => kept(ifindex))
}

/** `lo` of a namespace that the plan makes. */
export function madeLoopback(): Link {
  return {
    ...madeLink('lo', 1, {}),
    kind: 'loopback',
    linkType: 'loopback',
    flags: ['LOOPBACK'],
    mtu: 65_536,
  }
}

function madeLink(name: string, ifindex: number, { kind }: LinkFacts): Link {
  const base = {
    ifindex,
    name,
    altNames: [],
    alias: null,
    linkType: 'ether',
    flags: ['BROADCAST', 'MULTICAST'],
    operstate: 'UNKNOWN',
    carrier: null,
    carrierUpCount: null,
    carrierDownCount: null,
    mtu: 1500,
    minMtu: 68,
    maxMtu: 65_535,
    txqlen: 1000,
    qdisc: null,
    lladdr: null,
    addrAssignType: null,
    promiscuity: null,
    master: null,
    slaveKind: null,
    lower: null,
    stats: toBeMade,
    offloads: toBeMade,
    xdp: null,
    inet: toBeMade,
    inet6: toBeMade,
    port: null,
  }
  switch (kind) {
    case 'bridge':
      return { ...base, kind, bridge: toBeMade }
    case 'vxlan':
      return { ...base, kind, vxlan: toBeMade }
    case 'macvlan':
      return { ...base, kind, macvlan: toBeMade }
    case 'ipvlan':
      return { ...base, kind, ipvlan: toBeMade }
    default:
      return { ...base, kind: 'veth' }
  }
}

function changed(netns: Netns, link: Link, is: LinkFacts): Link {
  const master =
    is.master === undefined || is.master === null
      ? (is.master ?? link.master)
      : (listOf(netns.links).find(({ name }) => name === is.master)?.ifindex ?? link.master)
  return {
    ...link,
    ...(is.up === undefined ? {} : { flags: flagsOf(link, is.up) }),
    ...(is.mtu === undefined ? {} : { mtu: is.mtu }),
    ...(is.alias === undefined ? {} : { alias: is.alias }),
    ...(is.lladdr === undefined ? {} : { lladdr: is.lladdr }),
    ...(is.master === undefined ? {} : { master: is.master === null ? null : master }),
    ...(is.master === undefined ? {} : { port: is.master === null ? null : (link.port ?? toBeMade) }),
    ...portOf(link, is),
  }
}

/** Who is up has a carrier: what is made by a plan has its other end up as well. */
function flagsOf({ flags }: Link, up: boolean): readonly string[] {
  const others = flags.filter((flag) => flag !== 'UP' && flag !== 'LOWER_UP')
  return up ? [...others, 'UP', 'LOWER_UP'] : others
}

function portOf({ port }: Link, { isolated, hairpin }: LinkFacts): { readonly port?: BridgePort } {
  if ((isolated === undefined && hairpin === undefined) || port === null || isUnknown(port)) return {}
  return {
    port: {
      ...port,
      ...(isolated === undefined ? {} : { isolated }),
      ...(hairpin === undefined ? {} : { hairpin }),
    },
  }
}

/** `ipv4.conf.eth0.route_localnet` of links whose own settings were read. */
export function withSetting(link: Link, family: 'ipv4' | 'ipv6', setting: string, value: string): Link {
  if (family === 'ipv4') {
    const { inet } = link
    const key = keyOf(inetSettings, setting)
    return inet === null || isUnknown(inet) || key === null
      ? link
      : { ...link, inet: { ...inet, [key]: Number(value) } }
  }
  const { inet6 } = link
  const key = keyOf(inet6Settings, setting)
  return inet6 === null || isUnknown(inet6) || key === null
    ? link
    : { ...link, inet6: { ...inet6, [key]: Number(value) } }
}

function keyOf<T extends object>(names: T, setting: string): keyof T | null {
  return (Object.keys(names) as (keyof T)[]).find((each) => names[each] === setting) ?? null
}

/** Both ends of a pair that one step makes, as they point at each other. */
export function pairedEnd(link: Link, other: Link, nsid: Nsid | null): Link {
  return { ...link, lower: { ifindex: other.ifindex, nsid } }
}
