/** What a change came to, as it is printed. */
import type { ChangeResult, JournalChange, StepOutcome } from '../../model/change-result.ts'
import type { Plan } from '../../model/plan.ts'
import { changeStep } from '../script.ts'
import type { Entry, StepState } from './entry.ts'

type Told = Pick<ChangeResult, 'applied' | 'verified'> & Partial<ChangeResult>

export function changeResult(plan: Plan, id: number, states: readonly StepState[], told: Told): ChangeResult {
  return {
    id,
    title: plan.title,
    steps: stepsOf(plan, states),
    left: [],
    differences: [],
    notes: plan.notes,
    ...(plan.undoes === undefined ? {} : { undoes: plan.undoes }),
    ...told,
  }
}

export function journalChange(entry: Entry): JournalChange {
  const { id, at, plan, steps, state, left, confirmBefore, undoneBy } = entry
  const { title, intent, undoes = null } = plan
  return { id, at, title, intent, state, steps: stepsOf(plan, steps), undoes, undoneBy, left, confirmBefore }
}

function stepsOf(plan: Plan, states: readonly StepState[]): ChangeResult['steps'] {
  return plan.steps.map((step, at) => changeStep(step, outcomeOf(states[at] ?? 'not run')))
}

/** Of one that may have run nobody can say more than that it may be there. */
function outcomeOf(state: StepState): StepOutcome {
  return state === 'started' ? 'left' : state
}
