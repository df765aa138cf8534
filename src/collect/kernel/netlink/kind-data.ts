/** The kinds' own data, as the model has it: names for the parsers' return types. */
import type { Unknown } from '../../../model/known.ts'
import type { Link } from '../../../model/link.ts'

type Of<Key extends string> = Exclude<Extract<Link, { readonly [P in Key]: unknown }>[Key], Unknown>

export type BridgeData = Of<'bridge'>
export type VlanData = Of<'vlan'>
export type VxlanData = Of<'vxlan'>
export type LowerData = Of<'macvlan'>
export type BondData = Of<'bond'>
export type VrfData = Of<'vrf'>
export type TunData = Of<'tun'>
export type GeneveData = Of<'geneve'>
export type NetkitData = Of<'netkit'>
export type WireguardData = Of<'wireguard'>
export type TunnelData = Of<'tunnel'>

/** What all links have, whatever their kind. */
export type LinkBase = Omit<Pick<Link, keyof Link>, 'kind'>

type PartOf<L> = L extends Link ? Omit<L, keyof LinkBase> : never
/** The kind, and what only links of that kind have. */
export type KindPart = PartOf<Link>
