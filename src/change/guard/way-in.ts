/** What must not be cut by accident: the sessions by which somebody is on this host, its default routes and its name servers. */
import { normalIp, parseIp, parsePrefix } from '../../lib/ip.ts'
import { predictRoute } from '../../derive/route.ts'
import type { Way } from '../../derive/route-answer.ts'
import { resolverOf } from '../../derive/probe/resolver.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { atOf } from '../at.ts'
import { sessionsOf, type Session } from './sessions.ts'
import { carriersOf, type Carrier } from './stands-on.ts'

export type WayIn = {
  readonly kind: 'session' | 'default route' | 'name server'
  readonly netns: Netns
  /** As touches have it. */
  readonly at: string
  /** `your SSH session from 198.51.100.9 (192.0.2.2:22)`. */
  readonly what: string
  /** An address that it leads to. */
  readonly to: string
  /** The own address that it depends on; null: any. */
  readonly local: string | null
  readonly carriers: readonly Carrier[]
}

export function wayInOf(
  world: World,
  env: Readonly<Record<string, string | undefined>>,
  ownPid: number,
): readonly WayIn[] {
  const host = world.netns.find(({ id }) => id === world.host)
  return [
    ...sessionsOf(world, env, ownPid).map((session) => ofSession(world, session)),
    ...(host === undefined ? [] : [...defaultsOf(world, host), ...nameServersOf(world, host)]),
  ]
}

function ofSession(world: World, { netns, client, local, port, isOwn }: Session): WayIn {
  const server = local.includes(':') ? `[${local}]:${port}` : `${local}:${port}`
  return {
    kind: 'session',
    netns,
    at: atOf(world, netns),
    what: `${isOwn ? 'your SSH session' : 'an SSH session'} from ${client} (${server})`,
    to: client,
    local,
    carriers: carriersTo(world, netns, client, local),
  }
}

/**
 * Addresses that are hardly on a host's own networks: what leads to the first of a row for which only a default route is left is
 * that. A row for each half of IPv4, because of 0.0.0.0/1 and 128.0.0.0/1.
 */
const anywhere = [
  ['1.0.0.1', '9.9.9.9', '100.127.255.1', '126.0.0.1'],
  ['203.0.113.1', '198.51.100.1', '192.0.2.1', '223.255.255.1'],
  ['2001:db8::1', '2000::1', '2620:4f:8000::1'],
] as const

function defaultsOf(world: World, netns: Netns): readonly WayIn[] {
  return anywhere.flatMap((candidates) => {
    const to = candidates.find((each) => isByDefault(netns, each))
    if (to === undefined) return []
    const family = to.includes(':') ? 'IPv6' : 'IPv4'
    return {
      kind: 'default route' as const,
      netns,
      at: atOf(world, netns),
      what: `the host's default route of ${family}`,
      to,
      local: null,
      carriers: carriersTo(world, netns, to, null),
    }
  })
}

function isByDefault(netns: Netns, to: string): boolean {
  const { verdict, route } = predictRoute(netns, { dst: to })
  return verdict === 'unicast' && route !== null && lengthOf(route.dst) <= 1
}

/** 0.0.0.0/1 and 128.0.0.0/1 together are a default route that leaves the other one alone. */
function lengthOf(dst: string): number {
  return dst === 'default' ? 0 : (parsePrefix(dst)?.length ?? 128)
}

function nameServersOf(world: World, netns: Netns): readonly WayIn[] {
  const servers = [...(resolverOf(world, netns).resolvConf ?? '').matchAll(/^\s*nameserver\s+(\S+)/gm)]
    .flatMap(([, text]) => normalIp((text ?? '').replace(/%.*$/, '')) ?? [])
    .filter((text) => !isOwnHost(text))
  return [...new Set(servers)].map((to) => ({
    kind: 'name server',
    netns,
    at: atOf(world, netns),
    what: `the way to the host's name server ${to}`,
    to,
    local: null,
    carriers: carriersTo(world, netns, to, null),
  }))
}

const isOwnHost = (text: string): boolean => text === '::1' || text.startsWith('127.')

/** Links by which packets leave for it, and the one that has the address which the answers come to. */
function carriersTo(world: World, netns: Netns, to: string, local: string | null): readonly Carrier[] {
  const ways = waysTo(netns, to, local)
  const byWay = ways.flatMap(({ ifindex, neighbour }) => {
    const link = listOf(netns.links).find((each) => each.ifindex === ifindex)
    const lladdr = isUnknown(neighbour) ? null : (neighbour?.lladdr ?? null)
    return link === undefined ? [] : carriersOf(world, netns, link, lladdr)
  })
  const ifindex = local === null ? undefined : ownerOf(netns, local)
  const owner = listOf(netns.links).find((each) => each.ifindex === ifindex)
  const byAddress = owner === undefined || byWay.length > 0 ? [] : carriersOf(world, netns, owner, null)
  return [...byWay, ...byAddress]
}

/** As the kernel would send now; from that address where it still has it. */
export function waysTo(netns: Netns, to: string, local: string | null): readonly Way[] {
  if (parseIp(to) === null) return []
  const from = local === null ? {} : { from: local }
  const oif = to.startsWith('fe80:') && local !== null ? linkWith(netns, local) : null
  return predictRoute(netns, { dst: to, ...from, ...(oif === null ? {} : { oif }) }).ways
}

function ownerOf(netns: Netns, local: string): number | undefined {
  return listOf(netns.addresses).find((each) => normalIp(each.local) === local)?.ifindex
}

function linkWith(netns: Netns, local: string): string | null {
  const ifindex = ownerOf(netns, local)
  return listOf(netns.links).find((each) => each.ifindex === ifindex)?.name ?? null
}
