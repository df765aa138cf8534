/**
 * Where a table screen's parts stand: the pages' heading, the titles of the columns, the rows, the details.
 * Below the rows where it is narrow, beside them from 160 columns on.
 */
import { bodyOf, type Box } from '../layout.ts'
import type { Size } from '../frame.ts'
import type { State } from '../state.ts'
import type { Rows, Table } from './table.ts'

export type TableLayout = {
  readonly heading: Box
  readonly titles: Box
  readonly rows: Box
  /** Between the rows and the details; null: these are below. */
  readonly bar: Box | null
  readonly detail: Box
}

const besideFrom = 160
/** Rows that are left where there are few, so that one that comes does not move everything. */
const fewest = 4

/** Of a table's sheets, or an output, there is more to see than fits, so they get what its rows leave. */
export function layoutOfTable<Row>(
  { id, sheets, pane }: Table<Row>,
  state: State,
  rows: Pick<Rows<Row>, 'total'> | null,
): TableLayout | null {
  const { focus } = state.tables[id]
  return (sheets === undefined && pane === undefined) || rows === null
    ? tableLayout(state, state.size, focus)
    : tableLayout(state, state.size, focus, rows.total + 1)
}

/** null: too small to show anything. */
export function tableLayout(
  state: State,
  size: Size,
  focus: 'rows' | 'detail',
  /** As many rows as there ever are: what they leave of their room is for the details. */
  most = Infinity,
): TableLayout | null {
  const body = bodyOf(state, size)
  if (body === null) return null
  const beside = body.width >= besideFrom
  const share = Math.floor(body.height * (focus === 'detail' ? 0.6 : body.height >= 24 ? 0.4 : 0.3))
  const least = Math.max(4, Math.min(share, 24))
  const below = beside ? 0 : Math.max(least, body.height - 2 - Math.max(fewest, most))
  const width = beside ? body.width - Math.min(80, Math.floor(body.width * 0.36)) - 1 : body.width
  const line = { left: body.left, width, height: 1 }
  const rows = { ...line, top: body.top + 2, height: Math.max(1, body.height - 2 - below) }
  return {
    heading: { ...line, top: body.top },
    titles: { ...line, top: body.top + 1 },
    rows,
    bar: beside ? { top: body.top, left: width, width: 1, height: body.height } : null,
    detail: beside
      ? { top: body.top, left: width + 1, width: body.width - width - 1, height: body.height }
      : { left: body.left, width, top: rows.top + rows.height, height: below },
  }
}
