/**
 * Links and addresses of a namespace that is named by a number only: the kernel answers for it on a socket of the
 * namespace that has the number (IFLA_TARGET_NETNSID and IFA_TARGET_NETNSID, 4.20 and later). Routes, rules and
 * neighbours cannot be asked for in this way.
 *
 * In such an answer the numbers beside links (IFLA_LINK_NETNSID) are those of the *asking* namespace, and the
 * kernel allots them there (rtnl_dump_ifinfo in net/core/rtnetlink.c). So only the observer's socket may ask: a
 * look through somebody else's would add numbers to their table.
 */
import type { NetnsId } from '../../model/ids.ts'
import { nsid } from '../../model/ids.ts'
import { unknown } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { NetnsTables } from '../../model/netns.ts'
import type { ReadFailure, SeenThroughNsid } from '../reader.ts'
import { attribute, header } from './netlink/build.ts'
import { parseAddress } from './netlink/parse-address.ts'
import { parseLink } from './netlink/parse-link.ts'
import { describeNetlinkError, type Answer, type Netlink } from './netlink/socket.ts'
import { nsidsOf, type NsidRow } from './nsid.ts'
import { RTM_GETADDR, RTM_GETLINK } from './read-tables.ts'

const IFLA_TARGET_NETNSID = 46
const IFA_TARGET_NETNSID = 10
const ifinfomsgSize = 16
const ifaddrmsgSize = 8

/** Their `lower.nsid` are numbers of the socket's namespace; each peer has one there afterwards. */
export function linksThrough(netlink: Netlink, number: number): Answer<Link> {
  const payload = Buffer.concat([header(ifinfomsgSize), attribute(IFLA_TARGET_NETNSID, number)])
  return netlink.dump(RTM_GETLINK, payload, parseLink)
}

/**
 * `netlink` must be strict. `idOf` says what a number of the socket's namespace means; `own` is the one that the
 * looked-at namespace uses for the same. A failure (EINVAL): the number leads to nothing, or to a namespace that
 * is being taken down.
 */
export function seeThrough(
  netlink: Netlink,
  number: number,
  idOf: (current: number, own: number) => NetnsId,
): SeenThroughNsid | ReadFailure {
  const links = linksThrough(netlink, number)
  if (!links.ok) return { unknown: describeNetlinkError(links.error), errno: links.error.errno }
  const table = nsidsOf(netlink, number)
  const addresses = addressesThrough(netlink, number)
  if (!table.ok) {
    return { links: links.values, addresses, nsids: unknown(describeNetlinkError(table.error)) }
  }
  return { addresses, ...inOwnNumbers(links.values, table.values, idOf) }
}

function addressesThrough(netlink: Netlink, number: number): NetnsTables['addresses'] {
  const payload = Buffer.concat([header(ifaddrmsgSize), attribute(IFA_TARGET_NETNSID, number)])
  const answer = netlink.dump(RTM_GETADDR, payload, parseAddress)
  return answer.ok ? answer.values : unknown(describeNetlinkError(answer.error))
}

/** Added to the observer's number where the namespace has none of its own: nobody counts that far. */
const borrowed = 0x40000000

/** Puts the namespace's own numbers in place of the observer's. */
export function inOwnNumbers(
  links: readonly Link[],
  rows: readonly NsidRow[],
  idOf: (current: number, own: number) => NetnsId,
): Pick<SeenThroughNsid, 'links' | 'nsids'> {
  const ownOf = new Map(
    rows.flatMap((row) => (row.current === null ? [] : [[row.current, row.nsid] as const])),
  )
  for (const { lower } of links) {
    if (lower !== null && lower.nsid !== null && !ownOf.has(lower.nsid))
      ownOf.set(lower.nsid, borrowed + lower.nsid)
  }
  const unmatched = rows.filter(({ current }) => current === null)
  return {
    links: links.map((link) => {
      if (link.lower === null || link.lower.nsid === null) return link
      const own = ownOf.get(link.lower.nsid) ?? link.lower.nsid
      return { ...link, lower: { ...link.lower, nsid: nsid(own) } }
    }),
    nsids: [
      ...[...ownOf].map(([current, own]) => ({ nsid: nsid(own), id: idOf(current, own) })),
      ...unmatched.map((row) => ({ nsid: nsid(row.nsid), id: null })),
    ],
  }
}
