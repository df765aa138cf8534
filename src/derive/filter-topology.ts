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

export function filterTopology(topology: Topology, filter: Filter, netns: readonly Netns[]): Filtered {
  const facts = rowFacts(new Map(netns.map((each) => [each.id, each])))
  const hits = new Set<string>()
  const linkRow = (row: LinkRow): readonly LinkRow[] => {
    const children = row.children.flatMap(linkRow)
    const hit = fits(filter, facts, row)
    if (hit) hits.add(row.id)
    if (!hit && children.length === 0) return []
    return [children.length === row.children.length ? row : { ...row, children }]
  }
  const netnsRow = (row: NetnsRow): readonly NetnsRow[] => {
    const children = row.children.flatMap(linkRow)
    const hit = fits(filter, facts, row)
    if (hit) hits.add(row.id)
    return hit || children.length > 0 ? [{ ...row, children }] : []
  }
  const sections = topology.sections.flatMap((section): readonly Section[] => {
    if (section.of === 'off-bridge') {
      const children = section.children.flatMap(netnsRow)
      return children.length > 0 ? [{ ...section, children }] : []
    }
    const children = section.children.flatMap(linkRow)
    return children.length > 0 ? [{ ...section, children }] : []
  })
  return { topology: { sections }, hits }
}
