/**
 * Events of all namespaces on one descriptor (NETLINK_LISTEN_ALL_NSID). An event is read only as far as it says
 * which namespace is concerned and in what way; what is there now is read anew.
 */
import type { NetnsId } from '../../model/ids.ts'
import type { KernelEvent, Touched } from '../reader.ts'
import type { Libc } from './libc.ts'
import { attributes, bytesOf, s32, walk } from './netlink/bytes.ts'
import { int32 } from './netlink/build.ts'
import { openRtnetlink, type Netlink } from './netlink/socket.ts'
import { NETNSA_NSID, RTM_DELNSID, RTM_NEWNSID, rtgenmsgSize } from './nsid.ts'
import { count, touch, type Counts } from './observer-touched.ts'

const SOL_NETLINK = 270
const NETLINK_ADD_MEMBERSHIP = 1
const NETLINK_LISTEN_ALL_NSID = 8
const MSG_DONTWAIT = 0x40

/**
 * RTNLGRP_* (linux/rtnetlink.h): LINK, IPV4_IFADDR, IPV4_ROUTE, IPV4_RULE, IPV6_IFADDR, IPV6_ROUTE, IPV6_IFINFO,
 * IPV6_RULE, IPV4_NETCONF, IPV6_NETCONF, NSID, NEXTHOP, BRVLAN. An older kernel refuses the last ones: it has no
 * such events.
 */
const tableGroups = [1, 5, 7, 8, 9, 11, 12, 19, 24, 25, 28, 32, 33] as const
/** NEIGH (with bridges' FDB entries) and MDB come in masses, so their overflow must not hide the others. */
const neighbourGroups = [3, 26] as const

const tableBuffer = 8 * 1024 * 1024
const neighbourBuffer = 2 * 1024 * 1024

/** So many messages at once; the rest waits for the next turn of the event loop. */
const messagesAtOnce = 4000

export type EventSocket = {
  readonly fd: number
  /** Adds what has come to `into`; never waits. */
  drain(into: EventMarks, idOf: (nsid: number) => NetnsId | undefined): void
  close(): void
}

/** What came, each at most once: a link that flaps 10,000 times takes no more room than one that flaps once. */
export type EventMarks = {
  readonly tables: Map<NetnsId, Touched>
  readonly heard: Map<NetnsId, Counts>
  readonly neighbours: Set<NetnsId>
  readonly nsids: Set<NetnsId>
  /** Numbers in the observer's namespace whose namespaces died. */
  readonly dead: Set<number>
  readonly lost: Set<'tables' | 'neighbours'>
}

export function eventMarks(): EventMarks {
  return {
    tables: new Map(),
    heard: new Map(),
    neighbours: new Set(),
    nsids: new Set(),
    dead: new Set(),
    lost: new Set(),
  }
}

export function eventsOf(marks: EventMarks, idOf: (nsid: number) => NetnsId | undefined): KernelEvent[] {
  const of = (type: 'neighbours' | 'nsids', ids: Set<NetnsId>): KernelEvent[] =>
    [...ids].map((id) => ({ type, id }))
  return [
    ...[...marks.lost].map((what): KernelEvent => ({ type: 'lost', what })),
    ...[...marks.dead].flatMap((nsid): KernelEvent[] => {
      const id = idOf(nsid)
      return id === undefined ? [] : [{ type: 'dead', id }]
    }),
    ...[...marks.tables].map(([id, touched]): KernelEvent => {
      const heard = marks.heard.get(id)
      return { type: 'tables', id, touched, ...(heard === undefined ? {} : { heard }) }
    }),
    ...of('nsids', marks.nsids),
    ...of('neighbours', marks.neighbours),
  ]
}

