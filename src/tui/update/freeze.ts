import type { State } from '../state.ts'

/** The picture stands still; what happens meanwhile is collected underneath and shown when it is live again. */
export function frozen(state: State): State {
  return {
    ...state,
    frozen: state.frozen === null ? { feed: state.feed, runs: state.probes.runs, at: state.now } : null,
  }
}

export function canFreeze(state: State): true | string {
  if (state.options.mode === 'replay') return 'a replay stands still by itself'
  return state.feed.world === null ? 'nothing has been read yet' : true
}
