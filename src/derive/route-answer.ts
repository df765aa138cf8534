/** What is asked of the routing tables, and what comes out. */
import type { Known } from '../model/known.ts'
import type { Neighbour } from '../model/neighbour.ts'
import type { PolicyRule, Route } from '../model/route.ts'

export type RouteQuery = {
  /** The address a packet is sent to. */
  readonly dst: string
  /** Its source, where it has one already. */
  readonly from?: string
  /** Name of the link it came in by: then it is forwarded (or delivered), not sent by this host. */
  readonly iif?: string
  /** Name of the link it must leave by (a socket bound to it). */
  readonly oif?: string
  readonly mark?: number
  readonly tos?: number
  readonly uid?: number
  readonly ipProto?: number
  readonly sport?: number
  readonly dport?: number
}

/** One way out; several where a hash of the flow decides between nexthops. */
export type Way = {
  readonly ifindex: number | null
  readonly link: string | null
  readonly gateway: string | null
  readonly weight: number
  /** Who is asked for on the link: the gateway, or the destination itself. null where nobody is (local, tunnels). */
  readonly neighbour: Known<Neighbour | null>
  /** The source address that the kernel would choose for this way; null where it has none. */
  readonly source: string | null
  /** dead, linkdown, onlink, pervasive … as the kernel flags the nexthop. */
  readonly flags: readonly string[]
}

export type RouteAnswer = {
  readonly dst: string
  readonly family: 'inet' | 'inet6'
  /**
   * What happens to the packet: a route's type (unicast, local, broadcast, multicast, blackhole, unreachable,
   * prohibit), `none` where no table has one, `dropped` where it is refused beside the tables (forwarding is 0,
   * rp_filter, a source that is not ours), `unknown` where a piece that decides could not be read. With `dropped`
   * and `unknown` the route is told as far as it was found.
   */
  readonly verdict: string
  /** Why it is none, dropped or unknown; null otherwise. */
  readonly reason: string | null
  readonly rule: PolicyRule | null
  readonly table: number | null
  readonly route: Route | null
  readonly ways: readonly Way[]
  /** The source address that the kernel would choose, or the one asked with; null where it has none. */
  readonly source: { readonly address: string | null; readonly why: string }
  /** How it came to that, in words; outside text in it is raw. */
  readonly steps: readonly string[]
}
