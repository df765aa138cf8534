/** RTM_NEWROUTE → Route, for IPv4 and IPv6, of all tables. */
import type { Route } from '../../../model/route.ts'
import {
  attributes,
  has,
  lengthOf,
  offsetOf,
  payload,
  u16,
  u32,
  walk,
  walkNested,
  type Attributes,
  type Bytes,
} from './bytes.ts'
import { address, AF_INET, AF_INET6 } from './format.ts'
import { encapName, routeFlags, routeProtocolName, routeTypeName, scopeName } from './names.ts'
import { remembered } from './remember.ts'

const RTA_DST = 1
const RTA_SRC = 2
const RTA_OIF = 4
const RTA_GATEWAY = 5
const RTA_PRIORITY = 6
const RTA_PREFSRC = 7
const RTA_METRICS = 8
const RTA_MULTIPATH = 9
const RTA_CACHEINFO = 12
const RTA_TABLE = 15
const RTA_VIA = 18
const RTA_ENCAP_TYPE = 21
const RTA_NH_ID = 30
const RTAX_MTU = 2
const RTAX_ADVMSS = 8
const RTM_F_CLONED = 0x200

/** struct rtmsg (linux/rtnetlink.h): family, dst_len, src_len, tos, table, protocol, scope, type, flags at 8. */
const headerSize = 12
/** struct rtnexthop: len, flags, hops, ifindex. */
const nexthopSize = 8
/** USER_HZ: the unit of times in netlink messages, whatever the kernel's own tick is. */
const ticksPerSecond = 100

const table = attributes(RTA_NH_ID)
const metrics = attributes(RTAX_ADVMSS)
const nexthopTable = attributes(RTA_NH_ID)
const noNexthops: Route['nexthops'] = []

/** null for families other than IPv4 and IPv6 (multicast routing, MPLS), which a dump of all families brings. */
export const parseRoute = remembered(readRoute, 4096)

function readRoute(bytes: Bytes, start: number, end: number): Route | null {
  if (end - start < headerSize) {
    bytes.broken = true
    return null
  }
  const { view } = bytes
  const family = view.getUint8(start)
  if (family !== AF_INET && family !== AF_INET6) return null
  walk(bytes, start + headerSize, end, table)
  walkNested(bytes, table, RTA_METRICS, metrics)
  const flags = view.getUint32(start + 8, true)
  const sourceLength = view.getUint8(start + 2)
  const encap = u16(bytes, table, RTA_ENCAP_TYPE) ?? 0
  return {
    family: family === AF_INET ? 'inet' : 'inet6',
    table: u32(bytes, table, RTA_TABLE) ?? view.getUint8(start + 4),
    type: routeTypeName(view.getUint8(start + 7)),
    dst: prefix(bytes, family, RTA_DST, view.getUint8(start + 1)),
    src: sourceLength === 0 ? null : prefix(bytes, family, RTA_SRC, sourceLength),
    tos: view.getUint8(start + 3),
    metric: u32(bytes, table, RTA_PRIORITY),
    protocol: routeProtocolName(view.getUint8(start + 5)),
    scope: scopeName(view.getUint8(start + 6)),
    prefSrc: addressOf(bytes, table, RTA_PREFSRC),
    oif: u32(bytes, table, RTA_OIF),
    gateway: gatewayOf(bytes, table),
    flags: routeFlags(flags),
    nexthops: has(table, RTA_MULTIPATH) ? nexthops(bytes) : noNexthops,
    nexthopId: u32(bytes, table, RTA_NH_ID),
    mtu: u32(bytes, metrics, RTAX_MTU),
    advmss: u32(bytes, metrics, RTAX_ADVMSS),
    encap: encap === 0 ? null : encapName(encap),
    expires: expires(bytes),
    cached: (flags & RTM_F_CLONED) !== 0,
  }
}

/** `10.0.0.0/8`, `10.0.0.1/32`; `default` for length 0. The kernel leaves the address out when it is all zeros. */
function prefix(bytes: Bytes, family: number, type: number, length: number): string {
  if (length === 0) return 'default'
  const zeros = family === AF_INET ? '0.0.0.0' : '::'
  return `${addressOf(bytes, table, type) ?? zeros}/${length}`
}

function addressOf(bytes: Bytes, of: Attributes, type: number): string | null {
  return has(of, type) ? address(bytes, offsetOf(of, type), lengthOf(of, type)) : null
}

/** RTA_VIA (struct rtvia: family, then the address) is a gateway of the other family. */
function gatewayOf(bytes: Bytes, of: Attributes): string | null {
  const gateway = addressOf(bytes, of, RTA_GATEWAY)
  if (gateway !== null) return gateway
  const via = payload(bytes, of, RTA_VIA, 2)
  return via === 0 ? null : address(bytes, via + 2, lengthOf(of, RTA_VIA) - 2)
}

function nexthops(bytes: Bytes): Route['nexthops'] {
  const { view } = bytes
  const list: Route['nexthops'][number][] = []
  const start = offsetOf(table, RTA_MULTIPATH)
  const end = start + lengthOf(table, RTA_MULTIPATH)
  for (let at = start; at < end;) {
    const length = at + nexthopSize <= end ? view.getUint16(at, true) : 0
    if (length < nexthopSize || at + length > end) {
      bytes.broken = true
      break
    }
    walk(bytes, at + nexthopSize, at + length, nexthopTable)
    list.push({
      oif: view.getInt32(at + 4, true) === 0 ? null : view.getInt32(at + 4, true),
      gateway: gatewayOf(bytes, nexthopTable),
      // rtnh_hops is the weight less one.
      weight: view.getUint8(at + 3) + 1,
      flags: routeFlags(view.getUint8(at + 2)),
    })
    at += (length + 3) & ~3
  }
  return list
}

/** rta_expires of struct rta_cacheinfo; 0 means never. */
function expires(bytes: Bytes): number | null {
  const at = payload(bytes, table, RTA_CACHEINFO, 12)
  const ticks = at === 0 ? 0 : bytes.view.getInt32(at + 8, true)
  return ticks === 0 ? null : Math.trunc(ticks / ticksPerSecond)
}
