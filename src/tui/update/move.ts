/** Up and down: in what is open, else on the screen. */
import { screenOf } from '../screens/screen-of.ts'
import { resultsOf } from '../select/found.ts'
import type { State } from '../state.ts'
import { movedInGaps } from './gaps-move.ts'
import { target, type Motion } from './motion.ts'
import { movedInRoute } from './route.ts'

export function moved(state: State, motion: Motion): State {
  const { mode } = state
  if (mode.type === 'gaps') return { ...state, mode: movedInGaps(state, mode, motion) }
  if (mode.type === 'help') {
    return { ...state, mode: { ...mode, scroll: target(mode.scroll, endless, state.size.rows - 8, motion) } }
  }
  if (mode.type === 'output') {
    return { ...state, mode: { ...mode, scroll: target(mode.scroll, endless, state.size.rows - 8, motion) } }
  }
  if (mode.type === 'columns' || mode.type === 'copy')
    return { ...state, mode: { ...mode, cursor: target(mode.cursor, endless, 10, motion) } }
  // Where its items end is known where they are made: clamp.ts stops it there.
  if (mode.type === 'menu')
    return { ...state, mode: { ...mode, cursor: target(mode.cursor, endless, 10, motion) } }
  if (mode.type === 'find') {
    const last = resultsOf(state).length - 1
    return { ...state, mode: { ...mode, cursor: target(mode.cursor, last, 10, motion) } }
  }
  if (mode.type === 'route') return movedInRoute(state, mode, motion)
  return screenOf(state).moved(state, motion)
}

/** How much there is to scroll through is known where lines are made: clamp.ts stops it there. */
const endless = Number.MAX_SAFE_INTEGER
