/** One namespace's links as rows, with what they show of other namespaces. */
import type { NetnsId } from '../model/ids.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import { isPair, type LinkRef } from './claims.ts'
import { bridgeNat } from './bridge-nat.ts'
import { endMark } from './end-mark.ts'
import { addressesOf, linkAt } from './netns-index.ts'
import { ownTree, type OwnNode } from './own-tree.ts'
import { isResolved, type Peer } from './peers.ts'
import type { Plan } from './sections.ts'
import { sameItems, sameRow } from './same-row.ts'
import type { Stale } from './stale.ts'
import { containerRow, householdOf } from './tenants.ts'
import type { FarEnd, InnerRow, LinkRow } from './topology-row.ts'

export type Kept = {
  readonly rows: readonly InnerRow[]
  /** By ifindex; those of namespaces that hang here are kept with their own. */
  readonly all: ReadonlyMap<number, LinkRow>
}

/** The rows of each namespace, for this world and for the one before. */
export type RowMemory = {
  readonly kept: Map<NetnsId, Kept>
  readonly before: ReadonlyMap<NetnsId, Kept>
  /** What may be another than before; null: everything. */
  readonly stale: Stale | null
}

const noRows: readonly InnerRow[] = []
const noLinks: ReadonlySet<number> = new Set()
const nothing: Kept = { rows: noRows, all: new Map() }

/** One namespace, on the way through its tree. */
type Walk = {
  readonly plan: Plan
  readonly memory: RowMemory
  readonly netns: Netns
  readonly before: Kept
  readonly hangs: ReadonlyMap<number, Netns> | undefined
  /** Its links whose rows may be others than before. */
  readonly stale: ReadonlySet<number> | 'all'
  /** Its rows so far, whatever they hang on. */
  readonly all: LinkRow[]
}

/** Rows that are as they were for the world before are the same objects, and so is a list of nothing but such rows. */
export function linkRows(plan: Plan, netns: Netns, memory: RowMemory): readonly InnerRow[] {
  const { id } = netns
  const before = memory.before.get(id) ?? nothing
  // Only on rows of a section do other namespaces hang.
  const isStale = before === nothing || plan.own.has(id) || memory.stale === null || memory.stale.has(id)
  const kept = isStale ? madeRows(plan, netns, memory, before) : before
  memory.kept.set(id, kept)
  return kept.rows
}

function madeRows(plan: Plan, netns: Netns, memory: RowMemory, before: Kept): Kept {
  const stale = memory.stale === null ? 'all' : (memory.stale.get(netns.id) ?? noLinks)
  const walk: Walk = { plan, memory, netns, before, hangs: plan.hangs.get(netns.id), stale, all: [] }
  const rows = rowsOf(walk, ownTree(netns))
  if (sameItems(before.rows, rows)) return before
  return { rows, all: new Map(walk.all.map((row) => [row.ifindex, row])) }
}

function rowsOf(walk: Walk, nodes: readonly OwnNode[]): readonly InnerRow[] {
  const { plan, netns, before, all } = walk
  const rows: InnerRow[] = []
  for (const node of nodes) {
    const below = belowOf(walk, node)
    if (isElsewhere(plan, netns, node.link) || (node.isPlainLoopback && below.length === 0)) {
      rows.push(...below)
      continue
    }
    const old = before.all.get(node.link.ifindex)
    const row = isKept(walk, node, below, old) ? old : rowOf(plan, netns, node, below, old)
    all.push(row)
    rows.push(row)
  }
  return rows.length === 0 ? noRows : rows
}

/** It is as it was, and so is all that it shows of others. */
function isKept(
  { stale }: Walk,
  node: OwnNode,
  below: readonly InnerRow[],
  old: LinkRow | undefined,
): old is LinkRow {
  return (
    old !== undefined &&
    stale !== 'all' &&
    !stale.has(old.ifindex) &&
    old.link === node.link &&
    old.role === node.role &&
    sameItems(old.children, below)
  )
}

