/** What a change came to, as it is printed. */
import type { ChangeResult, JournalChange, StepOutcome } from '../../model/change-result.ts'
import type { Plan } from '../../model/plan.ts'
import { changeStep } from '../script.ts'
import type { Entry, Says, StepState } from './entry.ts'
import type { Making } from './making.ts'

type Told = Pick<ChangeResult, 'applied' | 'verified'> & Partial<ChangeResult>

export function changeResult(
  { plan, id, said }: Pick<Making, 'plan' | 'id' | 'said'>,
  states: readonly StepState[],
  told: Told,
): ChangeResult {
  return {
    id,
    title: plan.title,
    steps: stepsOf(plan, states, said),
    left: [],
    differences: [],
    notes: plan.notes,
    ...(plan.undoes === undefined ? {} : { undoes: plan.undoes }),
    ...told,
  }
}

export function journalChange(entry: Entry): JournalChange {
  const { id, at, plan, steps, says, state, left, confirmBefore, undoneBy } = entry
  const { title, intent, undoes = null } = plan
  return {
    id,
    at,
    title,
    intent,
    state,
    steps: stepsOf(plan, steps, says),
    undoes,
    undoneBy,
    left,
    confirmBefore,
  }
}

function stepsOf(plan: Plan, states: readonly StepState[], says: Says): ChangeResult['steps'] {
  return plan.steps.map((step, at) => changeStep(step, outcomeOf(states[at] ?? 'not run'), says.get(at)))
}

/** Of one that may have run nobody can say more than that it may be there. */
function outcomeOf(state: StepState): StepOutcome {
  return state === 'started' ? 'left' : state
}
