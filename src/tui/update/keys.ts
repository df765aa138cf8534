/** A key becomes an action by the keymap; in a prompt, what is no action is text. */
import { actionOf } from '../actions.ts'
import { actionFor, contextOf, keyName } from '../keymap.ts'
import type { Key } from '../msg.ts'
import type { Input, State } from '../state.ts'
import { edited, inserted } from './input.ts'
import { findOpened, typed } from './prompt.ts'
import { saying, type Step } from './step.ts'

export function pressed(state: State, key: Key): Step {
  const silent: State = state.message === null ? state : { ...state, message: null }
  const name = actionFor(contextOf(state), key)
  if (name !== null) {
    const action = actionOf(name)
    const enabled = action.enabled(silent)
    // Esc on nothing but a message has taken that away.
    if (name === 'close' && enabled !== true && state.message !== null) return [silent]
    return enabled === true ? action.run(silent) : [saying(silent, 'refused', `${keyName(key)}: ${enabled}`)]
  }
  const input = inputIn(silent)
  if (input !== null) {
    const next = edited(input, key)
    return [next === null ? silent : typed(silent, next)]
  }
  return [saying(silent, 'refused', `${keyName(key)} does nothing here; ? shows the keys`)]
}

/** What is pasted while nothing is typed into is looked for. */
export function pasted(state: State, text: string): Step {
  const input = inputIn(state)
  if (input !== null) return [typed(state, inserted(input, text.replace(/[\r\n]+$/, '')))]
  if (state.mode.type !== 'browse' || text.trim() === '') return [state]
  return [findOpened({ ...state, message: null }, inserted({ text: '', cursor: 0 }, text.trim()).text)]
}

function inputIn(state: State): Input | null {
  const { mode } = state
  return mode.type === 'filter' || mode.type === 'find' ? mode.input : null
}
