/** Back to where one was, and forward again. Places that are no more are passed over. */
import { screenCalled } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { longest, placeOf } from './jump.ts'
import { saying } from './step.ts'

export function wentBack(state: State): State {
  return travelled(state, 'back', 'forward')
}

export function wentForward(state: State): State {
  return travelled(state, 'forward', 'back')
}

function travelled(state: State, from: 'back' | 'forward', onto: 'back' | 'forward'): State {
  const here = placeOf(state)
  const list = state.history[from]
  const at = list.findLastIndex((place) => screenCalled(place.screen).isThere(state, place))
  const place = list[at]
  if (place === undefined)
    return saying(
      { ...state, history: { ...state.history, [from]: [] } },
      'refused',
      'what was there is gone',
    )
  const history = {
    ...state.history,
    [from]: list.slice(0, at),
    [onto]: here === null ? state.history[onto] : [...state.history[onto], here].slice(-longest),
  }
  return screenCalled(place.screen).went({ ...state, screen: place.screen, history }, place)
}
