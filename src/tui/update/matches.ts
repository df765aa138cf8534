/** `n` and `N`: the rows that fit the filter, or else what the last find found. */
import { treeOf } from '../select/tree.ts'
import type { Selection, State } from '../state.ts'
import { hasFindings, wentToFinding } from './findings.ts'
import { jumped } from './jump.ts'
import { saying } from './step.ts'

export function wentToMatch(state: State, step: 1 | -1): State {
  const places = matches(state)
  if (!isSearching(state)) return wentToFinding(state, step)
  const here = state.topology.selection
  const exact = places.findIndex((place) => place.row === here?.row && place.end === here.end)
  const next = exact === -1 ? beside(state, places, step) : (exact + step + places.length) % places.length
  const place = places[next]
  if (place === undefined) return state
  const text = `${next + 1} of ${places.length}${places.length === 1 ? ', the only one' : ''}`
  return saying(jumped(state, place), 'note', text)
}

export function hasMatches(state: State): true | string {
  if (matches(state).length > 0) return true
  if (!isSearching(state)) return hasFindings(state)
  return state.search === null ? 'no row fits the filter' : 'nothing was found'
}

/** Else `n` goes through the findings. */
function isSearching(state: State): boolean {
  return state.topology.filter !== '' || state.search !== null
}

function matches(state: State): readonly Selection[] {
  const { hits, lines } = treeOf(state)
  if (hits === null) return state.search?.places ?? []
  return lines.filter((line) => hits.has(line.id)).map((line) => ({ row: line.id, end: 'near' }))
}

/** From a row that is none of them: the first one after or before it. */
function beside(state: State, places: readonly Selection[], step: 1 | -1): number {
  const { at } = treeOf(state)
  const here = at.get(state.topology.selection?.row ?? '') ?? 0
  const after = places.findIndex((place) => (at.get(place.row) ?? -1) > here)
  if (step === 1) return after === -1 ? 0 : after
  const before = places.findLastIndex((place) => (at.get(place.row) ?? Infinity) < here)
  return before === -1 ? places.length - 1 : before
}
