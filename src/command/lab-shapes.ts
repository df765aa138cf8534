/** The JSON of `net inspect` and `node ls` (docs/json.md). */
import type { Known, Unknown } from '../model/known.ts'
import type { LabEndpoint, LabNetwork, LabPort } from '../model/lab.ts'
import type { OverlayRemote } from '../model/overlay.ts'
import type { NetworkShape } from './container-shapes.ts'
import type { LinkRefShape, NetnsRefShape } from './shapes.ts'

/** Stands for a lab that could not be read. */
export type UnreadLabShape = Unknown & { readonly engine: 'lab' }

/** As `ls networks` has it, and what vethscope wrote down of it; `lab` is null for another engine's. */
export type LabNetworkShape = NetworkShape & {
  readonly lab: LabNetwork | null
  /** Who is on it, also those that do not run and are to be on it when they start. */
  readonly places: readonly NetworkPlaceShape[]
  /** Published ports of its members. */
  readonly ports: readonly (LabPort & { readonly node: string })[]
  /** null: it is no overlay. */
  readonly overlay: OverlayShape | null
}

/** A container or node on a network. */
export type NetworkPlaceShape = {
  readonly containerId: string
  readonly name: string
  /** As the engine says: running, exited … */
  readonly state: string
  readonly mac: string | null
  readonly ipv4: string | null
  readonly ipv6: string | null
  readonly gateway: string | null
  readonly gateway6: string | null
  readonly aliases: readonly string[]
  /** `CONTAINER:ALIAS`. */
  readonly links: readonly string[]
  /** In the container's namespace. */
  readonly link: Known<LinkRefShape | null>
  /** Its other end: on the bridge, or, of an overlay, in the hidden namespace. */
  readonly hostLink: LinkRefShape | null
}

/** A Swarm's overlay as this host has it. */
export type OverlayShape = {
  readonly vnis: readonly number[]
  readonly ingress: boolean
  readonly encrypted: boolean
  /** The hidden namespace; null: nothing of this host is on the network. */
  readonly sandbox: Known<NetnsRefShape | null>
  readonly segments: readonly {
    readonly subnet: string | null
    readonly vni: number | null
    readonly mtu: number
    readonly dstport: number | null
    readonly bridge: LinkRefShape
    readonly vxlan: LinkRefShape | null
  }[]
  /** `told`: the engine names it; else only the forwarding table does. */
  readonly peers: readonly {
    readonly address: string
    readonly name: string | null
    readonly here: boolean
    readonly told: boolean
    readonly remotes: readonly OverlayRemote[]
  }[]
  /** Of members on this host, on the hidden namespace's bridge. */
  readonly ports: readonly { readonly name: string; readonly port: LinkRefShape }[]
  readonly balancer: Known<{
    readonly netns: NetnsRefShape
    readonly address: string | null
    readonly link: LinkRefShape | null
  } | null>
  /** Of ingress: ports of this host that lead to services. */
  readonly published: Known<
    readonly {
      readonly hostIp: string
      readonly hostPort: number
      readonly protocol: string
      readonly port: number
    }[]
  >
}

export type LabNodeShape = {
  readonly name: string
  readonly mode: 'bridge' | 'none' | 'host' | 'container'
  /** Mode container: whose namespace. */
  readonly of: string | null
  /** null: it is gone, though written down. */
  readonly netns: Known<NetnsRefShape | null>
  readonly networks: readonly LabEndpoint[]
  readonly ports: readonly LabPort[]
  readonly created: string
}
