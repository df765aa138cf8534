/**
 * The JSON that other programs rely on (docs/json.md). More fields may be added; these keep their names and meaning.
 * `{ unknown: reason }` stands wherever a value could not be read.
 */
import type { RuleRef } from '../model/rule-ref.ts'
import type { Finding, Unchecked } from '../model/finding.ts'
import type { Drops } from '../derive/drops.ts'
import type { Connection } from '../model/connection.ts'
import type { Known, Unknown } from '../model/known.ts'
import type { BridgePort, LinkStats } from '../model/link.ts'
import type { Neighbour } from '../model/neighbour.ts'
import type { NetnsName } from '../model/netns.ts'
import type { Route } from '../model/route.ts'
import type { Gap } from '../model/world.ts'

export type NetnsRefShape = { readonly id: string; readonly name: string }
export type LinkRefShape = { readonly netns: NetnsRefShape; readonly ifindex: number; readonly name: string }
export type UnresolvedShape = Unknown & { readonly candidates: readonly LinkRefShape[] }

export type NetnsShape = {
  readonly id: string
  readonly name: string
  readonly names: readonly NetnsName[]
  readonly containers: Known<readonly string[]>
  readonly readable: true | Unknown
  /** How many processes live in it. */
  readonly processes: Known<number>
  /** How many links it has. */
  readonly links: Known<number>
  readonly addresses: Known<readonly string[]>
  readonly userNamespace: Known<string>
}

export type LinkShape = {
  readonly netns: NetnsRefShape
  readonly ifindex: number
  readonly name: string
  readonly altNames: readonly string[]
  readonly alias: string | null
  readonly kind: string
  readonly operstate: string
  readonly carrier: boolean | null
  readonly flags: readonly string[]
  readonly mtu: number
  readonly lladdr: string | null
  readonly master: string | null
  readonly port: Known<BridgePort | null>
  readonly addresses: Known<readonly string[]>
  readonly peer: LinkRefShape | UnresolvedShape | null
  readonly lower: LinkRefShape | UnresolvedShape | null
  readonly stats: Known<LinkStats>
  /** What belongs to its kind (vlan, vxlan, bridge, bond …); null where the kind has nothing of its own. */
  readonly data: unknown
}

/** Stands in `ls links` for all links of a namespace that could not be read. */
export type UnreadLinksShape = Unknown & { readonly netns: NetnsRefShape }

export type RouteShape = Route & { readonly dev: string | null }
export type NeighbourShape = Neighbour & { readonly dev: string | null }

export type BridgeShape = {
  readonly netns: NetnsRefShape
  readonly name: string
  readonly id: Known<string>
  readonly stp: Known<boolean>
  readonly vlanFiltering: Known<boolean>
  readonly mtu: number
  readonly addresses: Known<readonly string[]>
  /** The network that an engine made it for. */
  readonly network: { readonly engine: string; readonly id: string; readonly name: string } | null
  /** What leaves its network gets another source address; null: nobody says. */
  readonly nat: boolean | null
  readonly ports: readonly {
    readonly name: string
    readonly state: Known<string>
    readonly peer: LinkShape['peer']
  }[]
}

export type NetnsDetailShape = Omit<NetnsShape, 'links'> & {
  readonly links: Known<readonly LinkShape[]>
  readonly routes: Known<readonly RouteShape[]>
  readonly neighbours: Known<readonly NeighbourShape[]>
}

export type ShowShape = {
  readonly host: NetnsRefShape
  readonly hostName: string
  readonly kernel: string
  readonly at: string
  readonly netns: readonly NetnsDetailShape[]
  readonly bridges: readonly BridgeShape[]
  readonly gaps: readonly Gap[]
}

export type SnapshotShape = {
  readonly file: string
  readonly bytes: number
  readonly netns: number
  readonly gaps: number
  /** With --redact: how many different things were replaced, by kind. */
  readonly redacted: Readonly<Record<string, number>> | null
}

/** `findings`: worst first; `unknown` stands for a check that could not be made. */
export type FindingShape = Omit<Finding, 'netns' | 'rule'> & {
  readonly netns: NetnsRefShape
  readonly rule?: RuleRefShape
}
export type RuleRefShape = Omit<RuleRef, 'netns'> & { readonly netns: NetnsRefShape }
export type UncheckedShape = Omit<Unchecked, 'netns'> & { readonly netns: NetnsRefShape }

/** One tracked connection: the kernel's tuples, and what follows from them. */
export type ConnectionShape = Connection & {
  readonly netns: NetnsRefShape
  readonly translated: 'snat' | 'dnat' | 'both' | null
  readonly container: string | null
  /** Names of the namespaces that have the addresses at its ends. */
  readonly from: string | null
  readonly to: string | null
  readonly direction: string
  readonly translation: string | null
  /** Both in one sentence. */
  readonly words: string
  readonly trouble: { readonly kind: 'unreplied' | 'stale'; readonly says: string } | null
}

/** Stands in `conntrack` for all connections of a namespace that could not be read. */
export type UnreadConnectionsShape = Unknown & { readonly netns: NetnsRefShape }

export type ConntrackTableShape = {
  readonly netns: NetnsRefShape
  readonly count: Known<number>
  readonly max: Known<number>
  readonly stats: Known<Readonly<Record<string, number>>>
}

export type DropsShape = Drops & {
  readonly netns: NetnsRefShape
  /** Between the two looks; null where there was one. */
  readonly seconds: number | null
}
