/** A Swarm's overlay network as one thing: what the engine tells of it and what this host's hidden namespaces hold (derive/overlay.ts). */
import type { EngineNetwork } from './engine.ts'
import type { NetnsId } from './ids.ts'
import type { Known } from './known.ts'
import type { PublishedPort } from './published-port.ts'

/** Namespaces may be unnamed and links renamed: both are said. */
export type OverlayLink = { readonly netns: NetnsId; readonly ifindex: number; readonly name: string }

/** One subnet of it: a bridge with a vxlan port in the hidden namespace. */
export type OverlaySegment = {
  readonly subnet: string | null
  readonly vni: number | null
  readonly bridge: OverlayLink
  /** null: it has none on this host (yet). */
  readonly vxlan: OverlayLink | null
  readonly mtu: number
  /** UDP port of the tunnel. */
  readonly dstport: number | null
}

/** What a vxlan's forwarding table knows behind a host: a container or load balancer there. */
export type OverlayRemote = {
  readonly lladdr: string
  /** By the neighbours that the engine wrote down; null: it did not. */
  readonly address: string | null
  /** Of the vxlan whose table it is in. */
  readonly vni: number | null
}

export type OverlayPeer = {
  /** The host's end of the tunnels. */
  readonly address: string
  /** As the engine calls it; null: only the forwarding table names the host. */
  readonly name: string | null
  /** It is this host. */
  readonly isHere: boolean
  /** The engine tells of it; else only the forwarding table does. */
  readonly isTold: boolean
  readonly remotes: readonly OverlayRemote[]
}

/** A container of this host. */
export type OverlayMember = {
  readonly containerId: string
  readonly name: string
  readonly ipv4: string | null
  readonly ipv6: string | null
  readonly mac: string | null
  readonly netns: NetnsId | null
  /** Its link; null: not found. */
  readonly link: OverlayLink | null
  /** The other end, on the bridge in the hidden namespace. */
  readonly port: OverlayLink | null
}

export type OverlayBalancer = {
  /** Its own namespace: `lb_…`, of ingress `ingress_sbox`. */
  readonly netns: NetnsId
  readonly address: string | null
  readonly link: OverlayLink | null
}

export type Overlay = {
  /** The engine's, as the World names it. */
  readonly socket: string
  readonly network: EngineNetwork
  /** The Swarm's own, by which published ports of services come in. */
  readonly isIngress: boolean
  /** Its tunnels go through IPsec. */
  readonly isEncrypted: boolean
  /** As the engine keeps them, one for each subnet. */
  readonly vnis: readonly number[]
  /** The hidden namespace; null: nothing of this host is on the network, so there is none. */
  readonly sandbox: Known<NetnsId | null>
  readonly segments: readonly OverlaySegment[]
  readonly peers: readonly OverlayPeer[]
  readonly members: readonly OverlayMember[]
  /** null: there is none on this host. */
  readonly balancer: Known<OverlayBalancer | null>
  /** Of ingress alone: ports of this host that lead to services. */
  readonly ports: Known<readonly PublishedPort[]>
}
