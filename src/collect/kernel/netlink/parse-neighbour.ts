/** RTM_NEWNEIGH → Neighbour (ARP, NDP) or FdbEntry (a bridge's or vxlan's forwarding table). */
import type { FdbEntry, Neighbour } from '../../../model/neighbour.ts'
import { attributes, be16, has, lengthOf, offsetOf, payload, u16, u32, walk, type Bytes } from './bytes.ts'
import { address, AF_BRIDGE, AF_INET, AF_INET6, hardwareAddress } from './format.ts'
import { flagNames } from './names.ts'
import { remembered } from './remember.ts'

const NDA_DST = 1
const NDA_LLADDR = 2
const NDA_CACHEINFO = 3
const NDA_VLAN = 5
const NDA_PORT = 6
const NDA_VNI = 7
const NDA_IFINDEX = 8
const NDA_MASTER = 9
const NDA_NH_ID = 13
const NDA_FLAGS_EXT = 15

/** struct ndmsg (linux/neighbour.h): family, ifindex at 4, state at 8, flags at 10, type at 11. */
const headerSize = 12
const table = attributes(NDA_FLAGS_EXT)
/** USER_HZ, see parse-route.ts. */
const ticksPerSecond = 100

const NUD_REACHABLE = 0x02
const NUD_STALE = 0x04
const NUD_NOARP = 0x40
const NUD_PERMANENT = 0x80
const states: Readonly<Record<number, string>> = {
  0: 'NONE',
  1: 'INCOMPLETE',
  [NUD_REACHABLE]: 'REACHABLE',
  [NUD_STALE]: 'STALE',
  8: 'DELAY',
  16: 'PROBE',
  32: 'FAILED',
  [NUD_NOARP]: 'NOARP',
  [NUD_PERMANENT]: 'PERMANENT',
}

/** NTF_*, and NTF_EXT_* (NDA_FLAGS_EXT) from bit 8 on, as linux/neighbour.h shifts them. */
const neighbourFlags = flagNames([
  [0x80, 'router'],
  [0x08, 'proxy'],
  [0x100, 'managed'],
  [0x10, 'extern_learn'],
  [0x20, 'offload'],
])
const fdbFlags = flagNames([
  [0x02, 'self'],
  [0x80, 'router'],
  [0x10, 'extern_learn'],
  [0x20, 'offload'],
  [0x04, 'master'],
  [0x40, 'sticky'],
  [0x200, 'locked'],
])

/** null for entries of other families. */
export function parseNeighbour(bytes: Bytes, start: number, end: number): Neighbour | null {
  const family = open(bytes, start, end)
  if (family !== AF_INET && family !== AF_INET6) return null
  const { view } = bytes
  const state = view.getUint16(start + 8, true)
  const cacheInfo = payload(bytes, table, NDA_CACHEINFO, 12)
  return {
    ifindex: view.getInt32(start + 4, true),
    family: family === AF_INET ? 'inet' : 'inet6',
    dst: has(table, NDA_DST) ? address(bytes, offsetOf(table, NDA_DST), lengthOf(table, NDA_DST)) : '',
    lladdr: has(table, NDA_LLADDR) ? lladdr(bytes) : null,
    state: states[state] ?? `0x${state.toString(16)}`,
    flags: neighbourFlags(flagBits(bytes, start)),
    used: cacheInfo === 0 ? null : seconds(bytes, cacheInfo + 4),
    confirmed: cacheInfo === 0 ? null : seconds(bytes, cacheInfo),
    updated: cacheInfo === 0 ? null : seconds(bytes, cacheInfo + 8),
  }
}

/** null for entries of other families. */
export const parseFdbEntry = remembered(readFdbEntry, 1024)

function readFdbEntry(bytes: Bytes, start: number, end: number): FdbEntry | null {
  if (open(bytes, start, end) !== AF_BRIDGE) return null
  const { view } = bytes
  const dst = offsetOf(table, NDA_DST)
  return {
    ifindex: view.getInt32(start + 4, true),
    lladdr: lladdr(bytes),
    vlan: u16(bytes, table, NDA_VLAN),
    master: u32(bytes, table, NDA_MASTER),
    dst: dst === 0 ? null : address(bytes, dst, lengthOf(table, NDA_DST)),
    vni: u32(bytes, table, NDA_VNI),
    port: be16(bytes, table, NDA_PORT),
    via: u32(bytes, table, NDA_IFINDEX),
    state: fdbState(view.getUint16(start + 8, true)),
    flags: fdbFlags(flagBits(bytes, start)),
    nexthopId: u32(bytes, table, NDA_NH_ID),
  }
}

/** Reads the attributes; answers the family, or -1 where the header is cut short. */
function open(bytes: Bytes, start: number, end: number): number {
  if (end - start < headerSize) {
    bytes.broken = true
    return -1
  }
  walk(bytes, start + headerSize, end, table)
  return bytes.view.getUint8(start)
}

function flagBits(bytes: Bytes, start: number): number {
  return bytes.view.getUint8(start + 10) | ((u32(bytes, table, NDA_FLAGS_EXT) ?? 0) << 8)
}

function lladdr(bytes: Bytes): string {
  return hardwareAddress(bytes, offsetOf(table, NDA_LLADDR), lengthOf(table, NDA_LLADDR))
}

function seconds(bytes: Bytes, at: number): number {
  return Math.trunc(bytes.view.getUint32(at, true) / ticksPerSecond)
}

/** As `bridge fdb` prints it: nothing for an entry that was learnt and is in use. */
function fdbState(state: number): string {
  if ((state & NUD_PERMANENT) !== 0) return 'permanent'
  if ((state & NUD_NOARP) !== 0) return 'static'
  if ((state & NUD_STALE) !== 0) return 'stale'
  return (state & NUD_REACHABLE) !== 0 ? '' : `0x${state.toString(16)}`
}
