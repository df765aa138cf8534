/** One entry of nf_conntrack (IPCTNL_MSG_CT_NEW, linux/netfilter/nfnetlink_conntrack.h). All numbers are big-endian. */
import type { Connection, ConnectionTuple } from '../../../model/connection.ts'
import {
  attributes,
  be16,
  be32,
  has,
  offsetOf,
  payload,
  u8,
  walk,
  walkNested,
  type Attributes,
  type Bytes,
} from '../netlink/bytes.ts'
import { AF_INET, AF_INET6, ipv4, ipv6 } from '../netlink/format.ts'
import { IPPROTO_GRE, protocolName, stateName, statusNames } from './states.ts'

/** struct nfgenmsg: family, version, resource id. */
export const nfgenmsgSize = 4

const CTA_TUPLE_ORIG = 1
const CTA_TUPLE_REPLY = 2
const CTA_STATUS = 3
const CTA_PROTOINFO = 4
const CTA_TIMEOUT = 7
const CTA_MARK = 8
const CTA_COUNTERS_ORIG = 9
const CTA_COUNTERS_REPLY = 10
const CTA_ZONE = 18

const CTA_TUPLE_IP = 1
const CTA_TUPLE_PROTO = 2
const CTA_TUPLE_ZONE = 3

const CTA_IP_V4_SRC = 1
const CTA_IP_V4_DST = 2
const CTA_IP_V6_SRC = 3
const CTA_IP_V6_DST = 4

const CTA_PROTO_NUM = 1
const CTA_PROTO_SRC_PORT = 2
const CTA_PROTO_DST_PORT = 3
/** Id, type and code of ICMP; those of ICMPv6 follow in the same order. */
const CTA_PROTO_ICMP_ID = 4
const CTA_PROTO_ICMPV6_ID = 7

/** TCP, DCCP and SCTP have an attribute each, and the state is the first in all of them. */
const CTA_PROTOINFO_SCTP = 3
const CTA_PROTOINFO_STATE = 1

const CTA_COUNTERS_PACKETS = 1
const CTA_COUNTERS_BYTES = 2

const entry = attributes(CTA_ZONE)
const tuple = attributes(CTA_TUPLE_ZONE)
const ip = attributes(CTA_IP_V6_DST)
const proto = attributes(9)
const protoinfo = attributes(CTA_PROTOINFO_SCTP)
const ofProtocol = attributes(CTA_PROTOINFO_STATE)
const counters = attributes(CTA_COUNTERS_BYTES)

/** null: a family that has no addresses to show. */
export function parseConnection(bytes: Bytes, start: number, end: number): Connection | null {
  const behind = start + nfgenmsgSize
  if (behind > end) {
    bytes.broken = true
    return null
  }
  const family = bytes.view.getUint8(start)
  if (family !== AF_INET && family !== AF_INET6) return null
  walk(bytes, behind, end, entry)
  const reply = tupleIn(bytes, CTA_TUPLE_REPLY, family)
  const original = tupleIn(bytes, CTA_TUPLE_ORIG, family)
  if (original === null || reply === null) {
    bytes.broken = true
    return null
  }
  // A zone of one direction only stands in that direction's tuple (`-j CT --zone-orig`).
  const zone = be16(bytes, entry, CTA_ZONE) ?? be16(bytes, tuple, CTA_TUPLE_ZONE) ?? 0
  const protocol = u8(bytes, proto, CTA_PROTO_NUM) ?? 0
  const forth = countersIn(bytes, CTA_COUNTERS_ORIG)
  const back = countersIn(bytes, CTA_COUNTERS_REPLY)
  const counted = forth !== null && back !== null
  return {
    family: family === AF_INET ? 'ip' : 'ip6',
    protocol: protocolName(protocol),
    zone,
    mark: be32(bytes, entry, CTA_MARK) ?? 0,
    status: statusNames(be32(bytes, entry, CTA_STATUS) ?? 0),
    state: stateIn(bytes),
    timeout: be32(bytes, entry, CTA_TIMEOUT),
    original,
    reply,
    packets: counted ? { original: forth.packets, reply: back.packets } : null,
    bytes: counted ? { original: forth.bytes, reply: back.bytes } : null,
  }
}

/** Afterwards `tuple` and `proto` hold this direction's attributes. */
function tupleIn(bytes: Bytes, type: number, family: number): ConnectionTuple | null {
  walkNested(bytes, entry, type, tuple)
  walkNested(bytes, tuple, CTA_TUPLE_IP, ip)
  walkNested(bytes, tuple, CTA_TUPLE_PROTO, proto)
  const isV4 = family === AF_INET
  const source = addressIn(bytes, isV4 ? CTA_IP_V4_SRC : CTA_IP_V6_SRC, isV4)
  const destination = addressIn(bytes, isV4 ? CTA_IP_V4_DST : CTA_IP_V6_DST, isV4)
  if (source === null || destination === null) return null
  // GRE's two keys come as ports, and are none.
  const hasPorts = u8(bytes, proto, CTA_PROTO_NUM) !== IPPROTO_GRE
  return {
    source,
    destination,
    sourcePort: hasPorts ? be16(bytes, proto, CTA_PROTO_SRC_PORT) : null,
    destinationPort: hasPorts ? be16(bytes, proto, CTA_PROTO_DST_PORT) : null,
    icmp: icmpIn(bytes, CTA_PROTO_ICMP_ID) ?? icmpIn(bytes, CTA_PROTO_ICMPV6_ID),
  }
}

function addressIn(bytes: Bytes, type: number, isV4: boolean): string | null {
  const at = payload(bytes, ip, type, isV4 ? 4 : 16)
  if (at === 0) return null
  return isV4 ? ipv4(bytes, at) : ipv6(bytes, at)
}

function icmpIn(bytes: Bytes, idType: number): ConnectionTuple['icmp'] {
  const type = u8(bytes, proto, idType + 1)
  const code = u8(bytes, proto, idType + 2)
  if (type === null || code === null) return null
  return { type, code, id: be16(bytes, proto, idType) ?? 0 }
}

function stateIn(bytes: Bytes): string | null {
  if (!has(entry, CTA_PROTOINFO)) return null
  walkNested(bytes, entry, CTA_PROTOINFO, protoinfo)
  for (let type = 1; type <= CTA_PROTOINFO_SCTP; type++) {
    if (!has(protoinfo, type)) continue
    walkNested(bytes, protoinfo, type, ofProtocol)
    const state = u8(bytes, ofProtocol, CTA_PROTOINFO_STATE)
    return state === null ? null : stateName(type, state)
  }
  return null
}

type Counted = { readonly packets: number; readonly bytes: number }

/** Not there while nf_conntrack_acct is 0. */
function countersIn(bytes: Bytes, type: number): Counted | null {
  if (offsetOf(entry, type) === 0) return null
  walkNested(bytes, entry, type, counters)
  const packets = be64(bytes, counters, CTA_COUNTERS_PACKETS)
  const octets = be64(bytes, counters, CTA_COUNTERS_BYTES)
  return packets === null || octets === null ? null : { packets, bytes: octets }
}

function be64(bytes: Bytes, of: Attributes, type: number): number | null {
  const at = payload(bytes, of, type, 8)
  return at === 0 ? null : bytes.view.getUint32(at) * 4294967296 + bytes.view.getUint32(at + 4)
}
