import type { Effect } from '../msg.ts'
import type { Message, State } from '../state.ts'

/** What handling something comes to. */
export type Step = readonly [State, ...Effect[]]

export function saying(state: State, kind: Message['kind'], text: string): State {
  return { ...state, message: { kind, text } }
}
