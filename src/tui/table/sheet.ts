/** Details that are more than one page: each a list of lines about the selected row, one of them shown. */
import type { Line } from '../frame.ts'
import type { State } from '../state.ts'
import type { Table } from './table.ts'

export type Sheet<Row> = {
  readonly id: string
  /** One word, for the heading. */
  readonly title: string
  /** How many things are on it; null: not known, or nothing to count. */
  readonly count?: (row: Row, state: State) => number | null
  readonly lines: (row: Row, state: State, columns: number) => readonly Line[]
}

/** The one that is shown; null: the table has none. */
export function sheetOf<Row>({ id, sheets }: Table<Row>, state: State): Sheet<Row> | null {
  if (sheets === undefined) return null
  return sheets.find((sheet) => sheet.id === state.tables[id].sheet) ?? sheets[0] ?? null
}

/** What stands below the heading of the details. */
export function detailLines<Row>(
  table: Table<Row>,
  row: Row,
  state: State,
  columns: number,
): readonly Line[] {
  const lines = sheetOf(table, state)?.lines ?? table.detail
  return lines?.(row, state, columns) ?? []
}
