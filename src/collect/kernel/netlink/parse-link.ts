/** RTM_NEWLINK → Link: what all kinds have in common. The rest is in parse-kind.ts, parse-port.ts, parse-conf.ts. */
import { nsid } from '../../../model/ids.ts'
import { unknown, type Known, type Unknown } from '../../../model/known.ts'
import type { Link, LinkStats } from '../../../model/link.ts'
import {
  attributeEnd,
  attributes,
  attributeStep,
  attributeType,
  flag,
  has,
  lengthOf,
  offsetOf,
  s32,
  text,
  textAt,
  u32,
  u64At,
  u8,
  walk,
  walkNested,
  type Bytes,
} from './bytes.ts'
import { address } from './format.ts'
import { linkFlags, linkTypeName, operstateName } from './names.ts'
import { parseConfs } from './parse-conf.ts'
import { parseKind, vxlanLower } from './parse-kind.ts'
import { parsePort } from './parse-port.ts'

const IFLA_ADDRESS = 1
const IFLA_IFNAME = 3
const IFLA_MTU = 4
const IFLA_LINK = 5
const IFLA_QDISC = 6
const IFLA_MASTER = 10
const IFLA_TXQLEN = 13
const IFLA_OPERSTATE = 16
const IFLA_LINKINFO = 18
const IFLA_IFALIAS = 20
const IFLA_STATS64 = 23
const IFLA_PROMISCUITY = 30
const IFLA_CARRIER = 33
const IFLA_LINK_NETNSID = 37
const IFLA_GSO_MAX_SEGS = 40
const IFLA_GSO_MAX_SIZE = 41
const IFLA_XDP = 43
const IFLA_CARRIER_UP_COUNT = 47
const IFLA_CARRIER_DOWN_COUNT = 48
const IFLA_MIN_MTU = 50
const IFLA_MAX_MTU = 51
const IFLA_PROP_LIST = 52
const IFLA_ALT_IFNAME = 53
const IFLA_TSO_MAX_SIZE = 59

const IFLA_INFO_KIND = 1
const IFLA_INFO_SLAVE_KIND = 4
const IFLA_INFO_SLAVE_DATA = 5
const IFLA_XDP_ATTACHED = 2
const IFLA_XDP_PROG_ID = 4

/** struct ifinfomsg (linux/rtnetlink.h): family, type at 2, index at 4, flags at 8. */
const headerSize = 16
const table = attributes(IFLA_TSO_MAX_SIZE)
const linkInfo = attributes(IFLA_INFO_SLAVE_DATA)
const xdpTable = attributes(IFLA_XDP_PROG_ID)

const notTold = unknown('the kernel did not tell')
const noNames: readonly string[] = []
/** XDP_ATTACHED_* (linux/if_link.h). */
const xdpModes = ['none', 'drv', 'skb', 'hw', 'multi']

export function parseLink(bytes: Bytes, start: number, end: number): Link | null {
  if (end - start < headerSize) {
    bytes.broken = true
    return null
  }
  const { view } = bytes
  walk(bytes, start + headerSize, end, table)
  walkNested(bytes, table, IFLA_LINKINFO, linkInfo)
  const linkType = linkTypeName(view.getUint16(start + 2, true))
  const slaveKind = text(bytes, linkInfo, IFLA_INFO_SLAVE_KIND)
  const kindName = text(bytes, linkInfo, IFLA_INFO_KIND)
  const ifindex = view.getInt32(start + 4, true)
  const { inet, inet6 } = parseConfs(bytes, table)
  const lower = lowerOf(bytes, ifindex, kindName)
  return {
    ifindex,
    name: text(bytes, table, IFLA_IFNAME) ?? '',
    altNames: altNames(bytes),
    alias: text(bytes, table, IFLA_IFALIAS),
    linkType,
    flags: linkFlags(view.getUint32(start + 8, true)),
    operstate: operstateName(u8(bytes, table, IFLA_OPERSTATE) ?? 0),
    carrier: has(table, IFLA_CARRIER) ? flag(bytes, table, IFLA_CARRIER) : null,
    carrierUpCount: u32(bytes, table, IFLA_CARRIER_UP_COUNT),
    carrierDownCount: u32(bytes, table, IFLA_CARRIER_DOWN_COUNT),
    mtu: u32(bytes, table, IFLA_MTU) ?? 0,
    minMtu: u32(bytes, table, IFLA_MIN_MTU),
    maxMtu: u32(bytes, table, IFLA_MAX_MTU),
    txqlen: u32(bytes, table, IFLA_TXQLEN),
    qdisc: text(bytes, table, IFLA_QDISC),
    lladdr: lladdr(bytes),
    // Only /sys/class/net tells it, and that shows one namespace (the one that mounted it).
    addrAssignType: null,
    promiscuity: u32(bytes, table, IFLA_PROMISCUITY),
    master: u32(bytes, table, IFLA_MASTER),
    slaveKind,
    lower,
    stats: stats(bytes),
    offloads: offloads(bytes),
    xdp: xdp(bytes),
    inet,
    inet6,
    port: slaveKind === 'bridge' ? parsePort(bytes, linkInfo, IFLA_INFO_SLAVE_DATA) : null,
    ...parseKind(bytes, linkInfo, kindName, linkType === 'loopback'),
  }
}

