/** What a change came to: the JSON that is printed, and what the journal tells. */
import type { Intent } from './intent.ts'

/** `undone`: it was done, and taken back because a later one failed. */
export type StepOutcome = 'done' | 'failed' | 'undone' | 'left' | 'not run'

export type ChangeStep = {
  readonly title: string
  /** As a shell takes it. */
  readonly command: string
  /** What takes it back, line by line; empty: nothing has to be done. */
  readonly undo: readonly string[] | { readonly irreversible: string }
  readonly outcome: StepOutcome
  /** What the engine answered that is worth knowing: `id 4f3a…`, a warning. */
  readonly says?: string
}

export type ChangeResult = {
  /** null: nothing was changed (--dry-run). */
  readonly id: number | null
  /** The namespace that plays its host (--host), whose journal has it; absent: the host that was asked. */
  readonly host?: string
  readonly title: string
  readonly applied: boolean
  /** The host was read again, and everything that should be true is. */
  readonly verified: boolean
  readonly steps: readonly ChangeStep[]
  /** What could not be taken back, each a sentence with what helps. */
  readonly left: readonly string[]
  /** What should be true and is not, each a sentence. */
  readonly differences: readonly string[]
  readonly notes: readonly string[]
  readonly undoes?: number
  /** The failed step: its command, exit code and what it said. */
  readonly error?: {
    readonly what: string
    readonly command: string
    readonly exitCode: number | null
    readonly stderr: string
  }
  /** It is taken back at this time (ISO 8601) unless it is confirmed: `vethscope confirm ID`. */
  readonly confirmBefore?: string
}

/** `unfinished`: begun and not ended: `vethscope cleanup` takes it back. */
export type ChangeState = 'applied' | 'undone' | 'rolled back' | 'left' | 'unfinished' | 'unconfirmed'

/** One change of the journal. */
export type JournalChange = {
  readonly id: number
  readonly at: string
  readonly title: string
  readonly intent: Intent
  readonly state: ChangeState
  readonly steps: readonly ChangeStep[]
  readonly undoes: number | null
  readonly undoneBy: number | null
  readonly left: readonly string[]
  readonly confirmBefore: string | null
}

/** What cleanup did: empty where there was nothing to do. */
export type CleanupResult = { readonly cleaned: readonly ChangeResult[] }
