/** The tree as the lines of a list: what is folded is left out, how deep each stands is told. */
import type { NetnsId } from '../model/ids.ts'
import type { LinkRow, NetnsRow, Topology, TopologyRow } from './topology-row.ts'

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
    if (isFolded) return
    for (const [at, child] of row.children.entries())
      add(child, depth + 1, [...last, at === row.children.length - 1])
  }
  for (const section of topology.sections) add(section, 0, [])
  return lines
}

const memo = new WeakMap<Topology, ReadonlyMap<string, readonly string[]>>()

/**
 * Where a thing stands in the tree: the ids from the section down to its row. A far end has no row of its own: it
 * stands on the near end's. null: nowhere. Without ifindex: the namespace itself.
 */
export function pathTo(
  topology: Topology,
  netns: NetnsId,
  ifindex: number | null = null,
): readonly string[] | null {
  let paths = memo.get(topology)
  if (paths === undefined) {
    paths = allPaths(topology)
    memo.set(topology, paths)
  }
  return paths.get(ifindex === null ? netns : keyOf(netns, ifindex)) ?? null
}

const keyOf = (netns: NetnsId, ifindex: number): string => `${netns} ${ifindex}`

function allPaths(topology: Topology): ReadonlyMap<string, readonly string[]> {
  const own = new Map<string, readonly string[]>()
  const far = new Map<string, readonly string[]>()
  const add = (row: LinkRow | NetnsRow, above: readonly string[]): void => {
    const path = [...above, row.id]
    if (row.kind === 'netns') {
      own.set(row.netns, path)
    } else {
      own.set(keyOf(row.netns, row.ifindex), path)
      for (const key of row.far === null ? [] : [keyOf(row.far.netns, row.far.link.ifindex), row.far.netns]) {
        if (!far.has(key)) far.set(key, path)
      }
    }
    for (const child of row.children) add(child, path)
  }
  for (const section of topology.sections) {
    if (section.netns !== null) own.set(section.netns, [section.id])
    for (const child of section.children) add(child, [section.id])
  }
  return new Map([...far, ...own])
}
