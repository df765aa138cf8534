/** Up and down: in what is open, else on the screen. */
import { screenOf } from '../screens/screen-of.ts'
import { resultsOf } from '../select/found.ts'
import type { State } from '../state.ts'
import { changeScrolled } from './change-form.ts'
import { movedInGaps } from './gaps-move.ts'
import { target, type Motion } from './motion.ts'
import { movedInForm } from './probe-form.ts'
import { movedInRoute } from './route.ts'

export function moved(state: State, motion: Motion): State {
  const { mode } = state
  switch (mode.type) {
    case 'gaps':
      return { ...state, mode: movedInGaps(state, mode, motion) }
    case 'help':
    case 'compare':
    case 'output':
      return {
        ...state,
        mode: { ...mode, scroll: target(mode.scroll, endless, state.size.rows - 8, motion) },
      }
    case 'change-form':
    case 'change-run':
      return changeScrolled(state, motion)
    case 'columns':
    case 'change-menu':
    case 'copy':
    case 'menu':
      return { ...state, mode: { ...mode, cursor: target(mode.cursor, endless, 10, motion) } }
    case 'find': {
      const last = resultsOf(state).length - 1
      return { ...state, mode: { ...mode, cursor: target(mode.cursor, last, 10, motion) } }
    }
    case 'probe-form':
      return movedInForm(state, mode, motion)
    case 'route':
      return movedInRoute(state, mode, motion)
    default:
      return screenOf(state).moved(state, motion)
  }
}

/** How much there is to scroll through is known where lines are made: clamp.ts stops it there. */
const endless = Number.MAX_SAFE_INTEGER
