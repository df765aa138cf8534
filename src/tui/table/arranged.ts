/** A table's rows as they are scrolled through: filtered, ordered, and where each of them stands. */
import { fits, parseFilter, type Facts } from '../../derive/filter.ts'
import { memoRecent } from '../select/memo-recent.ts'
import type { State } from '../state.ts'
import { filterWords } from './filter-words.ts'
import type { Column, Rows, Table } from './table.ts'
import type { TableOrder } from './table-state.ts'

export type Arranged<Row> = Rows<Row> & {
  /** The numbers of those that are here, by key. */
  readonly places: ReadonlyMap<string, number>
  /** What is wrong with the filter. */
  readonly problem: string | null
}

/** null: the rows are not here yet. */
export type Arrange<Row> = (state: State) => Arranged<Row> | null

export function arrangeOf<Row>({ id, source, key, columns }: Table<Row>): Arrange<Row> {
  const withPlaces = memoRecent(
    (rows: readonly Row[], from: number, size: number, total: number, problem: string | null) => ({
      size,
      total,
      from,
      rows,
      places: new Map(rows.map((row, at) => [key(row), from + at])),
      problem,
    }),
  )
  if (source.type === 'window') {
    return (state) => {
      const window = source.rows(state)
      return window === null
        ? null
        : withPlaces(
            window.rows,
            window.from,
            window.size,
            window.total,
            parseFilter(state.tables[id].filter, filterWords[id]).problem,
          )
    }
  }
  const filtered = memoRecent((rows: readonly Row[], text: string, facts: Facts<Row>) => {
    const filter = parseFilter(text, filterWords[id])
    return { rows: rows.filter((row) => fits(filter, facts, row)), problem: filter.problem }
  })
  const ordered = memoRecent((rows: readonly Row[], order: TableOrder) => inOrder(rows, columns, order))
  return (state) => {
    const all = source.rows(state)
    if (all === null) return null
    const { filter, order } = state.tables[id]
    const kept =
      filter.trim() === '' ? { rows: all, problem: null } : filtered(all, filter, source.facts(state))
    const rows = order === null ? kept.rows : ordered(kept.rows, order)
    return withPlaces(rows, 0, rows.length, all.length, kept.problem)
  }
}

/** Stable; numbers before texts, texts with their numbers by value (`veth2` before `veth10`), what is not known last. */
export function inOrder<Row>(
  rows: readonly Row[],
  columns: readonly Column<Row>[],
  { column, descending }: TableOrder,
): readonly Row[] {
  const by = columns.find(({ id }) => id === column)?.by
  if (by === undefined) return rows
  const keyed = rows.map((row) => ({ row, value: by(row) }))
  keyed.sort((a, b) => {
    if (a.value === null || b.value === null) return Number(a.value === null) - Number(b.value === null)
    const sign = compared(a.value, b.value)
    return descending ? -sign : sign
  })
  return keyed.map(({ row }) => row)
}

const texts = new Intl.Collator('en', { numeric: true })

function compared(a: string | number, b: string | number): number {
  if (typeof a === 'number' && typeof b === 'number') return a - b
  if (typeof a === 'string' && typeof b === 'string') return texts.compare(a, b)
  return typeof a === 'number' ? -1 : 1
}
