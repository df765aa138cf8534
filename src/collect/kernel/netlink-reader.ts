/** The reader over rtnetlink: looks into a namespace through a socket that is made there, used and closed at once. */
import { statSync } from 'node:fs'
import { netnsId, type NetnsId } from '../../model/ids.ts'
import { unknown } from '../../model/known.ts'
import type { NetnsTables } from '../../model/netns.ts'
import type { FoundNetns, KernelReader, Observation, ReadFailure } from '../reader.ts'
import { readDetails } from './details/read-details.ts'
import { inside } from './inside.ts'
import type { Libc } from './libc.ts'
import { describeNetlinkError, openRtnetlink, openRtnetlinkIn, type Netlink } from './netlink/socket.ts'
import { likelyFirst, nsidsByDescriptor } from './nsids-by-descriptor.ts'
import { openObserver, type Observer } from './observer.ts'
import { owners } from './owner.ts'
import { readCounters } from './read-counters.ts'
import { readParts } from './read-parts.ts'
import { readNeighbours, readTables } from './read-tables.ts'

export type NetlinkReaderOptions = {
  /** False: as on a kernel that does not answer for other namespaces. For tests. */
  readonly observe?: boolean
}

export type NetlinkReader = KernelReader & {
  /** Why there is no observer, and so no events; null where there is one. */
  readonly blind: ReadFailure | null
}

export function netlinkReader(libc: Libc, options: NetlinkReaderOptions = {}): NetlinkReader {
  const home = netnsId(statSync('/proc/thread-self/ns/net', { bigint: true }).ino)
  const owner = owners(libc)
  const opened = openObserver(libc, (id, fd) => owner.note(id, fd))
  const observer = opened.ok ? opened.value : null
  const asksDirectly = observer?.seesTables === true && options.observe !== false
  let known: ReadonlyMap<NetnsId, FoundNetns> = new Map()
  /** Only without direct answers: what was resolved so far tells whom to ask first. */
  const resolved = new Map<NetnsId, NetnsTables['nsids']>()

  const nsidsFrom = (netlink: Netlink, id: NetnsId): NetnsTables['nsids'] => {
    if (asksDirectly && observer.numberOf(id) !== null) return observer.readNsids(id)
    const nsids = nsidsByDescriptor(libc, netlink, likelyFirst(id, home, known, resolved))
    resolved.set(id, nsids)
    return nsids
  }

  /** Calls `read` with a socket of that namespace and closes it: an open socket would keep the namespace alive. */
  const within = <T>(netns: FoundNetns, read: (netlink: Netlink) => T): T | ReadFailure => {
    // One's own needs no path, and no right to enter.
    const socket = netns.id === home ? openRtnetlink(libc) : openRtnetlinkIn(libc, netns)
    if (!socket.ok) return socket.failure
    try {
      return read(socket.value)
    } finally {
      socket.value.close()
    }
  }

  return {
    name: 'netlink',
    blind: opened.ok ? null : opened.failure,
    know: (found) => {
      observer?.know(found)
      known = new Map(found.map((netns) => [netns.id, netns]))
      owner.keep(known)
      return Promise.resolve()
    },
    readTables: (netns) =>
      settled(() =>
        within(netns, (netlink) => {
          const { cookie, tables, interrupted } = readTables(netlink)
          // After the links: dumping them makes the kernel allot numbers to their peers.
          return { cookie, tables: { ...tables, nsids: nsidsFrom(netlink, netns.id) }, interrupted }
        }),
      ),
    ownerOf: (netns) => owner.of(netns),
    readDetails: (netns, processes, only) =>
      settled(() => {
        if (netns.id === home) return readDetails({ libc, processes, only })
        const read = inside(libc, netns, () => readDetails({ libc, processes, only }))
        return read.ok ? read.value : read.failure
      }),
    readParts: (netns, known, parts) =>
      settled(() => within(netns, (netlink) => readParts(netlink, known, parts))),
    readNeighbours: (netns, links) =>
      settled(() => within(netns, (netlink) => readNeighbours(netlink, links))),
    readCounters: (netns) =>
      settled(() =>
        within(netns, (netlink) => {
          const answer = readCounters(netlink)
          return answer.ok
            ? answer.values
            : { unknown: describeNetlinkError(answer.error), errno: answer.error.errno }
        }),
      ),
    ...(observer === null ? {} : { observation: observation(observer, asksDirectly) }),
    close: () => observer?.close(),
  }
}

/** Synchronous work as the interface wants it; what it throws rejects. */
async function settled<T>(work: () => T): Promise<T> {
  return work()
}

function observation(observer: Observer, asksDirectly: boolean): Observation {
  const tooOld: ReadFailure = {
    unknown: 'this kernel does not answer for other namespaces (before 4.20)',
    errno: 'EOPNOTSUPP',
  }
  return {
    own: observer.own,
    readNsids: (id) => (asksDirectly ? observer.readNsids(id) : unknown(tooOld.unknown)),
    lookThrough: (id) => {
      if (asksDirectly) observer.lookThrough(id)
    },
    readHeld: (id) => {
      if (observer.numberOf(id) === null) return { unknown: 'it is gone', errno: 'ENOENT' }
      return asksDirectly ? observer.see(id) : tooOld
    },
    drain: () => observer.drain(),
    watch: (readable, isTold) => observer.watch(readable, isTold),
  }
}
