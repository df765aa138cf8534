/** The shells of this session as the screen knows them; their processes and terminals are in keep-shells.ts. */
import type { NetnsRef } from '../../model/ids.ts'
import type { Line } from '../frame.ts'

/** What a shell's terminal shows at one moment. A line that did not change is the same object as before. */
export type ShellScreen = {
  readonly lines: readonly Line[]
  /** null: hidden, or not among these lines. */
  readonly cursor: { readonly row: number; readonly column: number } | null
  /** How many lines it is scrolled back, and how far it could be. */
  readonly back: number
  readonly kept: number
}

export type ShellEnd = {
  /** null: `signal` ended it, or it never began. */
  readonly exitCode: number | null
  readonly signal: string | null
  /** Why it never began. */
  readonly problem: string | null
}

export type ShellRun = {
  /** Grows by one a shell; the same in effects and messages. */
  readonly number: number
  readonly netns: NetnsRef
  /** Where its namespace had names when the shell was opened: `/run/netns/web`. */
  readonly paths: readonly string[]
  /** Of its terminal, as it was last told. */
  readonly columns: number
  readonly rows: number
  /** null: nothing came yet. */
  readonly screen: ShellScreen | null
  /** null: it runs. */
  readonly ended: ShellEnd | null
}

export type ShellsState = {
  /** Oldest first. */
  readonly list: readonly ShellRun[]
  /** The number of the last one. */
  readonly last: number
  /** Which one the pane shows. */
  readonly active: number | null
  readonly isShown: boolean
  /** Over the whole screen while the keys are its. */
  readonly isFull: boolean
  /** Whose keys they are and which one is in sight, as the runtime was told last. */
  readonly told: { readonly keys: number | null; readonly shown: number | null }
  /** Why none can be opened, as it turned out; null: not known to be so. */
  readonly unavailable: string | null
}

/** At a time. Each keeps some megabytes of lines. */
export const mostShells = 16

export const noShells: ShellsState = {
  list: [],
  last: 0,
  active: null,
  isShown: false,
  isFull: false,
  told: { keys: null, shown: null },
  unavailable: null,
}
