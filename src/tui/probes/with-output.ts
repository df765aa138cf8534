import type { State } from '../state.ts'
import type { ProbesState } from './probes-state.ts'

export function withOutput(state: State, change: Partial<ProbesState['output']>): State {
  const { probes } = state
  const { isFull, at } = { ...probes.output, ...change }
  if (isFull === probes.output.isFull && at === probes.output.at) return state
  return { ...state, probes: { ...probes, output: { isFull, at } } }
}
