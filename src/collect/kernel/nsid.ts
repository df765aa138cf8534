/**
 * Namespace numbers over rtnetlink (linux/net_namespace.h). An nsid means something only inside one namespace;
 * these requests are answered for the namespace that the socket belongs to.
 */
import { attribute, header } from './netlink/build.ts'
import { attributes, s32, walk } from './netlink/bytes.ts'
import { NLM_F_ACK, type Answer, type Netlink, type NetlinkError, type Parse } from './netlink/socket.ts'

export const RTM_NEWNSID = 88
export const RTM_DELNSID = 89
const RTM_GETNSID = 90

export const NETNSA_NSID = 1
const NETNSA_FD = 3
const NETNSA_TARGET_NSID = 4
const NETNSA_CURRENT_NSID = 5

/** struct rtgenmsg, padded. */
export const rtgenmsgSize = 4
const rtgenmsg = header(rtgenmsgSize)

/** One row of a namespace's table. `current`: the asking namespace's own number for the same one, or null. */
export type NsidRow = { readonly nsid: number; readonly current: number | null }

const found = attributes(NETNSA_CURRENT_NSID)

/** Gives the namespace behind `fd` the number `nsid` in the socket's namespace. EEXIST: it has one already. */
export function assignNsid(netlink: Netlink, fd: number, nsid: number): NetlinkError | null {
  const payload = Buffer.concat([rtgenmsg, attribute(NETNSA_FD, fd), attribute(NETNSA_NSID, nsid)])
  const answer = netlink.request(RTM_NEWNSID, NLM_F_ACK, payload, () => null)
  return answer.ok ? null : answer.error
}

/** The number that the socket's namespace uses for the one behind `fd`; null: none. */
export function nsidOfDescriptor(netlink: Netlink, fd: number): Answer<NsidRow> {
  return netlink.request(RTM_GETNSID, 0, Buffer.concat([rtgenmsg, attribute(NETNSA_FD, fd)]), parseRow)
}

/** The table of the socket's own namespace. */
export function ownNsids(netlink: Netlink): Answer<NsidRow> {
  return netlink.dump(RTM_GETNSID, rtgenmsg, parseRow)
}

/**
 * The table of another namespace, which the socket's one knows as `target`, each row with the number that the
 * socket's namespace has for the same one (NETNSA_CURRENT_NSID). One dump says what would otherwise take a
 * question for every pair of namespaces. Needs a strict socket: without it the kernel overlooks the target
 * (rtnl_valid_dump_net_req in net/core/net_namespace.c, 4.20 and later).
 */
export function nsidsOf(netlink: Netlink, target: number): Answer<NsidRow> {
  return netlink.dump(RTM_GETNSID, Buffer.concat([rtgenmsg, attribute(NETNSA_TARGET_NSID, target)]), parseRow)
}

/** NETNSA_NSID_NOT_ASSIGNED. */
const notAssigned = -1

const parseRow: Parse<NsidRow> = (bytes, start, end) => {
  walk(bytes, start + rtgenmsgSize, end, found)
  const nsid = s32(bytes, found, NETNSA_NSID)
  const current = s32(bytes, found, NETNSA_CURRENT_NSID)
  return nsid === null || nsid === notAssigned
    ? null
    : { nsid, current: current === notAssigned ? null : current }
}
