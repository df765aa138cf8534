/** A change that is made or taken back in a session; each step is told to who asked for it. */
import type { Plan } from '../../model/plan.ts'
import { changeStep } from '../script.ts'
import type { Making } from './making.ts'
import type { ApplyOptions } from './options.ts'
import type { Session } from './session.ts'

type Change = {
  readonly id: number
  readonly plan: Plan
  readonly onStep?: ApplyOptions['onStep'] | undefined
}

export function makingOf(session: Session, signal: AbortSignal, { id, plan, onStep }: Change): Making {
  const { journal, world, read, run } = session
  return {
    id,
    plan,
    world,
    append: journal.append,
    release: journal.release,
    read,
    run,
    signal,
    tell: (number, outcome) => {
      const step = plan.steps[number]
      if (step !== undefined)
        onStep?.({ number: number + 1, of: plan.steps.length, step: changeStep(step, outcome) })
    },
  }
}
