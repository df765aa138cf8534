/** Going somewhere else than one row up or down: what it leaves can be gone back to. */
import { ancestorsOf } from '../select/subject.ts'
import { netnsOf, shown } from '../select/shown.ts'
import { treeOf } from '../select/tree.ts'
import { noRules, placeIn } from '../rules-state.ts'
import type { Place, Selection, State } from '../state.ts'
import { withSelection } from './selection.ts'
import { saying } from './step.ts'

/** More steps back than anybody remembers. */
const longest = 100

/** To a row, unfolding what hides it and dropping a filter that does. */
export function jumped(state: State, to: Selection): State {
  return revealed({ ...leaving(state), screen: 'topology' }, to)
}

/** So that one can come back to where one is. */
export function leaving(state: State): State {
  const here = placeOf(state)
  const back = here === null ? state.history.back : [...state.history.back, here].slice(-longest)
  return { ...state, history: { back, forward: [] } }
}

function revealed(state: State, to: Selection): State {
  const { world } = shown(state)
  const above = world === null ? [] : ancestorsOf(world, to)
  const folds = above.some((row) => state.topology.folds.has(row))
    ? new Set([...state.topology.folds].filter((row) => !above.includes(row)))
    : state.topology.folds
  const unfolded: State = { ...state, topology: { ...state.topology, folds, focus: 'tree' } }
  const hidden = state.topology.filter !== '' && !treeOf(unfolded).at.has(to.row)
  const bare = hidden
    ? saying(
        { ...unfolded, topology: { ...unfolded.topology, filter: '' } },
        'note',
        'the filter hid it and was taken off',
      )
    : unfolded
  return withSelection(bare, to)
}

function placeOf(state: State): Place | null {
  if (state.screen === 'rules') return { screen: 'rules', place: placeIn(state.rules) }
  const { selection } = state.topology
  return selection === null ? null : { screen: 'topology', selection }
}

/** Places that are no more are passed over. */
export function wentBack(state: State): State {
  return travelled(state, 'back', 'forward')
}

export function wentForward(state: State): State {
  return travelled(state, 'forward', 'back')
}

function travelled(state: State, from: 'back' | 'forward', onto: 'back' | 'forward'): State {
  const here = placeOf(state)
  const list = state.history[from]
  const at = list.findLastIndex((place) => isThere(state, place))
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
  const there: State = { ...state, screen: place.screen, history }
  if (place.screen === 'topology') return revealed(there, place.selection)
  const { place: rules } = place
  // Growth is counted on, where it is that of the same namespace.
  const counted = state.rules.netns === rules.netns ? state.rules : { ...noRules, marksSince: state.now }
  return { ...there, rules: { ...counted, ...placeIn(rules) } }
}

function isThere(state: State, place: Place): boolean {
  if (place.screen === 'rules')
    return place.place.netns !== null && netnsOf(shown(state).world, place.place.netns) !== null
  const everything: State = {
    ...state,
    mode: { type: 'browse' },
    topology: { ...state.topology, folds: new Set(), filter: '', ghost: null },
  }
  return treeOf(everything).at.has(place.selection.row)
}
