/** Going somewhere else than one row up or down: what it leaves can be gone back to. */
import { screenCalled, screenOf } from '../screens/screen-of.ts'
import type { Place, Selection, State } from '../state.ts'
import { revealed } from './revealed.ts'
import { saying } from './step.ts'

/** More steps back than anybody remembers. */
const longest = 100

/** To a row of the tree. */
export function jumped(state: State, to: Selection): State {
  return revealed({ ...leaving(state), screen: 'topology' }, to)
}

/** So that one can come back to where one is. */
export function leaving(state: State): State {
  const here = screenOf(state).place(state)
  const back = here === null ? state.history.back : [...state.history.back, here].slice(-longest)
  return { ...state, history: { back, forward: [] } }
}

/** To another screen as it was left, or is opened by `to`. */
export function turnedTo(state: State, screen: State['screen']): State {
  return state.screen === screen ? state : { ...leaving(state), screen }
}

/** To a place on any screen. */
export function wentTo(state: State, place: Place): State {
  return screenCalled(place.screen).went({ ...leaving(state), screen: place.screen }, place)
}

/** Places that are no more are passed over. */
export function wentBack(state: State): State {
  return travelled(state, 'back', 'forward')
}

export function wentForward(state: State): State {
  return travelled(state, 'forward', 'back')
}

function travelled(state: State, from: 'back' | 'forward', onto: 'back' | 'forward'): State {
  const here = screenOf(state).place(state)
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
