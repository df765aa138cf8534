/** The lines that are typed into: `/` filters while it is typed, `f` finds. */
import { screenOf } from '../screens/screen-of.ts'
import { resultsOf, type Result } from '../select/found.ts'
import { shellBox } from '../select/shells.ts'
import type { Input, Mode, Selection, State } from '../state.ts'
import { changeTyped } from './change-form.ts'
import { commandTyped } from './command-line.ts'
import { atFinding } from './findings.ts'
import { emptyInput, inputOf } from './input.ts'
import { jumped } from './jump.ts'
import { openedAtPort } from './ports-open.ts'
import { routeClosed, routeFollowed } from './route.ts'
import { outputClosed } from './run.ts'
import { openedAtRule } from './rules.ts'
import { shellHidden } from './shells.ts'
import { snapshotCancelled } from './snapshot.ts'
import { saying, type Step } from './step.ts'
import { themeLeft } from './themes.ts'

const browse: Mode = { type: 'browse' }

/** What it changes is kept, for Esc. */
export function filterOpened(state: State): State {
  const { topology, rules, tables } = state
  const input = inputOf(screenOf(state).filter.text(state))
  return { ...state, mode: { type: 'filter', input, before: { topology, rules, tables } } }
}

export function findOpened(state: State, text = ''): State {
  return { ...state, mode: { type: 'find', input: text === '' ? emptyInput : inputOf(text), cursor: 0 } }
}

/** What was typed holds at once; a find begins again at its first result. */
export function typed(state: State, input: Input): State {
  const { mode } = state
  if (mode.type === 'filter')
    return screenOf(state).filter.typed({ ...state, mode: { ...mode, input } }, input.text)
  if (mode.type === 'command') return commandTyped(state, input)
  if (mode.type === 'help-search') return { ...state, mode: { ...mode, input } }
  if (mode.type === 'probe-form') return { ...state, mode: { ...mode, input, cursor: 0 } }
  if (mode.type === 'change-form') return changeTyped(state, mode, input)
  if (mode.type === 'route') return { ...state, mode: { ...mode, input, scroll: 0, recalled: 0 } }
  return mode.type === 'find' ? { ...state, mode: { ...mode, input, cursor: 0 } } : state
}

export function accepted(state: State): State {
  const { mode } = state
  if (mode.type === 'filter') return { ...state, mode: browse }
  if (mode.type === 'gaps') return atFinding({ ...state, mode: browse }, mode.cursor)
  if (mode.type === 'route') return routeFollowed(state, mode)
  if (mode.type !== 'find') return state
  const text = mode.input.text.trim()
  const results = resultsOf(state)
  const place = results[mode.cursor]?.place ?? null
  if (text === '') return { ...state, mode: browse }
  if (results.length === 0) return saying(state, 'refused', `nothing here is, or holds, ${text}`)
  const found = results[mode.cursor]?.found
  const rule = found?.ref.rule
  if (rule !== undefined)
    return openedAtRule({ ...state, mode: browse, search: { text, places: placesOf(results) } }, rule)
  const port = found === undefined ? null : openedAtPort({ ...state, mode: browse }, found)
  if (port !== null) return port
  if (place === null)
    return saying(state, 'refused', `${results[mode.cursor]?.found.ref.name ?? text} has no row in the tree`)
  return jumped({ ...state, mode: browse, search: { text, places: placesOf(results) } }, place)
}

/** Each once, in their order. */
function placesOf(results: readonly Result[]): readonly Selection[] {
  const places = results.flatMap((result) => (result.place === null ? [] : [result.place]))
  return places.filter(
    (place, at) => places.findIndex((other) => other.row === place.row && other.end === place.end) === at,
  )
}

/** The topmost thing only: a popup, a prompt, or what the screen itself has open. */
export function closed(state: State): Step {
  const { mode } = state
  switch (mode.type) {
    case 'help':
    case 'gaps':
    case 'find':
    case 'menu':
    case 'command':
    case 'columns':
    case 'copy':
    case 'compare':
    case 'quit':
    case 'probe-form':
    case 'change-menu':
    case 'change-form':
    case 'change-run':
      return [{ ...state, mode: browse }]
    case 'help-search':
      return [{ ...state, mode: { type: 'help', scroll: 0 } }]
    case 'themes':
      return themeLeft(state)
    case 'output':
      return outputClosed(state)
    case 'route':
      return [routeClosed(state, mode)]
    case 'filter':
      return [{ ...state, ...mode.before, mode: browse }]
    case 'shell':
    case 'shell-left':
      return [shellHidden(state)]
    case 'browse':
      if (shellBox(state, state.size) !== null) return [shellHidden(state)]
      if (screenOf(state).close.can(state) !== true && state.saving !== null) return snapshotCancelled(state)
      return [screenOf(state).close.run(state)]
    default:
      return mode satisfies never
  }
}

/** true, or that nothing is open. Esc never quits. */
export function canClose(state: State): true | string {
  if (shellBox(state, state.size) !== null) return true
  // A snapshot on its way is stopped where nothing else is open.
  return state.mode.type === 'browse' && state.saving === null ? screenOf(state).close.can(state) : true
}
