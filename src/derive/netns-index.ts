/** A namespace's tables by what they are looked up with; kept as long as the namespace object lives. */
import type { Address } from '../model/address.ts'
import { isUnknown } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'

export type NetnsIndex = {
  readonly links: ReadonlyMap<number, Link>
  readonly byName: ReadonlyMap<string, Link>
  /** By ifindex; links without an address are not in it. */
  readonly addresses: ReadonlyMap<number, readonly Address[]>
  /** By the master's ifindex: bridge ports, bond members, links in a vrf. */
  readonly slaves: ReadonlyMap<number, readonly Link[]>
}

const memo = new WeakMap<Netns, NetnsIndex>()

/** Looks up links and addresses without searching. What could not be read is simply not in it. */
export function indexOf(netns: Netns): NetnsIndex {
  const kept = memo.get(netns)
  if (kept !== undefined) return kept
  const index = {
    ...linkIndex(isUnknown(netns.links) ? noLinks : netns.links),
    addresses: addressIndex(isUnknown(netns.addresses) ? none : netns.addresses),
  }
  memo.set(netns, index)
  return index
}

type LinkIndex = Pick<NetnsIndex, 'links' | 'byName' | 'slaves'>

const noLinks: readonly Link[] = []
const none: readonly Address[] = []
/** Kept by table: of a namespace in which a route changed, the links are the very same list (model/netns-edit.ts). */
const linkTables = new WeakMap<readonly Link[], LinkIndex>()
const addressTables = new WeakMap<readonly Address[], NetnsIndex['addresses']>()

function linkIndex(table: readonly Link[]): LinkIndex {
  const kept = linkTables.get(table)
  if (kept !== undefined) return kept
  const links = new Map<number, Link>()
  const byName = new Map<string, Link>()
  const slaves = new Map<number, Link[]>()
  for (const link of table) {
    links.set(link.ifindex, link)
    byName.set(link.name, link)
    if (link.master !== null) append(slaves, link.master, link)
  }
  const index = { links, byName, slaves }
  linkTables.set(table, index)
  return index
}

function addressIndex(table: readonly Address[]): NetnsIndex['addresses'] {
  const kept = addressTables.get(table)
  if (kept !== undefined) return kept
  const addresses = new Map<number, Address[]>()
  for (const address of table) append(addresses, address.ifindex, address)
  addressTables.set(table, addresses)
  return addresses
}

export function linkAt(netns: Netns, ifindex: number): Link | null {
  return indexOf(netns).links.get(ifindex) ?? null
}

export function addressesOf(netns: Netns, ifindex: number): readonly Address[] {
  return indexOf(netns).addresses.get(ifindex) ?? none
}

function append<K, V>(map: Map<K, V[]>, key: K, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
