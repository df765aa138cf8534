/** Up and down on the Topology screen: in the tree a row at a time, in the other panes what they hold. */
import { capacityOf, layoutOf } from '../layout.ts'
import { treeOf } from '../select/tree.ts'
import type { State } from '../state.ts'
import { target, type Motion } from './motion.ts'
import { withSelection } from './selection.ts'

export function movedInTopology(state: State, motion: Motion): State {
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
