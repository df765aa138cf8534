/** Up and down, of rows, details and what is open. A part of the table in actions.ts. */
import { screenOf } from './screens/screen-of.ts'
import type { State } from './state.ts'
import type { Motion } from './update/motion.ts'
import { moved } from './update/move.ts'
import type { Step } from './update/step.ts'

function motion(title: string, way: Motion) {
  return {
    title,
    group: 'moving',
    footer: null,
    enabled: (state: State): true | string =>
      state.mode.type === 'browse' ? (screenOf(state).canMove?.(state, way) ?? true) : true,
    run: (state: State): Step => [moved(state, way)],
  } as const
}

export const motionActions = {
  up: motion('one up', 'up'),
  down: motion('one down', 'down'),
  'page-up': motion('a page up', 'page-up'),
  'page-down': motion('a page down', 'page-down'),
  first: motion('to the first', 'first'),
  last: motion('to the last', 'last'),
} as const
