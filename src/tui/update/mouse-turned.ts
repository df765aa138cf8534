import type { State } from '../state.ts'
import { saying, type Step } from './step.ts'

/** Off at first: a terminal whose mouse is taken selects no text. */
export function mouseTurned(state: State): Step {
  const on = !state.mouse
  const says = on
    ? 'the mouse works here: click, double click, wheel; Shift selects text'
    : 'the mouse is the terminal’s again'
  return [saying({ ...state, mouse: on }, 'note', says), { type: 'mouse', on }]
}
