/** The tree as the list that is scrolled through: folded, filtered, with what has just vanished. */
import { filterTopology } from '../../derive/filter-topology.ts'
import { parseFilter, treeTraits } from '../../derive/filter.ts'
import { topology } from '../../derive/topology.ts'
import type { Topology } from '../../derive/topology-row.ts'
import { topologyRows, type TopologyLine } from '../../derive/topology-rows.ts'
import type { World } from '../../model/world.ts'
import type { Ghost, State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { shown } from './shown.ts'

export type TreeLine =
  | { readonly kind: 'row'; readonly id: string; readonly line: TopologyLine }
  | { readonly kind: 'ghost'; readonly id: string; readonly ghost: Ghost }

export type TreeList = {
  readonly lines: readonly TreeLine[]
  /** Row id → place in `lines`. */
  readonly at: ReadonlyMap<string, number>
  /** Rows that fit the filter themselves; null: no filter. */
  readonly hits: ReadonlySet<string> | null
  /** What is wrong with the filter. */
  readonly problem: string | null
}

const memo = new WeakMap<World, Topology>()

export function topologyOf(world: World): Topology {
  let made = memo.get(world)
  if (made === undefined) {
    made = topology(world)
    memo.set(world, made)
  }
  return made
}

const empty: TreeList = { lines: [], at: new Map(), hits: null, problem: null }
const noFolds: ReadonlySet<string> = new Set()

/** The filter that holds now: what is being typed, or what was accepted. */
export function filterText(state: State): string {
  return state.mode.type === 'filter' ? state.mode.input.text : state.topology.filter
}

export function treeOf(state: State): TreeList {
  const { world } = shown(state)
  if (world === null) return empty
  const { folds, ghost } = state.topology
  const text = filterText(state)
  const whole = topologyOf(world)
  const list = text.trim() === '' ? allRows(whole, folds) : filteredRows(world, text)
  return listWith(list, ghost)
}

/** The tree stays the same object while nothing changes that is on a row. */
const allRows = memoRecent((whole: Topology, folds: ReadonlySet<string>): TreeList =>
  listOf(topologyRows(whole, folds), null, null),
)

/** A filter shows its hits wherever they are, so it unfolds everything. */
const filteredRows = memoRecent((world: World, text: string): TreeList => {
  const filter = parseFilter(text, treeTraits)
  const filtered = filterTopology(topologyOf(world), filter, world)
  return listOf(topologyRows(filtered.topology, noFolds), filtered.hits, filter.problem)
})

function listOf(
  rows: readonly TopologyLine[],
  hits: ReadonlySet<string> | null,
  problem: string | null,
): TreeList {
  const lines = rows.map((line): TreeLine => ({ kind: 'row', id: line.row.id, line }))
  return { lines, at: places(lines), hits, problem }
}

const listWith = memoRecent((list: TreeList, ghost: Ghost | null): TreeList => {
  if (ghost === null || list.at.has(ghost.row)) return list
  const index = Math.min(ghost.index, list.lines.length)
  const lines = list.lines.toSpliced(index, 0, { kind: 'ghost', id: ghost.row, ghost })
  return { ...list, lines, at: places(lines) }
})

let recent: Pick<TreeList, 'lines' | 'at'> = { lines: [], at: new Map() }

/** What changes on a host is mostly on the rows, not which rows there are: then the places are the same. */
function places(lines: readonly TreeLine[]): ReadonlyMap<string, number> {
  const old = recent.lines
  if (old.length === lines.length && lines.every((line, index) => line.id === old[index]?.id))
    return recent.at
  const at = new Map(lines.map((line, index) => [line.id, index]))
  recent = { lines, at }
  return at
}