/** A socket for events of the thread's present namespace and of all that have a number there. */
export function openEvents(libc: Libc, kind: 'tables' | 'neighbours'): EventSocket | null {
  const opened = openRtnetlink(libc)
  if (!opened.ok) return null
  const netlink = opened.value
  netlink.receiveBuffer(kind === 'tables' ? tableBuffer : neighbourBuffer)
  if (!listen(libc, netlink, kind === 'tables' ? tableGroups : neighbourGroups)) {
    netlink.close()
    return null
  }
  const receive = libc.receiver(received.buffer, control)
  return {
    fd: netlink.fd,
    drain: (into, idOf) => drain(libc, receive, netlink.fd, kind, into, idOf),
    close: () => netlink.close(),
  }
}

/** struct sockaddr_nl: family AF_NETLINK, and zeros for "choose my address". */
const anyAddress = Buffer.from([16, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0])

function listen(libc: Libc, netlink: Netlink, groups: readonly number[]): boolean {
  // An unbound socket has address 0, like the kernel, and is passed over as the sender of the kernel's own news
  // (do_one_broadcast in net/netlink/af_netlink.c): deaths would never be heard.
  if (libc.bind(netlink.fd, anyAddress) !== 0) return false
  if (libc.setsockopt(netlink.fd, SOL_NETLINK, NETLINK_LISTEN_ALL_NSID, int32(1)) !== 0) return false
  const joined = groups.map(
    (group) => libc.setsockopt(netlink.fd, SOL_NETLINK, NETLINK_ADD_MEMBERSHIP, int32(group)) === 0,
  )
  return joined[0] === true
}

// One thread drains one socket at a time.
const received = bytesOf(Buffer.alloc(64 * 1024))
const control = Buffer.alloc(128)
const found = attributes(NETNSA_NSID)
const nlmsghdrSize = 16

function drain(
  libc: Libc,
  receive: ReturnType<Libc['receiver']>,
  fd: number,
  kind: 'tables' | 'neighbours',
  into: EventMarks,
  idOf: (nsid: number) => NetnsId | undefined,
): void {
  for (let count = 0; count < messagesAtOnce; count++) {
    const { length, controlLength } = receive(fd, MSG_DONTWAIT)
    if (length < 0) {
      const errno = libc.errno()
      if (errno === 'EAGAIN') return
      if (errno === 'EINTR') continue
      // ENOBUFS: the buffer ran over. The kernel says so once; what follows is whole again.
      into.lost.add(kind)
      if (errno !== 'ENOBUFS') return
      continue
    }
    const from = senderOf(controlLength)
    for (let at = 0; at + nlmsghdrSize <= length;) {
      const size = received.view.getUint32(at, true)
      if (size < nlmsghdrSize || at + size > length) break
      mark(kind, received.view.getUint16(at + 4, true), from, at + nlmsghdrSize, at + size, into, idOf)
      at += (size + 3) & ~3
    }
  }
}

function mark(
  kind: 'tables' | 'neighbours',
  type: number,
  from: number | null,
  start: number,
  end: number,
  into: EventMarks,
  idOf: (nsid: number) => NetnsId | undefined,
): void {
  if (from === null) {
    // The observer's own table: only deaths matter, births are its own doing.
    if (type !== RTM_DELNSID) return
    walk(received, start + rtgenmsgSize, end, found)
    const nsid = s32(received, found, NETNSA_NSID)
    if (nsid !== null) into.dead.add(nsid)
    return
  }
  const id = idOf(from)
  if (id === undefined) return
  if (type === RTM_NEWNSID || type === RTM_DELNSID) into.nsids.add(id)
  else if (kind === 'neighbours') into.neighbours.add(id)
  else {
    touch(into.tables, id, { bytes: received, type, start, end })
    count(into.heard, id, type)
  }
}

/** struct cmsghdr on 64-bit: length, level, type, then the sender's nsid. Without one it is the socket's own namespace. */
function senderOf(controlLength: number): number | null {
  const cmsghdrSize = 16
  if (controlLength < cmsghdrSize + 4) return null
  const isNsid = control.readInt32LE(8) === SOL_NETLINK && control.readInt32LE(12) === NETLINK_LISTEN_ALL_NSID
  return isNsid ? control.readInt32LE(cmsghdrSize) : null
}
