/**
 * A part of one namespace, read again and put in the place of what was known: whole tables, or what has to do
 * with single links. Everything is asked for; nothing is taken from an event.
 */
import { isUnknown, type Known } from '../../model/known.ts'
import type { NetnsTables } from '../../model/netns.ts'
import type { Route } from '../../model/route.ts'
import { same } from '../delta.ts'
import type { Parts, ReadFailure } from '../reader.ts'
import { attribute, header, int32 } from './netlink/build.ts'
import { AF_BRIDGE } from './netlink/format.ts'
import { parseAddress } from './netlink/parse-address.ts'
import { parseLink } from './netlink/parse-link.ts'
import { parseFdbEntry } from './netlink/parse-neighbour.ts'
import { parseRoute } from './netlink/parse-route.ts'
import { describeNetlinkError, type Answer, type Netlink, type NetlinkError } from './netlink/socket.ts'
import {
  readOneTable,
  RTM_GETADDR,
  RTM_GETLINK,
  RTM_GETNEIGH,
  RTM_GETROUTE,
  withLinkExtras,
} from './read-tables.ts'

const RTA_OIF = 4
const RTM_F_CLONED = 0x200

type Tables = { -readonly [Table in keyof NetnsTables]?: NetnsTables[Table] }

const changing: ReadFailure = { unknown: 'it changes while it is read', errno: 'EINTR' }

/** Through a fresh socket, which is strict afterwards. */
export function readParts(
  socket: Netlink,
  known: NetnsTables,
  { ifindexes, tables }: Parts,
): Partial<NetnsTables> | ReadFailure {
  const read: Tables = {}
  for (const table of tables) {
    const rows = readOneTable(socket, table)
    if (rows === null) return changing
    Object.assign(read, rows)
  }
  if (ifindexes.length === 0) return read
  // They go with their link without a word (nexthop_flush_dev); mostly there are none.
  if (!isUnknown(known.nexthopObjects) && known.nexthopObjects.length > 0) {
    Object.assign(read, readOneTable(socket, 'nexthopObjects'))
  }
  // Only strictly checked requests are answered with less than the whole table (NETLINK_GET_STRICT_CHK, 4.20).
  if (!socket.beStrict()) return { unknown: 'this kernel cannot be asked for parts', errno: 'EOPNOTSUPP' }
  for (const ifindex of ifindexes) {
    const failure = readAround(socket, ifindex, { ...known, ...read }, read)
    if (failure !== null) return failure
  }
  return read
}

function readAround(socket: Netlink, ifindex: number, known: NetnsTables, into: Tables): ReadFailure | null {
  const link = present(socket.request(RTM_GETLINK, 0, linkOf(ifindex), parseLink))
  if (!link.ok) return failureOf(link.error)
  const addresses = present(socket.dump(RTM_GETADDR, addressesOf(ifindex), parseAddress))
  if (!addresses.ok) return failureOf(addresses.error)
  const routes = present(socket.dump(RTM_GETROUTE, routesOf(ifindex, 0), parseRoute))
  if (!routes.ok) return failureOf(routes.error)
  // Strictly, exceptions (a path MTU that was learnt) come only when asked for.
  const exceptions = present(socket.dump(RTM_GETROUTE, routesOf(ifindex, RTM_F_CLONED), parseRoute))
  if (!exceptions.ok) return failureOf(exceptions.error)
  // A device's own entries come and go with its state without a word (dev_uc_add, dev_mc_add).
  const fdb = present(socket.dump(RTM_GETNEIGH, fdbOf(ifindex), parseFdbEntry))
  if (!fdb.ok) return failureOf(fdb.error)
  if (addresses.interrupted || routes.interrupted || exceptions.interrupted || fdb.interrupted) {
    return changing
  }
  const links = withLinkExtras(socket, link.values, known.links)
  into.links = replaced(known.links, (row) => row.ifindex === ifindex, links)
  into.addresses = replaced(known.addresses, (row) => row.ifindex === ifindex, addresses.values)
  into.fdb = replaced(known.fdb, (row) => row.ifindex === ifindex, fdb.values)
  into.routes = replaced(known.routes, (row) => uses(row, ifindex), [...routes.values, ...exceptions.values])
  return null
}

/** struct ifinfomsg: the index at 4. */
function linkOf(ifindex: number): Buffer {
  const request = header(16)
  int32(ifindex).copy(request, 4)
  return request
}

/** struct ifaddrmsg: the index at 4. */
function addressesOf(ifindex: number): Buffer {
  return Buffer.concat([header(4), int32(ifindex)])
}

/** struct ndmsg: the family at 0, the index at 4. */
function fdbOf(ifindex: number): Buffer {
  const request = header(12, { 0: AF_BRIDGE })
  int32(ifindex).copy(request, 4)
  return request
}

/** struct rtmsg: the flags at 8. */
function routesOf(ifindex: number, flags: number): Buffer {
  return Buffer.concat([header(8), int32(flags), attribute(RTA_OIF, ifindex)])
}

/** The kernel's own test (fib_info_nh_uses_dev): also one of several next hops counts. */
function uses(route: Route, ifindex: number): boolean {
  return route.oif === ifindex || route.nexthops.some((hop) => hop.oif === ifindex)
}

/** Of a link that is not there any more there is nothing. */
function present<T>(answer: Answer<T>): Answer<T> {
  if (answer.ok || answer.error.errno !== 'ENODEV') return answer
  return { ok: true, values: [], interrupted: false }
}

function failureOf(error: NetlinkError): ReadFailure {
  return { unknown: describeNetlinkError(error), errno: error.errno }
}

/** Those of `rows` that are `concerned`, replaced: what says the same keeps its place, and the rest comes behind it. */
function replaced<T>(
  rows: Known<readonly T[]>,
  concerned: (row: T) => boolean,
  fresh: readonly T[],
): Known<readonly T[]> {
  if (isUnknown(rows)) return rows
  const left = new Set(fresh)
  const kept: T[] = []
  let behind = rows.length
  for (const row of rows) {
    if (!concerned(row)) {
      kept.push(row)
      continue
    }
    for (const candidate of left) {
      if (!same(row, candidate)) continue
      left.delete(candidate)
      kept.push(row)
      break
    }
    behind = kept.length
  }
  if (left.size === 0) return kept
  kept.splice(Math.min(behind, kept.length), 0, ...left)
  return kept
}
