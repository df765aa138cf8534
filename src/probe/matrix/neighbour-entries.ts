/** The kernel's neighbour entries by rtnetlink(7): read, made and taken out, and how many more there may be. */
import type { Libc } from '../../collect/kernel/libc.ts'
import {
  attributes,
  has,
  lengthOf,
  offsetOf,
  u32,
  walk,
  type Bytes,
} from '../../collect/kernel/netlink/bytes.ts'
import type { Netlink } from '../../collect/kernel/netlink/socket.ts'

const RTM_NEWNEIGH = 28
const RTM_DELNEIGH = 29
const RTM_GETNEIGH = 30
const RTM_GETNEIGHTBL = 66
const NLM_F_REQUEST = 1
/** NLM_F_CREATE and NLM_F_EXCL: what is there already is left alone. */
const onlyNew = 0x400 | 0x200
/** linux/neighbour.h: struct ndmsg and its states; an entry that is being asked for holds the packet that waits for it. */
const ndmsgSize = 12
const NDA_DST = 1
const NDA_LLADDR = 2
const NUD_INCOMPLETE = 1
const NUD_REACHABLE = 2
const NUD_STALE = 4
/** struct ndtmsg, NDTA_THRESH3, and `entries` of struct ndt_config in NDTA_CONFIG. */
const ndtmsgSize = 4
const NDTA_THRESH3 = 4
const NDTA_CONFIG = 5
const entriesAt = 4

export type Entry = {
  readonly key: string
  readonly family: number
  readonly ifindex: number
  readonly dst: Buffer
  /** null: it did not answer. */
  readonly lladdr: Buffer | null
  /** It answered a question; who only asked one itself is known, too, but may answer none. */
  readonly answered: boolean
  /** It is being asked for, and a packet waits. */
  readonly isAwaited: boolean
}

/** `address`: its bytes. */
export function entryKey(ifindex: number, address: string): string {
  return `${ifindex} ${address}`
}

const neighbour = attributes(NDA_LLADDR)
const table = attributes(NDTA_CONFIG)

export function entriesOf(netlink: Netlink): readonly Entry[] {
  const answer = netlink.dump(RTM_GETNEIGH, Buffer.alloc(ndmsgSize), parseEntry)
  return answer.ok ? answer.values : []
}

function parseEntry(bytes: Bytes, start: number, end: number): Entry | null {
  const { view, buffer } = bytes
  const family = view.getUint8(start)
  const ifindex = view.getInt32(start + 4, true)
  const state = view.getUint16(start + 8, true)
  walk(bytes, start + ndmsgSize, end, neighbour)
  const at = offsetOf(neighbour, NDA_DST)
  if (at === 0 || (family !== 2 && family !== 10)) return null
  const dst = Buffer.from(buffer.subarray(at, at + lengthOf(neighbour, NDA_DST)))
  const physical = offsetOf(neighbour, NDA_LLADDR)
  const lladdr =
    physical === 0 ? null : Buffer.from(buffer.subarray(physical, physical + lengthOf(neighbour, NDA_LLADDR)))
  const answered = state === NUD_REACHABLE
  const isAwaited = state === NUD_INCOMPLETE
  return { key: entryKey(ifindex, dst.toString('latin1')), family, ifindex, dst, lladdr, answered, isAwaited }
}

/** Of each of the kernel's tables: how many entries it has room for. */
export function roomsOf(netlink: Netlink): readonly number[] {
  const tables = netlink.dump(RTM_GETNEIGHTBL, Buffer.alloc(ndtmsgSize), parseTable)
  return tables.ok ? tables.values : []
}

function parseTable(bytes: Bytes, start: number, end: number): number | null {
  walk(bytes, start + ndtmsgSize, end, table)
  const family = bytes.view.getUint8(start)
  const most = u32(bytes, table, NDTA_THRESH3)
  if ((family !== 2 && family !== 10) || most === null || !has(table, NDTA_CONFIG)) return null
  return most - bytes.view.getUint32(offsetOf(table, NDTA_CONFIG) + entriesAt, true)
}

/** What is there already is left alone. */
export function addEntries(libc: Libc, netlink: Netlink, entries: readonly Entry[]): void {
  sendAll(libc, netlink, RTM_NEWNEIGH, entries)
}

export function removeEntries(libc: Libc, netlink: Netlink, entries: readonly Entry[]): void {
  sendAll(libc, netlink, RTM_DELNEIGH, entries)
}

/** Many requests in one message, unacknowledged: one that is there (or gone) already is as good. */
function sendAll(
  libc: Libc,
  { fd }: Netlink,
  type: typeof RTM_NEWNEIGH | typeof RTM_DELNEIGH,
  entries: readonly Entry[],
): void {
  const all = Buffer.concat(entries.map((entry) => messageOf(type, entry)))
  libc.send(fd, all, all.length, 0)
}

function messageOf(type: number, { family, ifindex, dst, lladdr }: Entry): Buffer {
  const isNew = type === RTM_NEWNEIGH
  const attributeSize = (value: Buffer): number => (4 + value.length + 3) & ~3
  const physical = isNew ? lladdr : null
  const behind = 16 + ndmsgSize + attributeSize(dst)
  const length = behind + (physical === null ? 0 : attributeSize(physical))
  const bytes = Buffer.alloc(length)
  bytes.writeUInt32LE(length, 0)
  bytes.writeUInt16LE(type, 4)
  bytes.writeUInt16LE(NLM_F_REQUEST | (isNew ? onlyNew : 0), 6)
  bytes.writeUInt8(family, 16)
  bytes.writeInt32LE(ifindex, 20)
  bytes.writeUInt16LE(isNew ? NUD_STALE : 0, 24)
  const attribute = (at: number, kind: number, value: Buffer): void => {
    bytes.writeUInt16LE(4 + value.length, at)
    bytes.writeUInt16LE(kind, at + 2)
    value.copy(bytes, at + 4)
  }
  attribute(16 + ndmsgSize, NDA_DST, dst)
  if (physical !== null) attribute(behind, NDA_LLADDR, physical)
  return bytes
}
