/** A filter laid over the topology tree: the rows that fit, and the rows above them. */
import type { NetnsId } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import { fits, type Facts, type Filter, type Trait } from './filter.ts'
import { joinFacts, linkFacts, netnsFacts } from './link-facts.ts'
import { isResolved } from './peers.ts'
import type { LinkRow, NetnsRow, Section, Topology, TopologyRow } from './topology-row.ts'

export type Filtered = {
  readonly topology: Topology
  /** Ids of the rows that fit themselves; the others are there as their ancestors. */
  readonly hits: ReadonlySet<string>
}

export function filterTopology(topology: Topology, filter: Filter, netns: readonly Netns[]): Filtered {
  const byId = new Map(netns.map((each) => [each.id, each]))
  const hits = new Set<string>()
  const linkRow = (row: LinkRow): readonly LinkRow[] => {
    const children = row.children.flatMap(linkRow)
    const hit = fits(filter, rowFacts(row, byId))
    if (hit) hits.add(row.id)
    if (!hit && children.length === 0) return []
    return [children.length === row.children.length ? row : { ...row, children }]
  }
  const netnsRow = (row: NetnsRow): readonly NetnsRow[] => {
    const children = row.children.flatMap(linkRow)
    const hit = fits(filter, rowFacts(row, byId))
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

const memo = new WeakMap<TopologyRow, Facts>()
const nothing: Facts = { texts: [], addresses: [], ports: [], kinds: [], traits: [] }

/** Of all that stands on the row: the link, its far end, and the namespaces they are in. */
function rowFacts(row: LinkRow | NetnsRow, byId: ReadonlyMap<NetnsId, Netns>): Facts {
  const kept = memo.get(row)
  if (kept !== undefined) return kept
  const facts = row.kind === 'netns' ? factsOf(byId, row.netns) : linkRowFacts(row, byId)
  memo.set(row, facts)
  return facts
}

function factsOf(byId: ReadonlyMap<NetnsId, Netns>, id: NetnsId): Facts {
  const netns = byId.get(id)
  return netns === undefined ? nothing : netnsFacts(netns)
}

function linkRowFacts(row: LinkRow, byId: ReadonlyMap<NetnsId, Netns>): Facts {
  const netns = byId.get(row.netns)
  if (netns === undefined) return nothing
  const own = linkFacts(netns, row.link)
  const extra: Trait[] = [...own.traits]
  if (row.offBridge) extra.push('off-bridge')
  if ((row.peer !== null && !isResolved(row.peer)) || (row.lower !== null && !isResolved(row.lower))) {
    extra.push('unresolved')
  }
  const far = row.far === null ? undefined : byId.get(row.far.netns)
  const end =
    row.far === null || far === undefined ? nothing : joinFacts(linkFacts(far, row.far.link), netnsFacts(far))
  return joinFacts({ ...own, traits: extra }, netnsFacts(netns), end)
}
