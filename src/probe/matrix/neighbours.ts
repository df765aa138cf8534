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
import { openRtnetlink, type Netlink } from '../../collect/kernel/netlink/socket.ts'
import { parseIp } from '../../lib/ip.ts'
import type { Place } from '../../model/probe.ts'
import { addEntries, entriesOf, entryKey, removeEntries, roomsOf, type Entry } from './neighbour-entries.ts'

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

/** Where the kernel does not say. */
const usualMost = 1024

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
      const key = entryKey(ifindex, text)
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
      const rooms = roomsOf(opened.value)
      opened.value.close()
      return rooms.length > 0 ? Math.min(...rooms) : usualMost
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
        within(libc, place, (netlink) => addEntries(libc, netlink, told))
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
        if (made.length > 0) removeEntries(libc, netlink, made)
      })
    },
  }
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
