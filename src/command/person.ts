/** Who wants a change: is asked before it, and told while it is made. vethscope.ts brings the terminal. */
import type { StepTold } from '../change/changer.ts'
import type { ChangeResult, JournalChange } from '../model/change-result.ts'

/** What would be done. */
export type Proposal =
  | { readonly kind: 'change'; readonly preview: ChangeResult }
  /** Begun and not ended: what was done of them is taken back. */
  | { readonly kind: 'cleanup'; readonly unfinished: readonly JournalChange[] }

export type Person = {
  /** There is a terminal to ask at. */
  readonly isThere: boolean
  /** Shows it, and asks. */
  readonly approves: (proposal: Proposal) => Promise<boolean>
  /** `asJson`: a line for another program, also where nobody watches. */
  readonly step: (told: StepTold, asJson: boolean) => void
  /** A sentence on what is waited for. */
  readonly waits: (what: string, asJson: boolean) => void
}
