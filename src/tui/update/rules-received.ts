import type { FromWorker } from '../../collect/protocol.ts'
import type { State } from '../state.ts'
import { turnedInto } from './rules-turn.ts'

/** A window; one of rows that were asked for before (another table, other folds) is dropped. */
export function rulesReceived(
  state: State,
  { generation, value }: Extract<FromWorker, { type: 'rules' }>,
): State {
  if (generation < state.asked.rules.since) return state
  if (state.rules.turning !== null) return turnedInto(state, value)
  if (value.netns !== state.rules.netns) return state
  return { ...state, feed: { ...state.feed, rules: value, rulesFor: state.asked.rules.what } }
}