/** Its own, then those of the namespace that hangs on it. */
function belowOf(walk: Walk, { link, children }: OwnNode): readonly InnerRow[] {
  const hanging = walk.hangs?.get(link.ifindex)
  const others = hanging === undefined ? noRows : hangingRows(walk, hanging)
  if (children.length === 0) return others
  const own = rowsOf(walk, children)
  return others.length === 0 ? own : [...own, ...others]
}

/** Who shares it stands before its other links. */
function hangingRows({ plan, memory }: Walk, netns: Netns): readonly InnerRow[] {
  const rows = linkRows(plan, netns, memory)
  const { sharers } = householdOf(plan.marks, netns.id)
  if (sharers.length === 0) return rows
  const name = plan.names.get(netns.id) ?? netns.id
  return [...sharers.map((tenant) => containerRow(tenant, netns.id, name)), ...rows]
}

/** Printed as the far end of a section's row: what stands on it moves up. */
function isElsewhere(plan: Plan, netns: Netns, link: Link): boolean {
  if (plan.own.has(netns.id) || link.master !== null || !isPair(link)) return false
  const peer = plan.peers.peerOf(netns.id, link.ifindex)
  return isResolved(peer) && plan.own.has(peer.netns)
}

/** `before`: the same link's row in an earlier world. */
export function rowOf(
  plan: Plan,
  netns: Netns,
  node: Pick<OwnNode, 'id' | 'role' | 'link' | 'addresses'>,
  below: readonly InnerRow[],
  before: LinkRow | undefined,
): LinkRow {
  const { link } = node
  const { ifindex } = link
  const peer = plan.peers.peerOf(netns.id, ifindex)
  const far = farEnd(plan, peer)
  const lower = plan.peers.lowerOf(netns.id, ifindex)
  const network = link.kind === 'bridge' ? (plan.marks.bridges.get(netns.id)?.get(link.name) ?? null) : null
  const shown = far === null ? undefined : plan.byId.get(far.netns)
  const row: LinkRow = {
    kind: 'link',
    id: node.id,
    netns: netns.id,
    ifindex,
    role: node.role,
    link,
    addresses: node.addresses,
    peer,
    far,
    lower,
    lowerNetnsName: isResolved(lower) ? (plan.names.get(lower.netns) ?? lower.netns) : null,
    uppers: foreign(plan.peers.uppersOf(netns.id, ifindex), netns),
    offBridge: isPair(link) && !isPort(netns, link) && !isFarPort(plan, far),
    end:
      far === null || shown === undefined
        ? endMark(plan.marks, plan.published, netns, link)
        : endMark(plan.marks, plan.published, shown, far.link),
    network,
    nat: link.kind === 'bridge' ? bridgeNat(netns, node.addresses, network) : null,
    children: before !== undefined && sameItems(before.children, below) ? before.children : below,
  }
  return before !== undefined && sameRow(before, row) ? before : row
}

function farEnd(plan: Plan, peer: Peer): FarEnd | null {
  if (!isResolved(peer)) return null
  const netns = plan.byId.get(peer.netns)
  const link = netns === undefined ? null : linkAt(netns, peer.ifindex)
  if (netns === undefined || link === null) return null
  const netnsName = plan.names.get(netns.id) ?? netns.id
  return { netns: netns.id, netnsName, link, addresses: addressesOf(netns, link.ifindex) }
}

function foreign(uppers: readonly LinkRef[], netns: Netns): readonly LinkRef[] {
  return uppers.length === 0 ? uppers : uppers.filter((upper) => upper.netns !== netns.id)
}

function isFarPort(plan: Plan, far: FarEnd | null): boolean {
  const netns = far === null ? undefined : plan.byId.get(far.netns)
  return far !== null && netns !== undefined && isPort(netns, far.link)
}

function isPort(netns: Netns, link: Link): boolean {
  return link.master !== null && linkAt(netns, link.master)?.kind === 'bridge'
}
