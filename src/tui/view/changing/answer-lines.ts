/** What a plan or a change came to: the steps, or why there are none. */
import type { ChangeFailure } from '../../changing/change-state.ts'
import type { ChangeResult } from '../../../model/change-result.ts'
import type { Line } from '../../frame.ts'
import { sentenceLines, stepLines, type PlanLook } from './plan-lines.ts'

type Room = Omit<PlanLook, 'titled' | 'inputs'>

/** With titles, and with what programs read, where there is room for them. */
export function resultLines(result: ChangeResult, look: Room, height: number): readonly Line[] {
  const notes = sentenceLines('i', 'text', result.notes, look.columns)
  const steps =
    result.steps.length === 0
      ? sentenceLines(' ', 'dim', ['nothing has to be done'], look.columns)
      : stepsIn(result.steps, look, height - notes.length)
  return [...steps, ...notes]
}

export function stepsIn(steps: ChangeResult['steps'], look: Room, height: number): readonly Line[] {
  const whole = stepLines(steps, { ...look, titled: true, inputs: true })
  if (whole.length <= height) return whole
  const titled = stepLines(steps, { ...look, titled: true, inputs: false })
  return titled.length <= height ? titled : stepLines(steps, { ...look, titled: false, inputs: false })
}

export function failureLines(failure: ChangeFailure, columns: number): readonly Line[] {
  return [failure, ...failure.others].flatMap(({ what, hint }) => [
    ...sentenceLines('!', 'error', [what], columns),
    ...(hint === null ? [] : sentenceLines(' ', 'text', [hint], columns)),
  ])
}
