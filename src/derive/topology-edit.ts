/**
 * The tree after a change that moved nothing in it: links went up or down, got an MTU or an address. Their rows are made anew, and what they hang on is
 * copied; where anything else changed the whole tree has to be made (topology.ts).
 */
import { same } from '../lib/same.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Link } from '../model/link.ts'
import { rowOf, type Kept } from './link-rows.ts'
import { addressesOf, linkAt } from './netns-index.ts'
import type { Plan } from './sections.ts'
import type { Stale } from './stale.ts'
import type { InnerRow, LinkRow, NetnsRow, Section, Topology, TopologyRow } from './topology-row.ts'

type Worlds = { readonly was: Pick<Plan, 'byId'>; readonly is: Pick<Plan, 'byId'> }

/** Every link that changed is where it was, of the kind that it was, and connected to what it was. */
export function movesNothing({ was, is }: Worlds, changed: Stale): boolean {
  for (const [id, links] of changed) {
    const [before, after] = [was.byId.get(id), is.byId.get(id)]
    if (links === 'all' || before === undefined || after === undefined) return false
    for (const ifindex of links) {
      if (!standsAsBefore(linkAt(before, ifindex), linkAt(after, ifindex))) return false
    }
  }
  return true
}

function standsAsBefore(was: Link | null, is: Link | null): boolean {
  if (was === null || is === null) return false
  // One with no other address than its own has no row (own-tree.ts).
  if (is.kind === 'loopback') return false
  return was.kind === is.kind && was.name === is.name && was.master === is.master && same(was.lower, is.lower)
}

/** `kept`: of each namespace; brought up to date. `plan` is that of the tree, with what is known now of each namespace. */
export function editedTopology(
  tree: Topology,
  plan: Plan,
  changed: Stale,
  kept: Map<NetnsId, Kept>,
): Topology {
  /** Row as it was → as it is. */
  const edited = new Map<TopologyRow, LinkRow>()
  const isStale = ({ netns, ifindex, far }: LinkRow): boolean =>
    isIn(changed, netns, ifindex) || (far !== null && isIn(changed, far.netns, far.link.ifindex))

  const inner = (rows: readonly InnerRow[]): readonly InnerRow[] =>
    eachRow(rows, (row) => (row.kind === 'link' ? linkRow(row) : row))

  const linkRow = (row: LinkRow): LinkRow => {
    const children = inner(row.children)
    const stale = isStale(row)
    if (children === row.children && !stale) return row
    const made = stale ? madeAgain(plan, row, children) : { ...row, children }
    if (made !== row) edited.set(row, made)
    return made
  }
  const below = (row: NetnsRow): NetnsRow => {
    const children = inner(row.children)
    return children === row.children ? row : { ...row, children }
  }
  const sections = eachRow(tree.sections, (section): Section => {
    if (section.of === 'netns') {
      const children = inner(section.children)
      return children === section.children ? section : { ...section, children }
    }
    const children = eachRow(section.children, (row) => (row.kind === 'netns' ? below(row) : row))
    return children === section.children ? section : { ...section, children }
  })
  if (edited.size > 0) remember(kept, edited)
  return sections === tree.sections ? tree : { sections }
}

function isIn(changed: Stale, id: NetnsId, ifindex: number): boolean {
  const links = changed.get(id)
  return links !== undefined && links !== 'all' && links.has(ifindex)
}

function madeAgain(plan: Plan, row: LinkRow, children: readonly InnerRow[]): LinkRow {
  const netns = plan.byId.get(row.netns)
  const link = netns === undefined ? null : linkAt(netns, row.ifindex)
  if (netns === undefined || link === null) return row
  const { id, role, ifindex } = row
  return rowOf(plan, netns, { id, role, link, addresses: addressesOf(netns, ifindex) }, children, row)
}

/** The list itself where all stay what they were. A loop: a bridge has a thousand ports. */
function eachRow<T>(rows: readonly T[], change: (row: T) => T): readonly T[] {
  let made: T[] | null = null
  for (let at = 0; at < rows.length; at++) {
    const row = rows[at] as T
    const next = change(row)
    if (next === row) continue
    made ??= [...rows]
    made[at] = next
  }
  return made ?? rows
}

function remember(kept: Map<NetnsId, Kept>, edited: ReadonlyMap<TopologyRow, LinkRow>): void {
  const touched = new Map<NetnsId, Map<number, LinkRow>>()
  for (const row of edited.values()) {
    const all = touched.get(row.netns) ?? new Map(kept.get(row.netns)?.all)
    all.set(row.ifindex, row)
    touched.set(row.netns, all)
  }
  for (const [id, { rows, all }] of kept) {
    const now = eachRow(rows, (row) => edited.get(row) ?? row)
    const ofIt = touched.get(id)
    if (now !== rows || ofIt !== undefined) kept.set(id, { rows: now, all: ofIt ?? all })
  }
}
