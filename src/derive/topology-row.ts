/** The rows of the topology tree. Ids are stable: the same thing keeps its id whatever changes around it. */
import type { Address } from '../model/address.ts'
import type { Container, EngineName } from '../model/engine.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Known } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { LinkRef } from './claims.ts'
import type { EndMark } from './end-mark.ts'
import type { NetworkMark } from './engine-marks.ts'
import type { Peer } from './peers.ts'

/** The far end of a veth or netkit, as it is printed beside the near one. */
export type FarEnd = {
  readonly netns: NetnsId
  readonly netnsName: string
  readonly link: Link
  readonly addresses: readonly Address[]
}

/** `link:NETNS:IFINDEX`. */
export type LinkRow = {
  readonly kind: 'link'
  readonly id: string
  readonly netns: NetnsId
  readonly ifindex: number
  /**
   * How it hangs on the row above: a bridge's port, a bond's or vrf's slave, a device that stands on another one
   * (vlan, macvlan …); `link` where it stands for itself.
   */
  readonly role: 'link' | 'port' | 'slave' | 'upper'
  readonly link: Link
  readonly addresses: readonly Address[]
  readonly peer: Peer
  /** Present where the peer is resolved and lies in another namespace or on another row. */
  readonly far: FarEnd | null
  readonly lower: Peer
  readonly lowerNetnsName: string | null
  /** Links of other namespaces that stand on this one; those of the same namespace are children. */
  readonly uppers: readonly LinkRef[]
  /** A veth or netkit that is no port of any bridge at either end. */
  readonly offBridge: boolean
  /** What engines say of the end whose address is shown: the far one, where there is one. */
  readonly end: EndMark | null
  /** The network that an engine made this bridge for. */
  readonly network: NetworkMark | null
  /** Of a bridge with an address: what leaves its network gets another source address. null: nobody says. */
  readonly nat: boolean | null
  /**
   * Ports, slaves, uppers; and the other links of the far end's namespace, where that has no section of its own, with
   * the containers that share it.
   */
  readonly children: readonly InnerRow[]
}

/** `container:NETNS:ID`: a container without a namespace of its own. */
export type ContainerRow = {
  readonly kind: 'container'
  readonly id: string
  readonly netns: NetnsId
  readonly name: string
  readonly engine: EngineName
  readonly container: Container
  /** What the namespace is called that it joined; null: it is in its engine's own (mode host). */
  readonly shares: string | null
  readonly children: readonly []
}

/** What stands below a section, a link or a namespace. */
export type InnerRow = LinkRow | ContainerRow

/** `netns:NETNS`: a namespace that hangs on no row of another. */
export type NetnsRow = {
  readonly kind: 'netns'
  readonly id: string
  readonly netns: NetnsId
  readonly name: string
  readonly hidden: boolean
  /** Why it could not be read; null: it could. */
  readonly unreadable: string | null
  /** Without loopback. */
  readonly linkCount: Known<number>
  readonly processCount: number
  /** Of the container that it was made for: `none`, a network's name …; null: it was made for none. */
  readonly mode: string | null
  /** `overlay ov1 vni 4097`, where it is a Swarm's. */
  readonly overlay: string | null
  readonly children: readonly InnerRow[]
}

/** `section:NETNS` for the host and each namespace with bridges of its own, `section:off-bridge` for the rest. */
export type Section =
  | {
      readonly kind: 'section'
      readonly id: string
      readonly of: 'netns'
      readonly netns: NetnsId
      readonly name: string
      readonly host: boolean
      readonly unreadable: string | null
      readonly overlay: string | null
      readonly children: readonly InnerRow[]
    }
  | {
      readonly kind: 'section'
      readonly id: 'section:off-bridge'
      readonly of: 'off-bridge'
      readonly netns: null
      /** Also containers of mode host: they are on no bridge either. */
      readonly children: readonly (NetnsRow | ContainerRow)[]
    }

export type TopologyRow = Section | NetnsRow | InnerRow

export type Topology = { readonly sections: readonly Section[] }
