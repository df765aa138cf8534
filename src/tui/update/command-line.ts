/** `:`: the line that is typed, its completions, and those that were typed before. */
import { completed, completionsOf } from '../select/completions.ts'
import type { Input, Mode, State } from '../state.ts'
import { emptyInput, inputOf } from './input.ts'

type Command = Extract<Mode, { readonly type: 'command' }>

export function commandOpened(state: State): State {
  return withInput(state, emptyInput)
}

export function commandTyped(state: State, input: Input): State {
  return withInput(state, input)
}

function withInput(state: State, input: Input, recalled: number | null = null): State {
  return { ...state, mode: { type: 'command', input, typed: input, cursor: null, recalled } }
}

/** The next completion, after the last one what was typed. */
export function completionTurned(state: State, step: 1 | -1): State {
  const { mode } = state
  if (mode.type !== 'command') return state
  const all = completionsOf(state)
  if (all.length === 0) return state
  const places = all.length + 1
  const at = ((mode.cursor ?? all.length) + step + places) % places
  const taken = all[at]
  const input = taken === undefined ? mode.typed : completed(mode.typed, taken.text)
  const next: Command = { ...mode, input, cursor: taken === undefined ? null : at }
  // The only one is taken for good: what follows is completed next.
  return all.length === 1 && taken !== undefined ? withInput(state, input) : { ...state, mode: next }
}

/** Up: the line before; down: the one after, at last what was typed. */
export function recalled(state: State, motion: 'up' | 'down'): State {
  const { mode, commandLines } = state
  if (mode.type !== 'command') return state
  const back = Math.max(0, Math.min(commandLines.length, (mode.recalled ?? 0) + (motion === 'up' ? 1 : -1)))
  if (back === 0) return withInput(state, emptyInput)
  const line = commandLines.at(-back)
  return line === undefined ? state : withInput(state, inputOf(line), back)
}

const longest = 200

/** The line goes into the history, each once in a row. */
export function remembered(state: State, line: string): State {
  if (state.commandLines.at(-1) === line) return state
  return { ...state, commandLines: [...state.commandLines, line].slice(-longest) }
}
