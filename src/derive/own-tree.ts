/** A namespace's links by what they hang on within it: masters, and devices below others. Knows no other namespace. */
import type { Address } from '../model/address.ts'
import { listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import { claimsOf, isPair } from './claims.ts'
import { addressesOf, indexOf } from './netns-index.ts'
import type { LinkRow } from './topology-row.ts'

export type OwnNode = {
  /** The id of its row, if it has one. */
  readonly id: string
  readonly link: Link
  readonly role: LinkRow['role']
  readonly addresses: readonly Address[]
  /** 127.0.0.1 and ::1 only: nobody needs to be told that they are there. */
  readonly isPlainLoopback: boolean
  readonly children: readonly OwnNode[]
}

type Kept = Pick<Netns, 'id' | 'addresses' | 'nsids'> & { readonly nodes: readonly OwnNode[] }

/** By the table of links: it stays the same list while other tables of the namespace change. */
const memo = new WeakMap<object, Kept>()

/** In the order of their rows; kept as long as the tables that it is made from. */
export function ownTree(netns: Netns): readonly OwnNode[] {
  const { id, links, addresses, nsids } = netns
  const kept = memo.get(links)
  if (kept?.id === id && kept.addresses === addresses && kept.nsids === nsids) return kept.nodes
  const nodes = build(netns)
  memo.set(links, { id, addresses, nsids, nodes })
  return nodes
}

type Parent = { readonly ifindex: number; readonly role: LinkRow['role'] }

function build(netns: Netns): readonly OwnNode[] {
  const links = listOf(netns.links)
  const roles = new Map<number, LinkRow['role']>()
  const children = new Map<number, Link[]>()
  for (const link of links) {
    const parent = parentOf(netns, link)
    if (parent === null) continue
    roles.set(link.ifindex, parent.role)
    const list = children.get(parent.ifindex)
    if (list === undefined) children.set(parent.ifindex, [link])
    else list.push(link)
  }
  const placed = new Set<number>()
  const nodesOf = (siblings: readonly Link[]): readonly OwnNode[] => {
    const nodes: OwnNode[] = []
    for (const link of siblings.toSorted(byKind)) {
      // The kernel allows no loops of masters and lower devices, but a file from elsewhere may hold one.
      if (placed.has(link.ifindex)) continue
      placed.add(link.ifindex)
      const below = children.get(link.ifindex)
      nodes.push({
        id: `link:${netns.id}:${link.ifindex}`,
        link,
        role: roles.get(link.ifindex) ?? 'link',
        addresses: addressesOf(netns, link.ifindex),
        isPlainLoopback: isPlainLoopback(netns, link),
        children: below === undefined ? none : nodesOf(below),
      })
    }
    return nodes
  }
  const top = nodesOf(links.filter((link) => !roles.has(link.ifindex)))
  return placed.size === links.length
    ? top
    : [...top, ...nodesOf(links.filter((link) => !placed.has(link.ifindex)))]
}

const none: readonly OwnNode[] = []

function parentOf(netns: Netns, link: Link): Parent | null {
  const { links } = indexOf(netns)
  const master = link.master === null ? undefined : links.get(link.master)
  if (master !== undefined) {
    if (master.ifindex === link.ifindex) return null
    return { ifindex: master.ifindex, role: master.kind === 'bridge' ? 'port' : 'slave' }
  }
  const claim = claimsOf(netns).byIfindex.get(link.ifindex)
  if (claim === undefined || claim.isPair || claim.target !== netns.id) return null
  return claim.ifindex === link.ifindex || !links.has(claim.ifindex)
    ? null
    : { ifindex: claim.ifindex, role: 'upper' }
}

function isPlainLoopback(netns: Netns, link: Link): boolean {
  return (
    link.kind === 'loopback' &&
    addressesOf(netns, link.ifindex).every(
      (address) => address.local === '127.0.0.1' || address.local === '::1',
    )
  )
}

const rank = (link: Link): number => (link.kind === 'bridge' ? 1 : isPair(link) ? 2 : 0)

/** What leads out first, then bridges, then loose veth ends; by ifindex within. */
function byKind(a: Link, b: Link): number {
  return rank(a) - rank(b) || a.ifindex - b.ifindex
}
