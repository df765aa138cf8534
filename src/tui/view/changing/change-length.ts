import type { ChangeForm, ChangeShown } from '../../changing/change-modes.ts'
import type { Size } from '../../frame.ts'
import type { State } from '../../state.ts'
import { changePlanLength } from './change-form.ts'
import { changeRunLength } from './change-run.ts'
import type { PlanLength } from './plan-lines.ts'

/** What scrolling a plan stops at. */
export function changeLength(state: State, size: Size, mode: ChangeForm | ChangeShown): PlanLength {
  return mode.type === 'change-form'
    ? changePlanLength(state, size, mode)
    : changeRunLength(state, size, mode)
}
