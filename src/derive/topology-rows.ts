/** The tree as the lines of a list: what is folded is left out, how deep each stands is told. */
import type { NetnsId } from '../model/ids.ts'
import type { LinkRow, Topology, TopologyRow } from './topology-row.ts'

export type TopologyLine = {
  readonly row: TopologyRow
  /** 0 for sections. */
  readonly depth: number
  /** For each level above and this one, whether it is the last of its siblings: what tree lines are drawn from. */
  readonly last: readonly boolean[]
  readonly folded: boolean
}

/** In order from the top. `folded` holds row ids. */
export function topologyRows(
  topology: Topology,
  folded: ReadonlySet<string> = new Set(),
): readonly TopologyLine[] {
  const lines: TopologyLine[] = []
  const add = (row: TopologyRow, depth: number, last: readonly boolean[]): void => {
    const isFolded = row.children.length > 0 && folded.has(row.id)
    lines.push({ row, depth, last, folded: isFolded })
    if (isFolded || row.children.length === 0) return
    const inner = [...last, false]
    const end = row.children.length - 1
    for (const [at, child] of row.children.entries())
      add(child, depth + 1, at === end ? [...last, true] : inner)
  }
  for (const section of topology.sections) add(section, 0, [])
  return lines
}

type Places = {
  /** Row id → the row above it. */
  readonly above: ReadonlyMap<string, TopologyRow | null>
  /** Rows by the namespace of their far end. */
  readonly far: ReadonlyMap<NetnsId, readonly LinkRow[]>
}

const memo = new WeakMap<Topology, Places>()

/**
 * Where a thing stands in the tree: the ids from the section down to its row. A far end has no row of its own: it
 * stands on the near end's. null: nowhere. Without ifindex: the namespace itself.
 */
export function pathTo(
  topology: Topology,
  netns: NetnsId,
  ifindex: number | null = null,
): readonly string[] | null {
  const places = placesIn(topology)
  const ids = ifindex === null ? [`section:${netns}`, `netns:${netns}`] : [`link:${netns}:${ifindex}`]
  const own = ids.find((id) => places.above.has(id))
  if (own !== undefined) return wayDown(places, own)
  const near = places.far.get(netns)?.find((row) => ifindex === null || row.far?.link.ifindex === ifindex)
  return near === undefined ? null : wayDown(places, near.id)
}

/** The ids from the section down to this row; null: there is none of that id. */
export function wayToRow(topology: Topology, id: string): readonly string[] | null {
  const places = placesIn(topology)
  return places.above.has(id) ? wayDown(places, id) : null
}

function wayDown(places: Places, id: string): readonly string[] {
  const way = [id]
  for (let row = places.above.get(id) ?? null; row !== null; row = places.above.get(row.id) ?? null) {
    way.unshift(row.id)
  }
  return way
}

function placesIn(topology: Topology): Places {
  const kept = memo.get(topology)
  if (kept !== undefined) return kept
  const above = new Map<string, TopologyRow | null>()
  const far = new Map<NetnsId, LinkRow[]>()
  const add = (row: TopologyRow, parent: TopologyRow | null): void => {
    above.set(row.id, parent)
    if (row.kind === 'link' && row.far !== null) {
      const there = far.get(row.far.netns)
      if (there === undefined) far.set(row.far.netns, [row])
      else there.push(row)
    }
    for (const child of row.children) add(child, row)
  }
  for (const section of topology.sections) add(section, null)
  const places = { above, far }
  memo.set(topology, places)
  return places
}
