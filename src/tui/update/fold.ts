/** Folding rows away and showing them again. */
import { ancestorsOf } from '../select/subject.ts'
import { shown } from '../select/shown.ts'
import { filterText, treeOf, type TreeLine } from '../select/tree.ts'
import type { State } from '../state.ts'
import { withSelection } from './selection.ts'
import { saying } from './step.ts'

function lineHere(state: State): Extract<TreeLine, { readonly kind: 'row' }> | null {
  const list = treeOf(state)
  const line = list.lines[list.at.get(state.topology.selection?.row ?? '') ?? -1]
  return line?.kind === 'row' ? line : null
}

/** Folds what is unfolded and the other way round. */
export function folded(state: State): State {
  const line = lineHere(state)
  if (line === null) return state
  if (filterText(state) !== '') return saying(state, 'refused', 'a filter shows everything unfolded')
  return withFold(state, line.id, !line.line.folded)
}

function withFold(state: State, row: string, fold: boolean): State {
  const folds = new Set(state.topology.folds)
  if (fold) folds.add(row)
  else folds.delete(row)
  return { ...state, topology: { ...state.topology, folds } }
}

/** ←: folds the row; where there is nothing to fold, up to the row above it. */
export function wentOut(state: State): State {
  const line = lineHere(state)
  const { selection } = state.topology
  if (line === null || selection === null) return state
  if (selection.end === 'far') return withSelection(state, { row: selection.row, end: 'near' })
  if (canFold(state, line)) return withFold(state, line.id, true)
  const { world } = shown(state)
  const above = world === null ? undefined : ancestorsOf(world, selection).at(-1)
  return above === undefined ? state : withSelection(state, { row: above, end: 'near' })
}

/** →: unfolds the row; where that is done, down to the first below it, or over to the far end. */
export function wentIn(state: State): State {
  const line = lineHere(state)
  const { selection } = state.topology
  if (line === null || selection === null) return state
  if (line.line.folded) return withFold(state, line.id, false)
  const { row } = line.line
  if (row.kind === 'link' && row.far !== null && selection.end === 'near') {
    return withSelection(state, { row: selection.row, end: 'far' })
  }
  const child = row.children[0]
  return child === undefined ? state : withSelection(state, { row: child.id, end: 'near' })
}

function canFold(state: State, line: Extract<TreeLine, { readonly kind: 'row' }>): boolean {
  return filterText(state) === '' && line.line.row.children.length > 0 && !line.line.folded
}

export function canGoOut(state: State): true | string {
  const line = lineHere(state)
  if (line === null) return 'nothing is selected'
  const root = line.line.depth === 0 && state.topology.selection?.end !== 'far'
  return root && !canFold(state, line) ? 'this is the outermost row' : true
}

export function canGoIn(state: State): true | string {
  const line = lineHere(state)
  if (line === null) return 'nothing is selected'
  const { row, folded } = line.line
  const far = row.kind === 'link' && row.far !== null && state.topology.selection?.end === 'near'
  return folded || far || row.children.length > 0 ? true : 'nothing is below this row'
}
