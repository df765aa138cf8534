/** Which links of a namespace an event is about. Nothing else is taken from it: what is there now is read anew. */
import type { NetnsId } from '../../model/ids.ts'
import type { Heard, Touched } from '../reader.ts'
import { attributes, lengthOf, offsetOf, s32, walk, type Bytes } from './netlink/bytes.ts'

/** RTM_NEW… of linux/rtnetlink.h; each RTM_DEL… is one more. */
const RTM_NEWLINK = 16
const RTM_NEWADDR = 20
const RTM_NEWROUTE = 24
const RTM_NEWRULE = 32
const RTM_NEWNETCONF = 80

const RTA_OIF = 4
const RTA_MULTIPATH = 9
const NETCONFA_IFINDEX = 1
const rtmsgSize = 12
/** struct netconfmsg: a family byte, padded. */
const netconfmsgSize = 4
/** struct rtnexthop: length, flags, hops, ifindex at 4. */
const rtnexthopSize = 8

const table = attributes(RTA_MULTIPATH)

/** Beyond so many links the whole is read anyway, and a flood of events takes no more room. */
const mostLinks = 32

/** Notes one message of the groups for links, addresses, routes, rules, nexthops and VLANs. */
export function touch(
  into: Map<NetnsId, Touched>,
  id: NetnsId,
  message: { readonly bytes: Bytes; readonly type: number; readonly start: number; readonly end: number },
): void {
  const before = into.get(id) ?? nothing
  const { ifindexes, policyRules, more } = touchedBy(message)
  const isNew = ifindexes.some((ifindex) => !before.ifindexes.has(ifindex))
  if (!isNew && before.policyRules >= policyRules && before.more >= more && into.has(id)) return
  const all = isNew ? new Set([...before.ifindexes, ...ifindexes]) : before.ifindexes
  const many = all.size > mostLinks
  into.set(id, {
    ifindexes: many ? before.ifindexes : all,
    policyRules: before.policyRules || policyRules,
    more: before.more || more || many,
  })
}

/** Counted in place: a flood of events makes no garbage. */
export type Counts = { -readonly [K in keyof Heard]: number }

/** How many messages of which kind: a flood counts as what it is, though only the last state is read. */
export function count(into: Map<NetnsId, Counts>, id: NetnsId, type: number): void {
  let counts = into.get(id)
  if (counts === undefined)
    into.set(id, (counts = { links: 0, addresses: 0, routes: 0, rules: 0, others: 0 }))
  counts[kindOf(type)] += 1
}

function kindOf(type: number): keyof Heard {
  switch (type & ~1) {
    case RTM_NEWLINK:
      return 'links'
    case RTM_NEWADDR:
      return 'addresses'
    case RTM_NEWROUTE:
      return 'routes'
    case RTM_NEWRULE:
      return 'rules'
    default:
      return 'others'
  }
}

const nothing: Touched = { ifindexes: new Set(), policyRules: false, more: false }

type ByOne = Omit<Touched, 'ifindexes'> & { readonly ifindexes: readonly number[] }

const other: ByOne = { ifindexes: [], policyRules: false, more: true }
const rule: ByOne = { ifindexes: [], policyRules: true, more: false }

function touchedBy(message: {
  readonly bytes: Bytes
  readonly type: number
  readonly start: number
  readonly end: number
}): ByOne {
  const { bytes, type, start, end } = message
  switch (type & ~1) {
    case RTM_NEWLINK:
    case RTM_NEWADDR:
      // Both struct ifinfomsg and struct ifaddrmsg have the index at 4.
      return end - start < 8 ? other : links([bytes.view.getInt32(start + 4, true)])
    case RTM_NEWROUTE:
      return links(nexthopsOf(bytes, start, end))
    case RTM_NEWRULE:
      return rule
    case RTM_NEWNETCONF:
      walk(bytes, start + netconfmsgSize, end, table)
      return links([s32(bytes, table, NETCONFA_IFINDEX) ?? 0])
    default:
      return other
  }
}

/** `all` and `default` of the settings are -1 and -2 (linux/netconf.h). */
function links(ifindexes: readonly number[]): ByOne {
  if (ifindexes.length === 0 || ifindexes.some((ifindex) => ifindex <= 0)) return other
  return { ifindexes, policyRules: false, more: false }
}

function nexthopsOf(bytes: Bytes, start: number, end: number): readonly number[] {
  walk(bytes, start + rtmsgSize, end, table)
  const oif = s32(bytes, table, RTA_OIF)
  const ifindexes = oif === null ? [] : [oif]
  let at = offsetOf(table, RTA_MULTIPATH)
  const last = at + lengthOf(table, RTA_MULTIPATH)
  while (at !== 0 && at + rtnexthopSize <= last) {
    ifindexes.push(bytes.view.getInt32(at + 4, true))
    const length = bytes.view.getUint16(at, true)
    if (length < rtnexthopSize) break
    at += (length + 3) & ~3
  }
  return ifindexes
}
