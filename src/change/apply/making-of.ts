/** A change that is made or taken back in a session; each step is told to who asked for it. */
import type { Plan } from '../../model/plan.ts'
import { changeStep } from '../script.ts'
import type { Says } from './entry.ts'
import type { Making } from './making.ts'
import type { ApplyOptions } from './options.ts'
import type { Session } from './session.ts'

type Change = {
  readonly id: number
  readonly plan: Plan
  /** Of one that was begun before. */
  readonly says?: Says
  readonly onStep?: ApplyOptions['onStep'] | undefined
}

export function makingOf(session: Session, signal: AbortSignal, change: Change): Making {
  const { journal, world, read, run } = session
  const { id, plan, says, onStep } = change
  const said = new Map(says)
  return {
    id,
    plan,
    world,
    said,
    append: journal.append,
    release: journal.release,
    read,
    run,
    signal,
    tell: (number, outcome) => {
      const step = plan.steps[number]
      if (step !== undefined)
        onStep?.({
          number: number + 1,
          of: plan.steps.length,
          step: changeStep(step, outcome, said.get(number)),
        })
    },
  }
}
