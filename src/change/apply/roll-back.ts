/** All of a change is taken back, the host looked at, and what came of it written down. */
import type { ChangeResult } from '../../model/change-result.ts'
import type { Plan } from '../../model/plan.ts'
import { finalFacts } from '../check/final-facts.ts'
import type { StepState } from './entry.ts'
import { differences } from './look.ts'
import type { Making } from './making.ts'
import { changeResult } from './result.ts'
import { takeBack } from './take-back.ts'

/** `why`: as the journal has it; null: it has that already. `told`: how the states are told where that is more than they say. */
export async function rollBack(
  making: Making,
  states: readonly StepState[],
  why: string | null,
  told: (states: readonly StepState[]) => readonly StepState[] = (each) => each,
): Promise<ChangeResult> {
  const { id, plan, append } = making
  if (why !== null) append({ type: 'back', id, why })
  const taken = await takeBack(making, states)
  const left = [...taken.left, ...(await differences(making, factsBefore(plan)))]
  const state = left.length === 0 ? 'rolled back' : 'left'
  append({ type: 'end', id, at: new Date().toISOString(), state, left })
  return changeResult(making, told(taken.states), { applied: false, verified: left.length === 0, left })
}

/** True before the first step, and again when all was taken back. */
export function factsBefore({ steps }: Plan): ReturnType<typeof finalFacts> {
  return finalFacts(steps.toReversed().map(({ before }) => ({ after: before })))
}
