/** What a screen is to everything that is the same on all of them: keys, history, layout, needs. */
import type { Need } from '../../collect/protocol.ts'
import type { Region } from '../frame.ts'
import type { Layout } from '../layout.ts'
import type { Place, State } from '../state.ts'
import type { Motion } from '../update/motion.ts'
import type { About } from './about.ts'

/** Something a key does: whether it can now or why not, and what it comes to. */
export type Ability = {
  readonly can: (state: State) => true | string
  readonly run: (state: State) => State
}

/** What there are several of: going to the next or the previous one. */
export type Turn = {
  readonly can: Ability['can']
  readonly run: (state: State, step: 1 | -1) => State
}

export type ColumnChoice = {
  readonly all: (state: State) => readonly {
    readonly id: string
    readonly title: string
    readonly isShown: boolean
    /** null: the table is not ordered by it; absent: it cannot be. */
    readonly order?: 'ascending' | 'descending' | null
  }[]
  /** By this one; by it already: the other way round, and then as the rows come. */
  readonly ordered: (state: State, column: string) => State
  readonly toggled: (state: State, column: string) => State
}

export type Screen = {
  /** Between the strip and the footer. */
  readonly regions: (state: State, layout: Layout) => readonly Region[]
  readonly needs: (state: State) => readonly Need[]
  /** After every message: the selection is on something that is there, and in sight. */
  readonly placed: (before: State, state: State) => State
  readonly moved: (state: State, motion: Motion) => State
  /** Why a motion leads nowhere; absent: that is not told. */
  readonly canMove?: (state: State, motion: Motion) => true | string
  readonly follow: Ability
  readonly out: Ability
  readonly in: Ability
  /** The next or previous pane. */
  readonly pane: ((state: State, step: 1 | -1) => State) | null
  /** What Esc takes away while nothing is open over the screen. */
  readonly close: Ability
  readonly filter: {
    readonly text: (state: State) => string
    readonly typed: (state: State, text: string) => State
    /** Beside the input: `12 rows`; `problem`: what is wrong with it. */
    readonly told: (state: State) => { readonly count: string; readonly problem: string | null }
  }
  /** Marks the selected row, or takes its mark away, and goes on to the next. */
  readonly marked: Ability
  readonly allMarked: (state: State) => readonly About[]
  /** `{`, `}`: the next or previous of its tables, or of the sheets of details; null: it has one. */
  readonly turned: (Turn & { readonly what: (state: State) => 'table' | 'sheet' }) | null
  /** `(`, `)`: the same of the next or previous namespace; null: it is not about one. */
  readonly netns: Turn | null
  /** Counts growth from now on; null: nothing of it grows. */
  readonly growth: Ability | null
  /** Its table's columns; null: it has none. */
  readonly columns: ColumnChoice | null
  readonly crumbs: (state: State) => readonly string[]
  readonly about: (state: State) => About | null
  /** Of places of this screen (update/history.ts). */
  readonly isThere: (state: State, place: Place) => boolean
  readonly went: (state: State, place: Place) => State
  /** A click on a line of one of its regions; null: that does nothing. */
  readonly clicked: (state: State, region: string, line: number) => State | null
}
