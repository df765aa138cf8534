/** Up and down: in the tree a row at a time, in the other panes and in popups what they hold. */
import { capacityOf, layoutOf } from '../layout.ts'
import { resultsOf } from '../select/found.ts'
import { treeOf } from '../select/tree.ts'
import type { State } from '../state.ts'
import { withSelection } from './selection.ts'

export type Motion = 'up' | 'down' | 'page-up' | 'page-down' | 'first' | 'last'

export function moved(state: State, motion: Motion): State {
  const { mode } = state
  if (mode.type === 'help' || mode.type === 'gaps') {
    return { ...state, mode: { ...mode, scroll: target(mode.scroll, endless, state.size.rows - 8, motion) } }
  }
  if (mode.type === 'find') {
    const last = resultsOf(state).length - 1
    return { ...state, mode: { ...mode, cursor: target(mode.cursor, last, 10, motion) } }
  }
  const { focus } = state.topology
  if (focus === 'tree') return inTree(state, motion)
  const box = layoutOf(state, state.size)?.panes.find((pane) => pane.id === focus)?.box
  const at = target(state.topology.scroll[focus], endless, (box?.height ?? 3) - 2, motion)
  return { ...state, topology: { ...state.topology, scroll: { ...state.topology.scroll, [focus]: at } } }
}

/** How much there is to scroll through is known where lines are made: clamp.ts stops it there. */
const endless = Number.MAX_SAFE_INTEGER

function inTree(state: State, motion: Motion): State {
  const list = treeOf(state)
  const layout = layoutOf(state, state.size)
  const at = list.at.get(state.topology.selection?.row ?? '') ?? 0
  const page = layout === null ? 1 : capacityOf(layout.tree)
  const line = list.lines[target(at, list.lines.length - 1, page, motion)]
  if (line === undefined || line.id === state.topology.selection?.row) return state
  return withSelection(state, { row: line.id, end: 'near' })
}

function target(at: number, last: number, page: number, motion: Motion): number {
  const by = Math.max(1, page)
  const step = { up: -1, down: 1, 'page-up': -by, 'page-down': by, first: -at, last: last - at }[motion]
  return Math.max(0, Math.min(last, at + step))
}
