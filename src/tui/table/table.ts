/** What a table is made of. One file a table in tui/tables; everything else about tables is here, once for all. */
import type { Need } from '../../collect/protocol.ts'
import type { Facts } from '../../derive/filter.ts'
import type { Line, Span } from '../frame.ts'
import type { About } from '../screens/about.ts'
import type { State } from '../state.ts'
import type { Glyphs } from '../view/glyphs.ts'
import type { Sheet } from './sheet.ts'
import type { TableId } from './table-state.ts'

export type Column<Row> = {
  readonly id: string
  readonly title: string
  readonly align?: 'right'
  /** Never narrower (unless it is left out), never wider. The title counts as a cell. */
  readonly least: number
  readonly most: number
  /** Where room is short the highest is left out first; 0 never is. */
  readonly rank: number
  /** By the row alone: a row holds whatever its cells tell. */
  readonly cell: (row: Row, glyphs: Glyphs) => readonly Span[]
  /** What the table is ordered by; absent: it cannot be. */
  readonly by?: (row: Row) => string | number | null
}

/** The rows that are here: all of them, or those around what is in sight. */
export type Rows<Row> = {
  /** That fit the filter. */
  readonly size: number
  /** That there are. */
  readonly total: number
  /** The number of the first one of `rows`. */
  readonly from: number
  readonly rows: readonly Row[]
}

export type PaneSize = { readonly width: number; readonly height: number }
/** `right`: behind the heading, how much more there is. */
export type Pane = { readonly lines: readonly Line[]; readonly right: string }

export type Table<Row> = {
  readonly id: TableId
  /** As its page is called: `listening`. */
  readonly title: string
  readonly columns: readonly Column<Row>[]
  /**
   * `whole`: every row, the same array while nothing changed; filtered and ordered here. `window`: the part that
   * somebody else filtered and ordered. null: not here yet.
   */
  readonly source:
    | {
        readonly type: 'whole'
        readonly rows: (state: State) => readonly Row[] | null
        /** What the filter's tokens can ask of a row; the same object while the world is the same. */
        readonly facts: (state: State) => Facts<Row>
      }
    | { readonly type: 'window'; readonly rows: (state: State) => Rows<Row> | null }
  readonly key: (row: Row) => string
  /** What is new, or gets loud, comes at the top: while that is in sight it comes into sight. */
  readonly newsAtTop?: boolean
  /** What it is called when it is gone, and in messages. */
  readonly label: (row: Row, state: State) => string
  /** In the first column of the screen: `!` look here, `?` not known, else ' '. */
  readonly mark?: (row: Row, state: State) => Span
  /** Why there is no row: still being read, filtered away, really none. */
  readonly empty: (state: State) => string
  readonly about: (row: Row, state: State) => About
  /** Absent: it has sheets instead, which `{` and `}` turn. */
  readonly detail?: (row: Row, state: State, columns: number) => readonly Line[]
  readonly sheets?: readonly Sheet<Row>[]
  /** In place of details that are all made: only the lines that are in sight, of what is scrolled elsewhere. */
  readonly pane?: (row: Row, state: State, size: PaneSize) => Pane
  /** Where Enter leads; `why` it leads nowhere. */
  readonly follow: (row: Row, state: State) => { readonly to: () => State } | { readonly why: string }
  /** What has to be kept fresh while it is shown. `row`: the selected one. */
  readonly needs: (state: State, row: Row | null) => readonly Need[]
  /** Behind the table's title: `211 of 262144`. */
  readonly note?: (state: State) => string
}
