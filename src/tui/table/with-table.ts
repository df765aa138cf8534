import type { State } from '../state.ts'
import type { TableId, TableState } from './table-state.ts'

/** The state with something else of one table. */
export function withTable(state: State, id: TableId, change: Partial<TableState>): State {
  const before = state.tables[id]
  const keys = Object.keys(change) as readonly (keyof TableState)[]
  if (keys.every((key) => change[key] === before[key])) return state
  return { ...state, tables: { ...state.tables, [id]: { ...before, ...change } } }
}
