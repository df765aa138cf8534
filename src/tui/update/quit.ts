/** Leaving: at once where nothing runs, else after a question, because what runs ends with the program. */
import { runningOf } from '../select/running.ts'
import type { State } from '../state.ts'
import type { Step } from './step.ts'

export function quitAsked(state: State): Step {
  return runningOf(state).length === 0 ? quitting(state) : [{ ...state, mode: { type: 'quit' } }]
}

export function quitting(state: State): Step {
  return [
    { ...state, mode: { type: 'browse' } },
    { type: 'quit', exitCode: 0 },
  ]
}
