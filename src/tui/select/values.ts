import type { About } from '../screens/about.ts'
import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'

/** What of the selected thing can be copied, best first. */
export function valuesOf(state: State): About['values'] {
  return screenOf(state).about(state)?.values ?? []
}
