/**
 * The kernel has one table of IPv4 neighbours and one of IPv6 for all namespaces together (arp_tbl, nd_tbl), with room for
 * net.ipv4.neigh.default.gc_thresh3 entries, 1,024 unless somebody raised it; what is younger than 5 s is never pushed out
 * (neigh_forced_gc). 500 members that all talk to each other make 249,500 entries: the table would be full after the first
 * few, and not only we but everybody on the host could reach no new neighbour. So the entries that a piece of the matrix
 * made are taken out again when it is done. What was there before it began stays.
 *
 * Each pair would also ask by a broadcast that the bridge gives to all members: 60 million packets. So each member is asked
 * for once, by the kernel's own ARP, from another one; the others are told what came of that, as an entry that the kernel
 * would verify if it stayed (NUD_STALE). Who did not answer there is asked for by everybody.
 */
import { inside } from '../../collect/kernel/inside.ts'
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
import { openRtnetlink, type Netlink } from '../../collect/kernel/netlink/socket.ts'
import { parseIp } from '../../lib/ip.ts'
import type { Place } from '../../model/probe.ts'

export type Neighbours = {
  /** How many entries are left until the table is full, of the one that has the least. */
  readonly room: () => number
  /** What this member knows now is kept. */
  readonly remember: (place: Place) => void
  /** Which of these addresses were found by this member, and where. */
  readonly learn: (place: Place, addresses: readonly string[]) => void
  readonly isFound: (address: string) => boolean
  /** Somebody was found: whoever was not may not be there. */
  readonly hasAsked: () => boolean
  /** Tells the member of that address where those are that were found; false: it has to ask for some itself. */
  readonly tell: (place: Place, own: string, addresses: readonly string[]) => boolean
  /**
   * Takes out what this member was told; `found`: also what it found itself of these addresses; `awaited`: also whom it
   * still asks for.
   */
  readonly forget: (place: Place, addresses: readonly string[], which: 'told' | 'found' | 'awaited') => void
}

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
/** Where the kernel does not say. */
const usualMost = 1024

type Entry = {
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

export function neighboursOf(libc: Libc): Neighbours {
  const before = new Map<string, ReadonlySet<string>>()
  /** By address, as bytes. */
  const found = new Map<string, Buffer>()
  /** By namespace: the link that leads to the network. */
  const links = new Map<string, number>()
  /** The same few are asked for again and again. */
  const raws = new Map<string, { readonly dst: Buffer; readonly text: string }>()
  const rawOf = (address: string) => {
    const known = raws.get(address)
    if (known !== undefined) return known
    const dst = rawAddress(address)
    const raw = { dst, text: dst.toString('latin1') }
    raws.set(address, raw)
    return raw
  }
  const toldOf = ({ netns }: Place, addresses: readonly string[]): readonly Entry[] => {
    const ifindex = links.get(netns.id)
    if (ifindex === undefined) return []
    return addresses.flatMap((address) => {
      const { dst, text } = rawOf(address)
      const lladdr = found.get(text)
      const key = keyOf(ifindex, text)
      if (lladdr === undefined || before.get(netns.id)?.has(key) === true) return []
      return [
        { key, family: dst.length === 4 ? 2 : 10, ifindex, dst, lladdr, answered: true, isAwaited: false },
      ]
    })
  }
  return {
    room: () => {
      const opened = openRtnetlink(libc)
      if (!opened.ok) return usualMost
      const tables = opened.value.dump(RTM_GETNEIGHTBL, Buffer.alloc(ndtmsgSize), parseTable)
      opened.value.close()
      return tables.ok && tables.values.length > 0 ? Math.min(...tables.values) : usualMost
    },
    remember: (place) => {
      const entries = within(libc, place, entriesOf) ?? []
      before.set(place.netns.id, new Set(entries.map(({ key }) => key)))
    },
    learn: (place, addresses) => {
      const wanted = new Set(addresses.map((address) => rawOf(address).text))
      for (const { key, dst, lladdr, ifindex, answered } of within(libc, place, entriesOf) ?? []) {
        const address = dst.toString('latin1')
        if (lladdr === null || !wanted.has(address)) continue
        links.set(place.netns.id, ifindex)
        if (answered || before.get(place.netns.id)?.has(key) === true) found.set(address, lladdr)
      }
    },
    hasAsked: () => found.size > 0,
    isFound: (address) => found.has(rawOf(address).text),
    tell: (place, own, addresses) => {
      // Whom nobody finds is known to those whom it asks: it has to ask.
      if (!found.has(rawOf(own).text)) return false
      const told = toldOf(place, addresses)
      if (told.length > 0) {
        within(libc, place, (netlink) => sendAll(libc, netlink, RTM_NEWNEIGH, told))
      }
      return told.length === addresses.length
    },
    forget: (place, addresses, which) => {
      const known = before.get(place.netns.id)
      if (known === undefined) return
      const told = toldOf(place, addresses)
      if (which === 'told' && told.length === 0) return
      const wanted = new Set(addresses.map((address) => rawOf(address).text))
      within(libc, place, (netlink) => {
        const isMade = ({ key, dst, isAwaited }: Entry): boolean =>
          !known.has(key) && (which === 'awaited' || !isAwaited) && wanted.has(dst.toString('latin1'))
        const made = which === 'told' ? told : entriesOf(netlink).filter(isMade)
        if (made.length > 0) sendAll(libc, netlink, RTM_DELNEIGH, made)
      })
    },
  }
}

function keyOf(ifindex: number, address: string): string {
  return `${ifindex} ${address}`
}

/** null: it is gone, or may not be entered. Whoever probes it is told by the probe. */
function within<T>(
  libc: Libc,
  { netns, dev, paths, sockets }: Place,
  work: (netlink: Netlink) => T,
): T | null {
  const entrance = { dev, ino: BigInt(netns.id), paths, holders: { sockets } }
  const opened = inside(libc, entrance, () => openRtnetlink(libc))
  if (!opened.ok || !opened.value.ok) return null
  const netlink = opened.value.value
  try {
    return work(netlink)
  } finally {
    netlink.close()
  }
}

const neighbour = attributes(NDA_LLADDR)
const table = attributes(NDTA_CONFIG)

function entriesOf(netlink: Netlink): readonly Entry[] {
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
  return { key: keyOf(ifindex, dst.toString('latin1')), family, ifindex, dst, lladdr, answered, isAwaited }
}

function parseTable(bytes: Bytes, start: number, end: number): number | null {
  walk(bytes, start + ndtmsgSize, end, table)
  const family = bytes.view.getUint8(start)
  const most = u32(bytes, table, NDTA_THRESH3)
  if ((family !== 2 && family !== 10) || most === null || !has(table, NDTA_CONFIG)) return null
  return most - bytes.view.getUint32(offsetOf(table, NDTA_CONFIG) + entriesAt, true)
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

/** In the order of the network. */
function rawAddress(address: string): Buffer {
  const ip = parseIp(address.split('%')[0] ?? '')
  const bytes = Buffer.alloc(ip?.family === 'inet' ? 4 : 16)
  if (ip?.family === 'inet') bytes.writeUInt32BE(Number(ip.value))
  if (ip?.family === 'inet6') {
    bytes.writeBigUInt64BE(ip.value >> 64n, 0)
    bytes.writeBigUInt64BE(ip.value & 0xffffffffffffffffn, 8)
  }
  return bytes
}
