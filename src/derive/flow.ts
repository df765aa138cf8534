/** A packet as the routing policy sees it (struct flowi): what rules and routes are matched with. */
import { parseIp, type Family, type Ip } from '../lib/ip.ts'
import { isUnknown, unknown, type Known } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import { indexOf } from './netns-index.ts'
import type { RouteQuery } from './route-answer.ts'

export type Flow = {
  readonly family: Family
  readonly dst: Ip
  readonly src: Ip | null
  /** `lo` for what this namespace sends itself: the kernel looks that up with LOOPBACK_IFINDEX. */
  readonly iif: string
  readonly received: boolean
  /** ifindex that the nexthop must have; null: any. */
  readonly oif: number | null
  readonly oifName: string | null
  readonly mark: number
  readonly tos: number
  readonly uid: number
  readonly ipProto: number
  readonly sport: number
  readonly dport: number
  /** The vrf that the flow is in. */
  readonly vrf: Link | null
}

/** null where the text is no address, or a link is named that is not there: `problem` says which. */
export function flowOf(netns: Netns, query: RouteQuery): Known<Flow> {
  const [host = '', zone] = query.dst.split('%')
  const dst = parseIp(host)
  if (dst === null) return unknown(`"${query.dst}" is not an address`)
  const src = query.from === undefined ? null : parseIp(query.from)
  if (query.from !== undefined && src === null) return unknown(`"${query.from}" is not an address`)
  if (src !== null && src.family !== dst.family)
    return unknown('source and destination are of different families')
  if (isUnknown(netns.links)) return unknown(`the links could not be read: ${netns.links.unknown}`)
  const { byName, links } = indexOf(netns)
  const named = (name: string | undefined): Known<Link | null> =>
    name === undefined ? null : (byName.get(name) ?? unknown(`there is no link "${name}" here`))
  const iif = named(query.iif)
  if (iif !== null && isUnknown(iif)) return iif
  const oif = named(query.oif ?? zone)
  if (oif !== null && isUnknown(oif)) return oif
  // l3mdev_update_flow (net/l3mdev/l3mdev.c): the vrf of the outgoing link, else of the incoming one; asking for
  // the vrf itself means its table, any link.
  const vrfOf = (link: Link | null): Link | null => {
    if (link === null || link.kind === 'vrf') return link
    const master = link.master === null ? undefined : links.get(link.master)
    return master?.kind === 'vrf' ? master : null
  }
  return {
    family: dst.family,
    dst,
    src: src === null || src.value === 0n ? null : src,
    iif: iif?.name ?? 'lo',
    received: iif !== null,
    oif: oif === null || oif.kind === 'vrf' ? null : oif.ifindex,
    oifName: oif === null || oif.kind === 'vrf' ? null : oif.name,
    mark: query.mark ?? 0,
    tos: query.tos ?? 0,
    uid: query.uid ?? 0,
    ipProto: query.ipProto ?? 0,
    sport: query.sport ?? 0,
    dport: query.dport ?? 0,
    vrf: vrfOf(oif ?? iif),
  }
}
