/** `ip -j -d -s link show` → Link. What iproute2 does not print is unknown here, with that reason. */
import { nsid } from '../../model/ids.ts'
import { unknown, type Known } from '../../model/known.ts'
import type { BridgePort, Link, LinkStats } from '../../model/link.ts'
import { flag, number, printed, text, texts, type Printed } from './json.ts'
import { parseKind } from './parse-kind.ts'

const notPrinted = unknown('`ip -j link` does not print it')

/** What iproute2 adds to the kernel's flags: UP without LOWER_UP, and a lower link (`@name`) that is not UP. */
const ownWords = new Set(['NO-CARRIER', 'M-DOWN'])

export function parseLinks(answers: readonly Printed[]): readonly Link[] {
  const ifindexOf = new Map(answers.map((each) => [text(each, 'ifname'), number(each, 'ifindex')]))
  return answers.map((each) => parseLink(each, ifindexOf))
}

function parseLink(from: Printed, ifindexOf: ReadonlyMap<string | null, number | null>): Link {
  const info = printed(from['linkinfo'])
  const flags = texts(from, 'flags')
  const slaveKind = text(info, 'info_slave_kind')
  const common = {
    ifindex: number(from, 'ifindex') ?? 0,
    name: text(from, 'ifname') ?? '',
    altNames: texts(from, 'altnames'),
    alias: text(from, 'ifalias'),
    linkType: text(from, 'link_type') ?? 'unknown',
    flags: flags.filter((each) => !ownWords.has(each)),
    operstate: text(from, 'operstate') ?? 'UNKNOWN',
    carrier: flags.includes('UP') ? flags.includes('LOWER_UP') : null,
    carrierUpCount: null,
    carrierDownCount: null,
    mtu: number(from, 'mtu') ?? 0,
    minMtu: number(from, 'min_mtu'),
    maxMtu: number(from, 'max_mtu'),
    txqlen: number(from, 'txqlen'),
    qdisc: text(from, 'qdisc'),
    lladdr: text(from, 'address'),
    addrAssignType: null,
    promiscuity: number(from, 'promiscuity'),
    master: ifindexOf.get(text(from, 'master')) ?? null,
    slaveKind,
    lower: lowerOf(from, info, ifindexOf),
    stats: statsOf(printed(from['stats64'])),
    offloads: offloadsOf(from),
    xdp: xdpOf(from),
    inet: notPrinted,
    inet6: notPrinted,
    port: slaveKind === 'bridge' ? portOf(printed(info['info_slave_data'])) : null,
  }
  return { ...common, ...parseKind(info, common.linkType) } as Link
}

/** They stand on no device: where the kernel must tell one because of the nsid, it tells their own ifindex. */
const withoutDevice: ReadonlySet<string | null> = new Set(['geneve', 'wireguard', 'bareudp'])

/** `link` is a name in the same namespace, `link_index` and `link_netnsid` lead into another. */
function lowerOf(
  from: Printed,
  info: Printed,
  ifindexOf: ReadonlyMap<string | null, number | null>,
): Link['lower'] {
  const id = number(from, 'link_netnsid')
  const ifindex = lowerIfindexOf(from, info, ifindexOf)
  if (id === null) return ifindex === null || ifindex === 0 ? null : { ifindex, nsid: null }
  // Kernels that drop IFLA_LINK when both ifindexes are equal still tell the nsid.
  return { ifindex: ifindex ?? number(from, 'ifindex') ?? 0, nsid: nsid(id) }
}

/** 0: on no device, in whatever namespace its outer packets travel (`"link":null`). null: not told. */
function lowerIfindexOf(
  from: Printed,
  info: Printed,
  ifindexOf: ReadonlyMap<string | null, number | null>,
): number | null {
  const kind = text(info, 'info_kind')
  if (kind === 'vxlan') return ifindexNamed(text(printed(info['info_data']), 'link'), ifindexOf) ?? 0
  if (withoutDevice.has(kind) || from['link'] === null) return 0
  return number(from, 'link_index') ?? ifindexNamed(text(from, 'link'), ifindexOf)
}

/**
 * iproute2 looks up the ifindex among the links of the namespace it is in, also where it means one of another, and
 * prints `if7` where there is none (ll_index_to_name in lib/ll_map.c): so the name leads back to the number.
 */
function ifindexNamed(
  name: string | null,
  ifindexOf: ReadonlyMap<string | null, number | null>,
): number | null {
  if (name === null) return null
  const digits = /^if(\d+)$/.exec(name)?.[1]
  return ifindexOf.get(name) ?? (digits === undefined ? null : Number(digits))
}

function statsOf(stats: Printed): Known<LinkStats> {
  const rx = printed(stats['rx'])
  const tx = printed(stats['tx'])
  if (number(rx, 'bytes') === null) return notPrinted
  return {
    rxBytes: count(rx, 'bytes'),
    rxPackets: count(rx, 'packets'),
    rxErrors: count(rx, 'errors'),
    rxDropped: count(rx, 'dropped'),
    rxMissed: count(rx, 'missed_errors'),
    multicast: count(rx, 'multicast'),
    rxNohandler: number(rx, 'nohandler'),
    txBytes: count(tx, 'bytes'),
    txPackets: count(tx, 'packets'),
    txErrors: count(tx, 'errors'),
    txDropped: count(tx, 'dropped'),
    txCarrier: count(tx, 'carrier_errors'),
    collisions: count(tx, 'collisions'),
  }
}

function count(side: Printed, key: string): number {
  return number(side, key) ?? 0
}

function offloadsOf(from: Printed): Link['offloads'] {
  const gsoMaxSize = number(from, 'gso_max_size')
  const gsoMaxSegs = number(from, 'gso_max_segs')
  if (gsoMaxSize === null || gsoMaxSegs === null) return notPrinted
  return { gsoMaxSize, gsoMaxSegs, tsoMaxSize: number(from, 'tso_max_size') }
}

function xdpOf(from: Printed): Link['xdp'] {
  const xdp = printed(from['xdp'])
  const mode = number(xdp, 'mode')
  if (mode === null) return null
  // XDP_ATTACHED_* of linux/if_link.h.
  const modes = ['none', 'drv', 'skb', 'hw', 'multi']
  return { mode: modes[mode] ?? String(mode), programId: number(printed(xdp['prog']), 'id') }
}

function portOf(data: Printed): BridgePort {
  return {
    state: text(data, 'state') ?? 'unknown',
    priority: number(data, 'priority') ?? 0,
    cost: number(data, 'cost') ?? 0,
    hairpin: flag(data, 'hairpin'),
    guard: flag(data, 'guard'),
    learning: flag(data, 'learning'),
    flood: flag(data, 'flood'),
    mcastFlood: flag(data, 'mcast_flood'),
    neighSuppress: flag(data, 'neigh_suppress'),
    proxyArp: flag(data, 'proxy_arp'),
    isolated: flag(data, 'isolated'),
    locked: flag(data, 'locked'),
    vlans: unknown('`ip -j link` does not print VLANs'),
  }
}
