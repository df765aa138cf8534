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
  /** Absent: every row has it. */
  readonly isOf?: (row: Row) => boolean
}

/** `row`: null: none is selected. */
export function sheetsFor<Row>({ sheets = [] }: Table<Row>, row: Row | null): readonly Sheet<Row>[] {
  return sheets.filter(({ isOf }) => isOf === undefined || (row !== null && isOf(row)))
}

/** The one that is shown; null: the table has none. */
export function sheetOf<Row>(table: Table<Row>, row: Row | null, state: State): Sheet<Row> | null {
  const sheets = sheetsFor(table, row)
  return sheets.find((sheet) => sheet.id === state.tables[table.id].sheet) ?? sheets[0] ?? null
}

/** What stands below the heading of the details. */
export function detailLines<Row>(
  table: Table<Row>,
  row: Row,
  state: State,
  columns: number,
): readonly Line[] {
  const lines = sheetOf(table, row, state)?.lines ?? table.detail
  return lines?.(row, state, columns) ?? []
}
