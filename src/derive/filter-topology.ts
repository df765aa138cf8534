/** A filter laid over the topology tree: the rows that fit, and the rows above them. */
import type { Netns } from '../model/netns.ts'
import { fits, type Filter } from './filter.ts'
import { rowFacts } from './row-facts.ts'
import type { LinkRow, NetnsRow, Section, Topology } from './topology-row.ts'

export type Filtered = {
  readonly topology: Topology
  /** Ids of the rows that fit themselves; the others are there as their ancestors. */
  readonly hits: ReadonlySet<string>
}

const nothing: readonly LinkRow[] = []

export function filterTopology(topology: Topology, filter: Filter, netns: readonly Netns[]): Filtered {
  const facts = rowFacts(new Map(netns.map((each) => [each.id, each])))
  const hits = new Set<string>()
  // This runs over every row at each letter that is typed: lists are made only where something is left.
  const linkRows = (rows: readonly LinkRow[]): readonly LinkRow[] => {
    let kept: LinkRow[] | null = null
    for (const row of rows) {
      const children = row.children.length === 0 ? nothing : linkRows(row.children)
      const hit = fits(filter, facts, row)
      if (hit) hits.add(row.id)
      if (!hit && children.length === 0) continue
      kept ??= []
      kept.push(children.length === row.children.length ? row : { ...row, children })
    }
    return kept ?? nothing
  }
  const netnsRows = (rows: readonly NetnsRow[]): readonly NetnsRow[] =>
    rows.flatMap((row) => {
      const children = linkRows(row.children)
      const hit = fits(filter, facts, row)
      if (hit) hits.add(row.id)
      return hit || children.length > 0 ? [{ ...row, children }] : []
    })
  const sections = topology.sections.flatMap((section): readonly Section[] => {
    if (section.of === 'off-bridge') {
      const children = netnsRows(section.children)
      return children.length > 0 ? [{ ...section, children }] : []
    }
    const children = linkRows(section.children)
    return children.length > 0 ? [{ ...section, children }] : []
  })
  return { topology: { sections }, hits }
}
