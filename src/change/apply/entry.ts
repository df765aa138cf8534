/** A change as the journal's lines, put together, tell of it. */
import type { ChangeState } from '../../model/change-result.ts'
import type { Plan } from '../../model/plan.ts'

/** `started`: written down before it ran, and nothing after that: it may have run. */
export type StepState = 'not run' | 'started' | 'done' | 'failed' | 'undone' | 'left'

/** By the number of the step. */
export type Says = ReadonlyMap<number, string>

export type Entry = {
  readonly id: number
  /** ISO 8601, UTC. */
  readonly at: string
  readonly plan: Plan
  /** One for each step of the plan. */
  readonly steps: readonly StepState[]
  /** What engines answered, by the step. */
  readonly says: Says
  readonly state: ChangeState
  readonly left: readonly string[]
  /** ISO 8601; null: it does not wait for a confirmation. */
  readonly confirmBefore: string | null
  /** The id of the change that took it back (and is itself in effect); null: none. */
  readonly undoneBy: number | null
  /** It failed or was stopped, and taking it back began. */
  readonly goesBack?: true
}
