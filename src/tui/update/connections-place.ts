/** Keeps the selection on the same connection, also where that moved far away, and never takes one filter's rows for another's. */
import { connectionsAsked, connectionsWindowOf, isConnectionsAnswer } from '../select/connections.ts'
import type { State } from '../state.ts'
import { withTable } from '../table/with-table.ts'

type Placed = (before: State, state: State) => State

/** `placed`: as every table does it. */
export function connectionsPlaced(placed: Placed): Placed {
  return (before, state) => {
    if (!isConnectionsAnswer(state)) return state
    const isNew = !isConnectionsAnswer(before) || connectionsAsked(before) !== connectionsAsked(state)
    // What another filter, order or namespace has not is not gone: `before` is then no measure.
    const measure = isNew
      ? withTable(before, 'connections', { order: { column: '', descending: false } })
      : before
    return placed(measure, followed(state, isNew))
  }
}

function followed(state: State, isNew: boolean): State {
  const window = connectionsWindowOf(state)
  const { selected, at, top, gone } = state.tables.connections
  if (window === null || selected === null || selected === '' || gone !== null) return state
  if (window.rows.some(({ key }) => key === selected)) return state
  const { keyAt } = window
  if (typeof keyAt === 'number') return withTable(state, 'connections', { at: keyAt, top: top + keyAt - at })
  return isNew ? withTable(state, 'connections', { selected: null, at: 0, top: 0 }) : state
}
