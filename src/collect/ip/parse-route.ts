/** `ip -j -d route show table all`, `ip -j rule`, `ip -j nexthop` → Route, PolicyRule, NexthopObject. */
import type { NexthopObject, PolicyRule, Route } from '../../model/route.ts'
import { flag, listed, number, printed, text, texts, type Printed } from './json.ts'

type Ifindexes = ReadonlyMap<string | null, number>

/** /etc/iproute2/rt_tables; other names there stay unknown (-1) because only `ip` knows them. */
const tableNumbers: { readonly [name: string]: number } = { default: 253, main: 254, local: 255, unspec: 0 }

const protocolNumbers: { readonly [name: string]: number } = {
  icmp: 1,
  tcp: 6,
  udp: 17,
  'ipv6-icmp': 58,
  sctp: 132,
}

export function parseRoutes(answers: readonly Printed[], ifindexOf: Ifindexes): readonly Route[] {
  return answers.map((from) => parseRoute(from, ifindexOf))
}

function parseRoute(from: Printed, ifindexOf: Ifindexes): Route {
  const gateway = text(from, 'gateway') ?? text(printed(from['via']), 'host')
  const dst = text(from, 'dst') ?? ''
  const metrics = listed(from['metrics'])[0] ?? {}
  return {
    family: isInet6(from) ? 'inet6' : 'inet',
    table: tableOf(from) ?? 254,
    type: text(from, 'type') ?? 'unicast',
    dst: fullPrefix(dst),
    src: text(from, 'from') === null ? null : fullPrefix(text(from, 'from') ?? ''),
    tos: number(from, 'tos') ?? 0,
    metric: number(from, 'metric'),
    protocol: text(from, 'protocol') ?? 'unspec',
    scope: text(from, 'scope') ?? 'global',
    prefSrc: text(from, 'prefsrc'),
    oif: oifOf(from, ifindexOf),
    gateway,
    flags: texts(from, 'flags'),
    nexthops: listed(from['nexthops']).map((hop) => ({
      oif: oifOf(hop, ifindexOf),
      gateway: text(hop, 'gateway') ?? text(printed(hop['via']), 'host'),
      weight: number(hop, 'weight') ?? 1,
      flags: texts(hop, 'flags'),
    })),
    nexthopId: number(from, 'nhid'),
    mtu: number(metrics, 'mtu'),
    advmss: number(metrics, 'advmss'),
    encap: text(from, 'encap'),
    expires: number(from, 'expires'),
    cached: texts(from, 'flags').includes('cached') || flag(from, 'cache'),
  }
}

/** A host route is printed without its length. */
function fullPrefix(prefix: string): string {
  if (prefix === 'default' || prefix.includes('/') || prefix === '') return prefix
  return `${prefix}/${prefix.includes(':') ? 128 : 32}`
}

/** `ip route show table all` prints both families in one list; IPv6 routes carry `pref`. */
function isInet6(from: Printed): boolean {
  const dst = text(from, 'dst') ?? ''
  if (dst !== 'default') return dst.includes(':')
  return 'pref' in from || (text(from, 'gateway') ?? '').includes(':')
}

function tableOf(from: Printed): number | null {
  const name = text(from, 'table')
  if (name === null) return null
  return tableNumbers[name] ?? (/^\d+$/.test(name) ? Number(name) : -1)
}

function oifOf(from: Printed, ifindexOf: Ifindexes): number | null {
  return ifindexOf.get(text(from, 'dev')) ?? null
}

export function parsePolicyRules(
  answers: readonly Printed[],
  family: 'inet' | 'inet6',
): readonly PolicyRule[] {
  return answers.map((from) => ({
    family,
    priority: number(from, 'priority') ?? 0,
    not: flag(from, 'not'),
    src: selector(from, 'src', 'srclen', family),
    dst: selector(from, 'dst', 'dstlen', family),
    iif: text(from, 'iif'),
    oif: text(from, 'oif'),
    tos: number(from, 'tos') ?? 0,
    fwmark: number(from, 'fwmark'),
    fwmask: number(from, 'fwmask') ?? (number(from, 'fwmark') === null ? null : 0xffffffff),
    ipProto: protocolOf(from),
    sport: range(from, 'sport'),
    dport: range(from, 'dport'),
    uidRange: uidRange(from),
    l3mdev: flag(from, 'l3mdev') || text(from, 'table') === 'l3mdev-table',
    action: text(from, 'action') ?? (number(from, 'goto') === null ? 'table' : 'goto'),
    table: tableOf(from),
    goto: number(from, 'goto'),
    suppressPrefixLen: number(from, 'suppress_prefixlen'),
    suppressIfgroup: number(from, 'suppress_ifgroup'),
    protocol: text(from, 'protocol'),
  }))
}

function selector(from: Printed, key: string, lengthKey: string, family: 'inet' | 'inet6'): string | null {
  const address = text(from, key)
  if (address === null || address === 'all') return null
  return `${address}/${number(from, lengthKey) ?? (family === 'inet' ? 32 : 128)}`
}

function protocolOf(from: Printed): number | null {
  const name = text(from, 'ipproto')
  if (name === null) return null
  return protocolNumbers[name] ?? (Number.isInteger(Number(name)) ? Number(name) : null)
}

function range(from: Printed, key: string): { readonly from: number; readonly to: number } | null {
  const one = number(from, key)
  if (one !== null) return { from: one, to: one }
  const start = number(from, `${key}_start`)
  const end = number(from, `${key}_end`)
  return start === null || end === null ? null : { from: start, to: end }
}

function uidRange(from: Printed): { readonly from: number; readonly to: number } | null {
  const start = number(from, 'uid_start')
  const end = number(from, 'uid_end')
  return start === null || end === null ? null : { from: start, to: end }
}

export function parseNexthopObjects(
  answers: readonly Printed[],
  ifindexOf: Ifindexes,
): readonly NexthopObject[] {
  return answers.map((from) => ({
    id: number(from, 'id') ?? 0,
    family: familyOf(text(from, 'gateway')),
    oif: oifOf(from, ifindexOf),
    gateway: text(from, 'gateway'),
    blackhole: flag(from, 'blackhole'),
    fdb: flag(from, 'fdb'),
    group: listed(from['group']).map((member) => ({
      id: number(member, 'id') ?? 0,
      weight: number(member, 'weight') ?? 1,
    })),
    flags: texts(from, 'flags'),
    protocol: text(from, 'protocol') ?? 'unspec',
    scope: text(from, 'scope') ?? 'global',
  }))
}

function familyOf(gateway: string | null): string {
  if (gateway === null) return 'unspec'
  return gateway.includes(':') ? 'inet6' : 'inet'
}
