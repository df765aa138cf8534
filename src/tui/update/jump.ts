/** Going somewhere else than one row up or down: what it leaves can be gone back to. */
import { placeIn } from '../rules-state.ts'
import { connectionsNetns } from '../select/connections.ts'
import { placeInTable } from '../table/table-state.ts'
import type { Place, Selection, State } from '../state.ts'
import { revealed } from './revealed.ts'

/** More steps back than anybody remembers. */
export const longest = 100

/** To a row of the tree. */
export function jumped(state: State, to: Selection): State {
  return revealed({ ...leaving(state), screen: 'topology' }, to)
}

/** So that one can come back to where one is. */
export function leaving(state: State): State {
  const here = placeOf(state)
  const back = here === null ? state.history.back : [...state.history.back, here].slice(-longest)
  return { ...state, history: { back, forward: [] } }
}

/** To another screen as it was left. */
export function turnedTo(state: State, screen: State['screen']): State {
  return state.screen === screen ? state : { ...leaving(state), screen }
}

/** Where one is; null: nowhere yet. */
export function placeOf(state: State): Place | null {
  const { screen, topology, rules, tables, pages } = state
  if (screen === 'topology')
    return topology.selection === null ? null : { screen, selection: topology.selection }
  if (screen === 'rules') return { screen, place: placeIn(rules) }
  const table = pages[screen]
  const netns = table === 'connections' ? connectionsNetns(state) : null
  return { screen, table, place: placeInTable(tables[table]), ...(netns === null ? {} : { netns }) }
}
