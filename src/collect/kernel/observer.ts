/**
 * A private network namespace in which every known one has a number (an nsid). Through it, one socket hears the
 * events of all of them, deaths included, and every namespace's own table of numbers can be read with exact
 * answers. A number does not keep a namespace alive, and the tables of others stay as they are.
 */
import { statSync } from 'node:fs'
import { hiddenNetnsId, netnsId, nsid, type NetnsId } from '../../model/ids.ts'
import { unknown } from '../../model/known.ts'
import type { NetnsTables } from '../../model/netns.ts'
import type { FoundNetns, KernelEvent, ReadFailure, SeenThroughNsid } from '../reader.ts'
import { CLONE_NEWNET, O_CLOEXEC, O_RDONLY, type Libc } from './libc.ts'
import { describeNetlinkError, openRtnetlink, type Netlink } from './netlink/socket.ts'
import { assignNsid, nsidOfDescriptor, nsidsOf, ownNsids } from './nsid.ts'
import { openNamespace, type Opened } from './open-namespace.ts'
import { linksThrough, seeThrough } from './see-through.ts'
import { watchReadable, type ReadableWatch } from './watch-readable.ts'
import { eventMarks, eventsOf, openEvents, type EventSocket } from './observer-events.ts'

export type Observer = {
  /** The private namespace itself. */
  readonly own: NetnsId
  /** For requests that name a namespace by its number here. */
  readonly netlink: Netlink
  /** The kernel answers for other namespaces (4.20 and later). */
  readonly seesTables: boolean
  /** Gives numbers to those that have none yet; the reason for each that could not be opened. */
  know(found: readonly FoundNetns[]): ReadonlyMap<NetnsId, ReadFailure>
  numberOf(id: NetnsId): number | null
  /**
   * Makes the kernel allot numbers here to all peers of its links, so that what readNsids could not explain
   * becomes a hidden namespace with an id of its own.
   */
  lookThrough(id: NetnsId): void
  /** Links and addresses without any path. */
  see(id: NetnsId): SeenThroughNsid | ReadFailure
  /** Another namespace's table; `id` null for a namespace that was never made known. */
  readNsids(id: NetnsId): NetnsTables['nsids']
  drain(): readonly KernelEvent[]
  watch(readable: () => void, isTold: boolean): ReadableWatch
  close(): void
}

/** The private namespaces of this thread's observers: nobody else's business, so never shown. */
export const ownNamespaces: Set<NetnsId> = new Set()

/**
 * Makes the namespace and returns home at once: a thread that stayed would start its children in an empty
 * namespace. The sockets alone keep the namespace. Refused without CAP_SYS_ADMIN. `opened` is called with a
 * descriptor of each namespace that becomes known, which is closed right after.
 */
export function openObserver(
  libc: Libc,
  opened: (id: NetnsId, fd: number) => void = () => {},
): Opened<Observer> {
  const home = libc.open('/proc/thread-self/ns/net', O_RDONLY | O_CLOEXEC)
  if (home < 0) return refused('cannot open its own namespace', libc.errno())
  try {
    if (libc.unshare(CLONE_NEWNET) !== 0)
      return refused('cannot make a namespace to observe from', libc.errno())
    try {
      return openSockets(libc, opened)
    } finally {
      if (libc.setns(home, CLONE_NEWNET) !== 0) {
        process.stderr.write('vethscope: cannot return to its own network namespace; stopping at once\n')
        process.abort()
      }
    }
  } finally {
    libc.close(home)
  }
}

/** Runs inside the private namespace. */
function openSockets(libc: Libc, opened: (id: NetnsId, fd: number) => void): Opened<Observer> {
  const own = netnsId(statSync('/proc/thread-self/ns/net', { bigint: true }).ino)
  const requests = openRtnetlink(libc)
  if (!requests.ok) return requests
  const tables = openEvents(libc, 'tables')
  const neighbours = openEvents(libc, 'neighbours')
  if (tables === null || neighbours === null) {
    requests.value.close()
    tables?.close()
    neighbours?.close()
    return refused('cannot listen to other namespaces', libc.errno())
  }
  return { ok: true, value: observer(libc, own, requests.value, [tables, neighbours], opened) }
}

