/** The lines that are typed into: `/` filters while it is typed, `f` finds. */
import { findingsOf } from '../select/findings.ts'
import { resultsOf } from '../select/found.ts'
import type { Input, Mode, State } from '../state.ts'
import { atFinding } from './findings.ts'
import { emptyInput, inputOf } from './input.ts'
import { jumped } from './jump.ts'
import { rulesFilterTyped } from './rules.ts'
import { saying } from './step.ts'

const browse: Mode = { type: 'browse' }

export function filterOpened(state: State): State {
  const before = state.topology.filter
  const topology = { ...state.topology, focus: 'tree' as const }
  return {
    ...state,
    topology,
    mode: { type: 'filter', input: inputOf(before), before, origin: topology.selection },
  }
}

export function findOpened(state: State, text = ''): State {
  return { ...state, mode: { type: 'find', input: text === '' ? emptyInput : inputOf(text), cursor: 0 } }
}

/** What was typed holds at once; a find begins again at its first result. */
export function typed(state: State, input: Input): State {
  const { mode } = state
  if (mode.type === 'filter') {
    const topology = { ...state.topology, filter: input.text, selection: mode.origin }
    return { ...state, mode: { ...mode, input }, topology }
  }
  if (mode.type === 'rules-filter')
    return rulesFilterTyped({ ...state, mode: { ...mode, input } }, input.text)
  return mode.type === 'find' ? { ...state, mode: { ...mode, input, cursor: 0 } } : state
}

export function accepted(state: State): State {
  const { mode } = state
  if (mode.type === 'filter' || mode.type === 'rules-filter') return { ...state, mode: browse }
  if (mode.type === 'gaps') return atFinding({ ...state, mode: browse }, mode.cursor)
  if (mode.type !== 'find') return state
  const text = mode.input.text.trim()
  const results = resultsOf(state)
  const place = results[mode.cursor]?.place ?? null
  if (text === '') return { ...state, mode: browse }
  if (results.length === 0) return saying(state, 'refused', `nothing here is, or holds, ${text}`)
  if (place === null)
    return saying(state, 'refused', `${results[mode.cursor]?.found.ref.name ?? text} has no row in the tree`)
  const places = results.flatMap((result) => (result.place === null ? [] : [result.place]))
  const distinct = places.filter(
    (place, at) => places.findIndex((other) => other.row === place.row && other.end === place.end) === at,
  )
  return jumped({ ...state, mode: browse, search: { text, places: distinct } }, place)
}

/** The topmost thing only: a popup, a prompt, the focus of a pane, the filter. */
export function closed(state: State): State {
  const { mode, topology } = state
  switch (mode.type) {
    case 'help':
    case 'gaps':
    case 'find':
      return { ...state, mode: browse }
    case 'filter':
      return {
        ...state,
        mode: browse,
        topology: { ...topology, filter: mode.before, selection: mode.origin ?? topology.selection },
      }
    case 'rules-filter':
      return { ...state, mode: browse, rules: { ...state.rules, ...mode.before } }
    case 'browse':
      if (state.screen === 'rules') return rulesFilterTyped(state, '')
      if (topology.focus !== 'tree') return { ...state, topology: { ...topology, focus: 'tree' } }
      if (topology.filter !== '') return { ...state, topology: { ...topology, filter: '' } }
      return saying({ ...state, search: null }, 'note', 'n and N go through the findings again')
    default:
      return mode satisfies never
  }
}

/** true, or that nothing is open. Esc never quits. */
export function canClose(state: State): true | string {
  const open = state.mode.type !== 'browse' || hasOpen(state)
  return open ? true : 'nothing is open; q quits'
}

/** What Esc takes away on a screen without popups. */
function hasOpen(state: State): boolean {
  if (state.screen === 'rules') return state.rules.filter.text !== undefined
  const { focus, filter } = state.topology
  const isSearching = state.search !== null && findingsOf(state).findings.length > 0
  return focus !== 'tree' || filter !== '' || isSearching
}
