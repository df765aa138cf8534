/**
 * Links and addresses of a namespace that is named by a number only: the kernel answers for it on a socket of the
 * namespace that has the number (IFLA_TARGET_NETNSID and IFA_TARGET_NETNSID, 4.20 and later). Routes, rules and
 * neighbours cannot be asked for in this way.
 */
import type { NetnsId } from '../../model/ids.ts'
import { nsid } from '../../model/ids.ts'
import { unknown } from '../../model/known.ts'
import type { NetnsTables } from '../../model/netns.ts'
import type { ReadFailure, SeenThroughNsid } from '../reader.ts'
import { attribute, header } from './netlink/build.ts'
import { parseAddress } from './netlink/parse-address.ts'
import { parseLink } from './netlink/parse-link.ts'
import { describeNetlinkError, type Netlink } from './netlink/socket.ts'
import { nsidsOf } from './nsid.ts'

const RTM_GETLINK = 18
const RTM_GETADDR = 22
const IFLA_TARGET_NETNSID = 46
const IFA_TARGET_NETNSID = 10
const ifinfomsgSize = 16
const ifaddrmsgSize = 8

/**
 * `netlink` must be strict. `idOf` says what a number of the socket's own namespace means. A failure (EINVAL)
 * tells that the number leads to nothing, or to a namespace that is being taken down.
 */
export function seeThrough(
  netlink: Netlink,
  number: number,
  idOf: (nsid: number) => NetnsId | null,
): SeenThroughNsid | ReadFailure {
  const links = netlink.dump(
    RTM_GETLINK,
    Buffer.concat([header(ifinfomsgSize), attribute(IFLA_TARGET_NETNSID, number)]),
    parseLink,
  )
  if (!links.ok) return { unknown: describeNetlinkError(links.error), errno: links.error.errno }
  return { links: links.values, addresses: addresses(netlink, number), nsids: nsids(netlink, number, idOf) }
}

function addresses(netlink: Netlink, number: number): NetnsTables['addresses'] {
  const answer = netlink.dump(
    RTM_GETADDR,
    Buffer.concat([header(ifaddrmsgSize), attribute(IFA_TARGET_NETNSID, number)]),
    parseAddress,
  )
  return answer.ok ? answer.values : unknown(describeNetlinkError(answer.error))
}

function nsids(
  netlink: Netlink,
  number: number,
  idOf: (nsid: number) => NetnsId | null,
): NetnsTables['nsids'] {
  const table = nsidsOf(netlink, number)
  if (!table.ok) return unknown(describeNetlinkError(table.error))
  return table.values.map((row) => ({
    nsid: nsid(row.nsid),
    id: row.current === null ? null : idOf(row.current),
  }))
}
