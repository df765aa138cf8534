/** The selection of a table stays on the same row while rows come and go, and in sight. */
import type { State } from '../state.ts'
import type { Arranged } from './arranged.ts'
import type { Table } from './table.ts'
import { layoutOfTable } from './table-layout.ts'
import type { GoneRow, TableState } from './table-state.ts'
import { withTable } from './with-table.ts'

const goneMs = 3000

/** `before`: the rows that were looked at until now, for what a row that went away was called. */
export function placedIn<Row>(
  table: Table<Row>,
  state: State,
  rows: Arranged<Row> | null,
  before: Arranged<Row> | null,
): State {
  const own = state.tables[table.id]
  const { at, selected, gone } = rows === null ? own : onRow(table, state, own, rows, before)
  const size = rows === null ? Infinity : rows.size + (gone === null ? 0 : 1)
  const isWatched = table.newsAtTop === true && own.order === null && own.top === 0
  const drift = selected !== null && selected === own.selected && !isWatched ? at - own.at : 0
  const height = layoutOfTable(table, state, rows)?.rows.height ?? 1
  const top = inSight({ at, size, height, wanted: own.top + drift })
  const scroll = selected === own.selected ? own.scroll : 0
  return withTable(state, table.id, { at, selected, gone, top, scroll })
}

type Where = Pick<TableState, 'at' | 'selected' | 'gone'>

function onRow<Row>(
  table: Table<Row>,
  state: State,
  own: TableState,
  rows: Arranged<Row>,
  before: Arranged<Row> | null,
): Where {
  const { selected } = own
  const gone = own.gone !== null && own.gone.until > state.now && own.gone.key === selected ? own.gone : null
  const keyAt = (at: number): string | null => {
    const row = rows.rows[at - rows.from]
    return row === undefined ? null : table.key(row)
  }
  const last = Math.max(0, rows.size - 1)
  const near = Math.max(0, Math.min(own.at, last))
  if (selected === null || selected === '') return { at: near, selected: keyAt(near), gone: null }
  const there = rows.places.get(selected)
  if (there !== undefined) return { at: there, selected, gone: null }
  if (gone !== null) return { at: Math.min(gone.at, rows.size), selected, gone }
  // Of a window only a part is here: a row that is not in it need not be gone.
  const isHere = own.at >= rows.from && own.at < rows.from + rows.rows.length
  if (!isHere && rows.rows.length < rows.size) return { at: near, selected, gone: null }
  const left = own.gone === null ? leftOf(table, state, selected, before, near) : null
  return left === null
    ? { at: near, selected: keyAt(near), gone: null }
    : { at: left.at, selected, gone: left }
}

/** Only what left the table by itself: what a filter hides is not gone. */
function leftOf<Row>(
  table: Table<Row>,
  state: State,
  key: string,
  before: Arranged<Row> | null,
  at: number,
): GoneRow | null {
  const index = before?.places.get(key)
  const row = index === undefined || before === null ? undefined : before.rows[index - before.from]
  if (row === undefined) return null
  return { key, label: table.label(row, state), at, until: state.now + goneMs }
}

function inSight({
  at,
  size,
  height,
  wanted,
}: Readonly<Record<'at' | 'size' | 'height' | 'wanted', number>>): number {
  const top = Math.max(0, Math.min(wanted, Math.max(0, size - height)))
  return at < top ? at : at >= top + height ? at - height + 1 : top
}
