/** RTM_NEWRULE → PolicyRule (FRA_*, linux/fib_rules.h). */
import type { PolicyRule } from '../../../model/route.ts'
import { attributes, lengthOf, offsetOf, payload, s32, text, u32, u8, walk, type Bytes } from './bytes.ts'
import { address, AF_INET, AF_INET6 } from './format.ts'
import { routeProtocolName } from './names.ts'
import { remembered } from './remember.ts'

const FRA_DST = 1
const FRA_SRC = 2
const FRA_IIFNAME = 3
const FRA_GOTO = 4
const FRA_PRIORITY = 6
const FRA_FWMARK = 10
const FRA_SUPPRESS_IFGROUP = 13
const FRA_SUPPRESS_PREFIXLEN = 14
const FRA_TABLE = 15
const FRA_FWMASK = 16
const FRA_OIFNAME = 17
const FRA_L3MDEV = 19
const FRA_UID_RANGE = 20
const FRA_PROTOCOL = 21
const FRA_IP_PROTO = 22
const FRA_SPORT_RANGE = 23
const FRA_DPORT_RANGE = 24
const FIB_RULE_INVERT = 2
const FR_ACT_TO_TBL = 1

/** struct fib_rule_hdr: family, dst_len, src_len, tos, table, two reserved, action, flags at 8. */
const headerSize = 12
const attributeTable = attributes(FRA_DPORT_RANGE)

/** FR_ACT_*; 6 to 8 are the route types of the same names. */
const actions: Readonly<Record<number, string>> = {
  1: 'table',
  2: 'goto',
  3: 'nop',
  6: 'blackhole',
  7: 'unreachable',
  8: 'prohibit',
}

/** null for the rules of multicast routing, which a dump of all families brings too. */
export const parseRule = remembered(readRule, 256)

function readRule(bytes: Bytes, start: number, end: number): PolicyRule | null {
  if (end - start < headerSize) {
    bytes.broken = true
    return null
  }
  const { view } = bytes
  const family = view.getUint8(start)
  if (family !== AF_INET && family !== AF_INET6) return null
  walk(bytes, start + headerSize, end, attributeTable)
  const action = view.getUint8(start + 7)
  const table = u32(bytes, attributeTable, FRA_TABLE) ?? view.getUint8(start + 4)
  const mark = u32(bytes, attributeTable, FRA_FWMARK)
  const mask = u32(bytes, attributeTable, FRA_FWMASK)
  const protocol = u8(bytes, attributeTable, FRA_PROTOCOL)
  return {
    family: family === AF_INET ? 'inet' : 'inet6',
    priority: u32(bytes, attributeTable, FRA_PRIORITY) ?? 0,
    not: (view.getUint32(start + 8, true) & FIB_RULE_INVERT) !== 0,
    src: selector(bytes, FRA_SRC, view.getUint8(start + 2)),
    dst: selector(bytes, FRA_DST, view.getUint8(start + 1)),
    iif: text(bytes, attributeTable, FRA_IIFNAME),
    oif: text(bytes, attributeTable, FRA_OIFNAME),
    tos: view.getUint8(start + 3),
    // Mark 0 with a mask is a condition too, and the kernel then sends only the mask.
    fwmark: mark ?? (mask === null ? null : 0),
    fwmask: mask,
    ipProto: u8(bytes, attributeTable, FRA_IP_PROTO),
    sport: range16(bytes, FRA_SPORT_RANGE),
    dport: range16(bytes, FRA_DPORT_RANGE),
    uidRange: range32(bytes, FRA_UID_RANGE),
    l3mdev: (u8(bytes, attributeTable, FRA_L3MDEV) ?? 0) !== 0,
    action: actions[action] ?? `${action}`,
    table: action === FR_ACT_TO_TBL && table !== 0 ? table : null,
    goto: u32(bytes, attributeTable, FRA_GOTO),
    suppressPrefixLen: suppressed(bytes, FRA_SUPPRESS_PREFIXLEN),
    suppressIfgroup: suppressed(bytes, FRA_SUPPRESS_IFGROUP),
    protocol: protocol === null ? null : routeProtocolName(protocol),
  }
}

function selector(bytes: Bytes, type: number, length: number): string | null {
  const at = offsetOf(attributeTable, type)
  return at === 0 ? null : `${address(bytes, at, lengthOf(attributeTable, type))}/${length}`
}

function range16(bytes: Bytes, type: number): PolicyRule['sport'] {
  const at = payload(bytes, attributeTable, type, 4)
  if (at === 0) return null
  return { from: bytes.view.getUint16(at, true), to: bytes.view.getUint16(at + 2, true) }
}

function range32(bytes: Bytes, type: number): PolicyRule['uidRange'] {
  const at = payload(bytes, attributeTable, type, 8)
  if (at === 0) return null
  return { from: bytes.view.getUint32(at, true), to: bytes.view.getUint32(at + 4, true) }
}

/** -1 means that nothing is suppressed. */
function suppressed(bytes: Bytes, type: number): number | null {
  const value = s32(bytes, attributeTable, type)
  return value === null || value === -1 ? null : value
}