function lladdr(bytes: Bytes): string | null {
  const at = offsetOf(table, IFLA_ADDRESS)
  return at === 0 ? null : address(bytes, at, lengthOf(table, IFLA_ADDRESS))
}

/** IFLA_PROP_LIST holds IFLA_ALT_IFNAME several times. */
function altNames(bytes: Bytes): readonly string[] {
  const start = offsetOf(table, IFLA_PROP_LIST)
  if (start === 0) return noNames
  const end = start + lengthOf(table, IFLA_PROP_LIST)
  const names: string[] = []
  for (let at = start; at < end;) {
    const step = attributeStep(bytes, at, end)
    if (step === 0) break
    if (attributeType(bytes, at) === IFLA_ALT_IFNAME) {
      names.push(textAt(bytes, at + 4, attributeEnd(bytes, at) - at - 4))
    }
    at += step
  }
  return names
}

/**
 * These kinds have no device of their own below them in IFLA_LINK: where the kernel must send it (because of
 * LINK_NETNSID) it sends their own ifindex. What the nsid says stays true: where their outer packets travel.
 */
const withoutLowerDevice: ReadonlySet<string | null> = new Set(['vxlan', 'geneve', 'wireguard', 'bareudp'])

function lowerOf(bytes: Bytes, ifindex: number, kindName: string | null): Link['lower'] {
  const id = s32(bytes, table, IFLA_LINK_NETNSID)
  let lower = u32(bytes, table, IFLA_LINK)
  if (withoutLowerDevice.has(kindName)) {
    lower = kindName === 'vxlan' ? vxlanLower(bytes, linkInfo) : null
    if (lower === null && id !== null) lower = 0
  }
  if (id !== null) {
    // Kernels of old leave IFLA_LINK out when both ends have the same ifindex.
    return { ifindex: lower ?? ifindex, nsid: nsid(id) }
  }
  // 0 in the same namespace: a tunnel that is bound to no device (`sit0@NONE`).
  return lower === null || lower === 0 ? null : { ifindex: lower, nsid: null }
}

/** struct rtnl_link_stats64 (linux/if_link.h), eight bytes each; rx_nohandler came with 4.6. */
function stats(bytes: Bytes): Known<LinkStats> {
  const at = offsetOf(table, IFLA_STATS64)
  const length = lengthOf(table, IFLA_STATS64)
  if (at === 0 || length < 23 * 8) return notTold
  return {
    rxBytes: u64At(bytes, at + 16),
    rxPackets: u64At(bytes, at),
    rxErrors: u64At(bytes, at + 32),
    rxDropped: u64At(bytes, at + 48),
    rxMissed: u64At(bytes, at + 120),
    multicast: u64At(bytes, at + 64),
    rxNohandler: length >= 24 * 8 ? u64At(bytes, at + 184) : null,
    txBytes: u64At(bytes, at + 24),
    txPackets: u64At(bytes, at + 8),
    txErrors: u64At(bytes, at + 40),
    txDropped: u64At(bytes, at + 56),
    txCarrier: u64At(bytes, at + 136),
    collisions: u64At(bytes, at + 72),
  }
}

function offloads(bytes: Bytes): Link['offloads'] {
  const gsoMaxSize = u32(bytes, table, IFLA_GSO_MAX_SIZE)
  const gsoMaxSegs = u32(bytes, table, IFLA_GSO_MAX_SEGS)
  if (gsoMaxSize === null || gsoMaxSegs === null) return notTold
  const tsoMaxSize = u32(bytes, table, IFLA_TSO_MAX_SIZE)
  const last = lastOffloads
  if (last?.gsoMaxSize === gsoMaxSize && last.gsoMaxSegs === gsoMaxSegs && last.tsoMaxSize === tsoMaxSize) {
    return last
  }
  lastOffloads = { gsoMaxSize, gsoMaxSegs, tsoMaxSize }
  return lastOffloads
}

/** Nearly all links of a host have the same. */
let lastOffloads: Exclude<Link['offloads'], Unknown> | null = null

function xdp(bytes: Bytes): Link['xdp'] {
  if (!has(table, IFLA_XDP)) return null
  walkNested(bytes, table, IFLA_XDP, xdpTable)
  const mode = u8(bytes, xdpTable, IFLA_XDP_ATTACHED) ?? 0
  if (mode === 0) return null
  return { mode: xdpModes[mode] ?? `${mode}`, programId: u32(bytes, xdpTable, IFLA_XDP_PROG_ID) }
}
