import { ancestorsOf } from '../select/subject.ts'
import { shown } from '../select/shown.ts'
import { treeOf } from '../select/tree.ts'
import type { Selection, State } from '../state.ts'
import { withSelection } from './selection.ts'
import { saying } from './step.ts'

/** To a row of the tree, unfolding what hides it and dropping a filter that does. */
export function revealed(state: State, to: Selection): State {
  const { world } = shown(state)
  const above = world === null ? [] : ancestorsOf(world, to)
  const folds = above.some((row) => state.topology.folds.has(row))
    ? new Set([...state.topology.folds].filter((row) => !above.includes(row)))
    : state.topology.folds
  const unfolded: State = { ...state, topology: { ...state.topology, folds, focus: 'tree' } }
  const hidden = state.topology.filter !== '' && !treeOf(unfolded).at.has(to.row)
  const bare = hidden
    ? saying(
        { ...unfolded, topology: { ...unfolded.topology, filter: '' } },
        'note',
        'the filter hid it and was taken off',
      )
    : unfolded
  return withSelection(bare, to)
}
