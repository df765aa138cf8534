/** The rows of the topology tree. Ids are stable: the same thing keeps its id whatever changes around it. */
import type { Address } from '../model/address.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Known } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { LinkRef } from './claims.ts'
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
  /** Ports, slaves, uppers; and the other links of the far end's namespace, where that has no section of its own. */
  readonly children: readonly LinkRow[]
}

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
  readonly children: readonly LinkRow[]
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
      readonly children: readonly LinkRow[]
    }
  | {
      readonly kind: 'section'
      readonly id: 'section:off-bridge'
      readonly of: 'off-bridge'
      readonly netns: null
      readonly children: readonly NetnsRow[]
    }

export type TopologyRow = Section | NetnsRow | LinkRow

export type Topology = { readonly sections: readonly Section[] }
