import type { ColumnChoice } from '../screens/screen.ts'
import type { State } from '../state.ts'
import type { TablePage } from './table-page.ts'
import { withTable } from './with-table.ts'

/** Which of a table's columns are shown, and which one orders it. */
export function columnChoice(pageOf: (state: State) => TablePage): ColumnChoice {
  return {
    all: (state) => {
      const page = pageOf(state)
      const { hidden, order } = state.tables[page.id]
      return page.columns.map(({ id, title, isOrdered }) => ({
        id,
        title,
        isShown: !hidden.includes(id),
        ...(isOrdered
          ? { order: order?.column !== id ? null : order.descending ? 'descending' : 'ascending' }
          : {}),
      }))
    },
    ordered: (state, column) => {
      const { id } = pageOf(state)
      const { order } = state.tables[id]
      const next =
        order?.column !== column
          ? { column, descending: false }
          : order.descending
            ? null
            : { column, descending: true }
      return withTable(state, id, { order: next })
    },
    toggled: (state, column) => {
      const { id, columns } = pageOf(state)
      const { hidden } = state.tables[id]
      const shown = hidden.includes(column)
      // The first one tells the rows apart.
      if (columns[0]?.id === column) return state
      return withTable(state, id, {
        hidden: shown ? hidden.filter((each) => each !== column) : [...hidden, column],
      })
    },
  }
}
