/** While namespaces are still being read, rows come above the first one: who has not moved yet stays at the top. */
import { portsOf } from '../select/ports.ts'
import type { State } from '../state.ts'
import { withTable } from '../table/with-table.ts'

type Placed = (before: State, state: State) => State

/** `placed`: as every table does it. */
export function portsPlaced(table: 'published' | 'listening', placed: Placed): Placed {
  return (before, state) => {
    const [was, is] = [portsOf(before), portsOf(state)]
    const isAtTop = before.tables[table].at === 0 && state.tables[table].at === 0
    const isReading = was !== null && !was.complete && was !== is
    return placed(before, isReading && isAtTop ? withTable(state, table, { selected: null }) : state)
  }
}
