/** A filter laid over the topology tree: the rows that fit, and the rows above them. */
import type { World } from '../model/world.ts'
import { fits, type Filter } from './filter.ts'
import { rowFacts } from './row-facts.ts'
import type { ContainerRow, InnerRow, NetnsRow, Section, Topology } from './topology-row.ts'

export type Filtered = {
  readonly topology: Topology
  /** Ids of the rows that fit themselves; the others are there as their ancestors. */
  readonly hits: ReadonlySet<string>
}

const nothing: readonly InnerRow[] = []

export function filterTopology(
  topology: Topology,
  filter: Filter,
  world: Pick<World, 'netns' | 'engines'>,
): Filtered {
  const facts = rowFacts(world)
  const hits = new Set<string>()
  // This runs over every row at each letter that is typed: lists are made only where something is left.
  const innerRows = (rows: readonly InnerRow[]): readonly InnerRow[] => {
    let kept: InnerRow[] | null = null
    for (const row of rows) {
      const children = row.children.length === 0 ? nothing : innerRows(row.children)
      const hit = fits(filter, facts, row)
      if (hit) hits.add(row.id)
      if (!hit && children.length === 0) continue
      kept ??= []
      kept.push(
        row.kind === 'container' || children.length === row.children.length ? row : { ...row, children },
      )
    }
    return kept ?? nothing
  }
  const outerRows = (rows: readonly (NetnsRow | ContainerRow)[]): readonly (NetnsRow | ContainerRow)[] =>
    rows.flatMap((row): readonly (NetnsRow | ContainerRow)[] => {
      const children = innerRows(row.children)
      const hit = fits(filter, facts, row)
      if (hit) hits.add(row.id)
      if (!hit && children.length === 0) return []
      return [row.kind === 'container' ? row : { ...row, children }]
    })
  const sections = topology.sections.flatMap((section): readonly Section[] => {
    if (section.of === 'off-bridge') {
      const children = outerRows(section.children)
      return children.length > 0 ? [{ ...section, children }] : []
    }
    const children = innerRows(section.children)
    return children.length > 0 ? [{ ...section, children }] : []
  })
  return { topology: { sections }, hits }
}
