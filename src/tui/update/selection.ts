/** The selection stays on the same thing while the world changes around it, and in sight. */
import type { NetnsId } from '../../model/ids.ts'
import { capacityOf, layoutOf } from '../layout.ts'
import { ancestorsOf, selectionOf, splitRowId } from '../select/subject.ts'
import { shown } from '../select/shown.ts'
import { treeOf, type TreeLine, type TreeList } from '../select/tree.ts'
import type { Ghost, Selection, State } from '../state.ts'

const ghostMs = 3000

/** Puts the selection on a row that is there; what vanished under it is kept for a moment as a ghost. */
export function selected(before: State, state: State): State {
  const { selection, ghost } = state.topology
  const list = treeOf(state)
  if (selection === null) return withSelection(state, firstOf(list))
  if (list.at.has(selection.row)) {
    const left = ghost !== null && ghost.row !== selection.row
    const back = ghost !== null && treeOf(withGhost(state, null)).at.has(ghost.row)
    return endThere(left || back ? withGhost(state, null) : state)
  }
  const { world } = shown(state)
  const moved = world === null ? null : movedTo(world, selection)
  if (world !== null && moved !== null) {
    const way = [...ancestorsOf(world, moved), moved.row].filter((row) => list.at.has(row))
    const row = way.at(-1)
    if (row !== undefined && state.topology.filter === '' && state.mode.type !== 'filter') {
      return withSelection(state, row === moved.row ? moved : { row, end: 'near' })
    }
    if (row === moved.row) return withSelection(state, moved)
    return withSelection(state, nearest(list, treeOf(before).at.get(selection.row) ?? 0))
  }
  const old = treeOf(before)
  const index = old.at.get(selection.row)
  const line = index === undefined ? undefined : old.lines[index]
  if (index === undefined || line === undefined || line.kind === 'ghost') {
    return withSelection(state, nearest(list, index ?? 0))
  }
  return withGhost(state, ghostOf(line, index, state.now + ghostMs))
}

function ghostOf(line: Extract<TreeLine, { readonly kind: 'row' }>, index: number, until: number): Ghost {
  const { row, depth } = line.line
  const label =
    row.kind === 'link'
      ? row.link.name
      : row.kind === 'section' && row.of !== 'netns'
        ? 'namespaces'
        : row.name
  return { row: row.id, label, depth, index, until }
}

/** The same thing on another row: it got a row of its own, or is now shown as the far end of one. */
function movedTo(world: NonNullable<State['feed']['world']>, selection: Selection): Selection | null {
  const [kind, netns, ifindex] = splitRowId(selection.row)
  if ((kind === 'section' && netns === 'off-bridge') || kind === 'container') return null
  return selectionOf(world, netns as NetnsId, ifindex === undefined ? null : Number(ifindex))
}

/** A far end that is not there any more leaves the near one. */
function endThere(state: State): State {
  const { selection } = state.topology
  if (selection?.end !== 'far') return state
  const list = treeOf(state)
  const line = list.lines[list.at.get(selection.row) ?? -1]
  if (line?.kind === 'row' && line.line.row.kind === 'link' && line.line.row.far !== null) return state
  return withSelection(state, { row: selection.row, end: 'near' })
}

function firstOf(list: TreeList): Selection | null {
  const line =
    list.lines.find((line) => line.kind === 'row' && line.line.row.kind === 'link') ?? list.lines[0]
  return line === undefined ? null : { row: line.id, end: 'near' }
}

/** With a filter, the next row that fits; else the row at that place. */
function nearest(list: TreeList, index: number): Selection | null {
  const { hits } = list
  const at = Math.min(index, list.lines.length - 1)
  const fitting =
    hits === null
      ? list.lines[at]
      : (list.lines.slice(Math.max(0, at)).find((line) => hits.has(line.id)) ??
        list.lines.findLast((line) => hits.has(line.id)) ??
        list.lines[at])
  return fitting === undefined ? null : { row: fitting.id, end: 'near' }
}

export function withSelection(state: State, selection: Selection | null): State {
  const old = state.topology.selection
  if (old === selection || (old?.row === selection?.row && old?.end === selection?.end)) return state
  const scroll = { ...state.topology.scroll, detail: 0, path: 0 }
  return { ...state, topology: { ...state.topology, selection, scroll } }
}

function withGhost(state: State, ghost: Ghost | null): State {
  return state.topology.ghost === ghost ? state : { ...state, topology: { ...state.topology, ghost } }
}

/** Scrolls as little as is needed; a selection whose row moved with the world keeps its place on the screen. */
export function inSight(before: State, state: State): State {
  const layout = layoutOf(state, state.size)
  const { selection } = state.topology
  if (layout === null || selection === null) return state
  const list = treeOf(state)
  const index = list.at.get(selection.row)
  if (index === undefined) return state
  const same = before.topology.selection?.row === selection.row
  const oldIndex = same ? treeOf(before).at.get(selection.row) : undefined
  const drift = oldIndex === undefined ? 0 : index - oldIndex
  const capacity = capacityOf(layout.tree)
  // The first row needs no heading above it, so a tree that fits is shown from its top.
  const most = list.lines.length <= layout.tree.height ? 0 : list.lines.length - capacity
  const wanted = Math.max(0, Math.min(state.topology.top + drift, most))
  const room = wanted === 0 ? layout.tree.height : capacity
  const top = index < wanted ? index : index >= wanted + room ? index - capacity + 1 : wanted
  // The heading of the first row below it comes with it.
  const settled = top === 1 ? 0 : top
  return settled === state.topology.top ? state : { ...state, topology: { ...state.topology, top: settled } }
}
