/** What Esc takes away on the Topology screen, the nearest first: the focus of a pane, the filter, marks, a search. */
import { findingsOf } from '../select/findings.ts'
import type { State } from '../state.ts'
import { saying } from './step.ts'

export function topologyClosed(state: State): State {
  const { topology } = state
  if (topology.focus !== 'tree') return { ...state, topology: { ...topology, focus: 'tree' } }
  if (topology.filter !== '') return { ...state, topology: { ...topology, filter: '' } }
  if (topology.marked.size > 0) return { ...state, topology: { ...topology, marked: new Set() } }
  return saying({ ...state, search: null }, 'note', 'n and N go through the findings again')
}

export function canCloseTopology(state: State): true | string {
  const { focus, filter, marked } = state.topology
  const isSearching = state.search !== null && findingsOf(state).findings.length > 0
  return focus !== 'tree' || filter !== '' || marked.size > 0 || isSearching
    ? true
    : 'nothing is open; q quits'
}
