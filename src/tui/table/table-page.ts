/** One table as a page of a screen, with the type of its rows closed in: what table-screen.ts puts together. */
import type { Need } from '../../collect/protocol.ts'
import type { Region } from '../frame.ts'
import type { About } from '../screens/about.ts'
import type { State } from '../state.ts'
import { target, type Motion } from '../update/motion.ts'
import { arrangeOf } from './arranged.ts'
import { placedIn } from './placed.ts'
import { detailLines, sheetOf, sheetsFor } from './sheet.ts'
import type { Table } from './table.ts'
import { layoutOfTable } from './table-layout.ts'
import type { TableId } from './table-state.ts'
import { selectedRow, tableViewOf, type Page } from './table-view.ts'
import { withTable } from './with-table.ts'

export type TablePage = {
  readonly id: TableId
  readonly title: string
  readonly columns: readonly { readonly id: string; readonly title: string; readonly isOrdered: boolean }[]
  readonly regions: (state: State, pages: readonly Page[]) => readonly Region[]
  readonly placed: (before: State, state: State) => State
  readonly moved: (state: State, motion: Motion) => State
  readonly canMove: (state: State, motion: Motion) => true | string
  /** The row at that number. */
  readonly movedTo: (state: State, at: number) => State
  readonly about: (state: State) => About | null
  readonly follow: (state: State) => { readonly to: () => State } | { readonly why: string }
  readonly needs: (state: State) => readonly Need[]
  readonly told: (state: State) => { readonly count: string; readonly problem: string | null }
  readonly note: (state: State) => string
  /** The next or previous sheet of its details; null: it has none. */
  readonly turned: ((state: State, step: 1 | -1) => State) | null
  readonly marked: (state: State) => State
  /** What is marked, in the order of the rows. */
  readonly allMarked: (state: State) => readonly About[]
}

export function tablePage<Row>(table: Table<Row>): TablePage {
  const { id } = table
  const rowsOf = arrangeOf(table)
  const view = tableViewOf(table)
  const rowOf = (state: State): Row | null => selectedRow(state.tables[id], rowsOf(state))
  const keyAt = (state: State, at: number): string => {
    const rows = rowsOf(state)
    const row = rows?.rows[at - rows.from]
    return row === undefined ? '' : table.key(row)
  }
  const movedTo = (state: State, at: number): State => stepped(state, at, keyAt(state, at))
  return {
    id,
    title: table.title,
    columns: table.columns.map(({ id: column, title, by }) => ({
      id: column,
      title,
      isOrdered: by !== undefined,
    })),
    regions: (state, pages) => view(state, rowsOf(state), pages),
    placed: (before, state) => {
      const [was, is] = [before.tables[id], state.tables[id]]
      const same = was.filter === is.filter && was.order === is.order
      return placedIn(table, scrolledWithin(state), rowsOf(state), same ? rowsOf(before) : null)
    },
    moved: (state, motion) => {
      const own = state.tables[id]
      const layout = layoutOfTable(table, state, rowsOf(state))
      if (own.focus === 'detail') {
        const page = (layout?.detail.height ?? 3) - 2
        return withTable(state, id, { scroll: target(own.scroll, Number.MAX_SAFE_INTEGER, page, motion) })
      }
      const last = Math.max(0, (rowsOf(state)?.size ?? 1) - 1)
      const at = target(own.at, last, (layout?.rows.height ?? 2) - 1, motion)
      return movedTo(state, at)
    },
    movedTo,
    canMove: (state, motion) => {
      const own = state.tables[id]
      if (own.focus === 'rows') {
        const size = rowsOf(state)?.size ?? 0
        const last = Math.max(0, size - 1)
        if (own.gone !== null || target(own.at, last, 1, motion) !== own.at) return true
        return size < 2
          ? 'there is no other row'
          : own.at === 0
            ? 'this is the first row'
            : 'this is the last row'
      }
      // How long a pane is that is made a window at a time is not known here.
      const most = table.pane === undefined ? mostOf(state) : null
      if (most === null || target(own.scroll, most, 1, motion) !== own.scroll) return true
      if (most === 0) return 'all of it is in sight'
      return own.scroll === 0 ? 'this is its beginning' : 'this is its end'
    },
    about: (state) => {
      const row = rowOf(state)
      return row === null ? null : table.about(row, state)
    },
    follow: (state) => {
      const row = rowOf(state)
      const { gone } = state.tables[id]
      if (row !== null) return table.follow(row, state)
      if (gone !== null) return { why: `${gone.label} is gone` }
      return { why: rowsOf(state) === null ? 'it is still being read' : 'nothing is selected' }
    },
    needs: (state) => table.needs(state, rowOf(state)),
    told: (state) => {
      const rows = rowsOf(state)
      const size = rows?.size ?? 0
      return {
        count: rows === null ? '' : size === 1 ? '1 row' : `${size} rows`,
        problem: rows?.problem ?? null,
      }
    },
    note: (state) => table.note?.(state) ?? String(rowsOf(state)?.total ?? ''),
    turned:
      table.sheets === undefined
        ? null
        : (state, step) => {
            const row = rowOf(state)
            const sheets = sheetsFor(table, row)
            const at = sheets.findIndex((sheet) => sheet === sheetOf(table, row, state))
            const next = sheets[(at + step + sheets.length) % sheets.length]
            return withTable(state, id, { sheet: next?.id ?? '', scroll: 0 })
          },
    marked: (state) => {
      const row = rowOf(state)
      if (row === null) return state
      const key = table.key(row)
      const marked = new Set(state.tables[id].marked)
      if (!marked.delete(key)) marked.add(key)
      return withTable(state, id, { marked })
    },
    allMarked: (state) => {
      const { marked } = state.tables[id]
      const rows = rowsOf(state)?.rows ?? []
      return marked.size === 0
        ? []
        : rows.filter((row) => marked.has(table.key(row))).map((row) => table.about(row, state))
    },
  }

  /** Another row's details begin at their top. */
  function stepped(state: State, at: number, selected: string): State {
    const own = state.tables[id]
    const scroll = selected === own.selected ? own.scroll : 0
    return withTable(state, id, { at, selected, gone: null, scroll })
  }

  /** Details are scrolled no further than they go. */
  function scrolledWithin(state: State): State {
    const own = state.tables[id]
    if (own.scroll === 0) return state
    const most = mostOf(state) ?? 0
    return withTable(state, id, { scroll: Math.min(own.scroll, most) })
  }

  /** How far details can be scrolled; null: there are none. */
  function mostOf(state: State): number | null {
    const row = rowOf(state)
    const box = layoutOfTable(table, state, rowsOf(state))?.detail
    if (row === null || box === undefined) return null
    return Math.max(0, detailLines(table, row, state, box.width).length - (box.height - 1))
  }
}
