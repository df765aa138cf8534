import type { Place } from '../../model/probe.ts'

/** What a shell of this session is told. */
export type ShellOrder =
  | { readonly do: 'open'; readonly place: Place; readonly columns: number; readonly rows: number }
  /** Keys that were read together with the one that led to the shell; otherwise bytes reach it as they come. */
  | { readonly do: 'type'; readonly text: string }
  | { readonly do: 'resize'; readonly columns: number; readonly rows: number }
  /** Back (negative) or on by so many lines; `end`: to where it writes. */
  | { readonly do: 'scroll'; readonly lines: number | 'end' }
  /** Hang up, and let go of it. */
  | { readonly do: 'end' }