function observer(
  libc: Libc,
  own: NetnsId,
  netlink: Netlink,
  events: readonly EventSocket[],
  noteOpened: (id: NetnsId, fd: number) => void,
): Observer {
  ownNamespaces.add(own)
  const seesTables = netlink.beStrict()
  const numbers = new Map<NetnsId, number>()
  const ids = new Map<number, NetnsId>()
  // Never the kernel's choice: it gives the lowest free number, and a late message about the one that had it
  // before would be taken for news of the new one.
  // Far from those that the kernel allots to peers of links that are looked at from here.
  let nextNumber = 1 << 20
  let marks = eventMarks()
  let pending: KernelEvent[] = []
  let watching: ReadableWatch | null = null
  const descriptors = events.map(({ fd }) => fd)
  let closed = false
  const idOf = (number: number): NetnsId | undefined => ids.get(number)

  const forget = (number: number): void => {
    const id = ids.get(number)
    ids.delete(number)
    if (id !== undefined && numbers.get(id) === number) numbers.delete(id)
  }

  /** Inode numbers are used again, but not before the kernel has queued the news of the death. */
  const collect = (): void => {
    // The usual answer is no, and this asks for all at once.
    if (closed || libc.readable(descriptors) === 0) return
    for (const socket of events) socket.drain(marks, idOf)
    if (marks.lost.has('tables')) for (const number of missing()) marks.dead.add(number)
    pending.push(...eventsOf(marks, idOf))
    for (const number of marks.dead) forget(number)
    marks = eventMarks()
  }

  /** After lost events: numbers that the kernel has taken back. */
  const missing = (): readonly number[] => {
    const table = ownNsids(netlink)
    if (!table.ok) return []
    const alive = new Set(table.values.map((row) => row.nsid))
    return [...ids.keys()].filter((number) => !alive.has(number))
  }

  /** A hidden one that a file leads to now has a number already. */
  const numberBehind = (fd: number): number | ReadFailure => {
    const number = nextNumber++
    const error = assignNsid(netlink, fd, number)
    if (error === null) return number
    const kept = error.errno === 'EEXIST' ? nsidOfDescriptor(netlink, fd) : null
    const [row] = kept?.ok === true ? kept.values : []
    return row?.nsid ?? { unknown: describeNetlinkError(error), errno: error.errno }
  }

  /** What one of the observer's numbers means; `seer` uses `own` for the same namespace. */
  const meaning = (current: number, seer: NetnsId, own: number): NetnsId => {
    const known = ids.get(current)
    if (known !== undefined) return known
    const id = hiddenNetnsId(seer, own)
    ids.set(current, id)
    numbers.set(id, current)
    return id
  }

  const introduce = (found: FoundNetns): ReadFailure | null => {
    const opened = openNamespace(libc, found)
    if (!opened.ok) return opened.failure
    const number = numberBehind(opened.value)
    noteOpened(found.id, opened.value)
    libc.close(opened.value)
    if (typeof number !== 'number') return number
    const hidden = ids.get(number)
    if (hidden !== undefined) {
      numbers.delete(hidden)
      pending.push({ type: 'dead', id: hidden })
    }
    numbers.set(found.id, number)
    ids.set(number, found.id)
    return null
  }

  return {
    own,
    netlink,
    seesTables,
    know: (found) => {
      // A discovery that was on its way when everything was closed: the descriptors may be other files by now.
      if (closed) return new Map()
      collect()
      const failures = new Map<NetnsId, ReadFailure>()
      for (const each of found) {
        if (numbers.has(each.id) || each.id === own) continue
        const failure = introduce(each)
        if (failure !== null) failures.set(each.id, failure)
      }
      return failures
    },
    numberOf: (id) => (closed ? null : (numbers.get(id) ?? null)),
    lookThrough: (id) => {
      const number = numbers.get(id)
      if (number !== undefined && !closed && seesTables) linksThrough(netlink, number)
    },
    see: (id) => {
      const number = numbers.get(id)
      if (number === undefined || closed) return { unknown: 'it is gone', errno: 'ENOENT' }
      return seeThrough(netlink, number, (current, own) => meaning(current, id, own))
    },
    readNsids: (id) => {
      const number = numbers.get(id)
      if (number === undefined || closed) return unknown('it has no number in the observer’s namespace')
      const table = nsidsOf(netlink, number)
      if (!table.ok) return unknown(describeNetlinkError(table.error))
      return table.values.map((row) => ({
        nsid: nsid(row.nsid),
        id: row.current === null ? null : meaning(row.current, id, row.nsid),
      }))
    },
    drain: () => {
      collect()
      const events = pending
      pending = []
      return events
    },
    watch: (readable, isTold) => {
      watching?.close()
      watching = watchReadable(libc, descriptors, readable, isTold)
      return watching
    },
    close: () => {
      if (closed) return
      closed = true
      watching?.close()
      for (const socket of events) socket.close()
      netlink.close()
      ownNamespaces.delete(own)
    },
  }
}

function refused(what: string, errno: string): { readonly ok: false; readonly failure: ReadFailure } {
  return { ok: false, failure: { unknown: `${what}: ${errno}`, errno } }
}
