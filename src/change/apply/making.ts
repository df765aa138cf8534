/** What a change needs while it is made or taken back. */
import type { Outcome } from '../../lib/failure.ts'
import type { ChangeStep } from '../../model/change-result.ts'
import type { Command, Fact, Plan } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'
import type { Ran } from './ask-engine.ts'
import type { Line } from './line.ts'

export type Making = {
  readonly id: number
  readonly plan: Plan
  /** Before anything of it was done. */
  readonly world: World
  /** What engines answered so far, by the step; it grows. */
  readonly said: Map<number, string>
  readonly append: (line: Line) => Outcome<void>
  /** From here on the reserve of the journal may be used. */
  readonly release: () => void
  /** The host as it is now, as far as these facts need it; whatever the signal says. */
  readonly read: (facts: readonly Fact[]) => Promise<Outcome<World>>
  readonly run: (command: Command, onStart: () => void) => Promise<Ran>
  /** Aborted: the command that runs is waited for, then all is taken back. */
  readonly signal: AbortSignal
  readonly tell: (number: number, outcome: ChangeStep['outcome']) => void
}
