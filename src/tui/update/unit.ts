import { chartLinks } from '../select/chart-links.ts'
import type { State } from '../state.ts'

export function unitTurned(state: State): State {
  const unit = state.topology.unit === 'bits' ? 'packets' : 'bits'
  return { ...state, topology: { ...state.topology, unit } }
}

export function canTurnUnit(state: State): true | string {
  if (state.options.mode === 'replay') return 'a recording is one moment: it has no rates'
  return chartLinks(state) === null ? 'select a link or a namespace to see its traffic' : true
}
