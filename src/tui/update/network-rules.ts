/** From a network to the rules that name its bridge: MASQUERADE, DNAT, isolation and drops all do. */
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import { networkSelected } from '../select/network-selected.ts'
import { overlayOf } from '../select/overlay-selected.ts'
import { netnsOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import type { NetworkRow } from '../tables/network-row.ts'
import { openedOn } from './rules.ts'

type Place = { readonly netns: NetnsId; readonly text?: string }

export function canOpenNetworkRules(state: State): true | string {
  const place = placeOf(state)
  if ('why' in place) return place.why
  const readable = netnsOf(shown(state).world, place.netns)?.readable
  return readable === undefined || readable === true ? true : `its rules: ${readable.unknown}`
}

export function networkRulesOpened(state: State): State {
  const place = placeOf(state)
  if ('why' in place) return state
  const opened = openedOn(state, place.netns)
  const filter = place.text === undefined ? {} : { text: place.text }
  return { ...opened, rules: { ...opened.rules, filter, at: 0, top: 0, key: null } }
}

function placeOf(state: State): Place | { readonly why: string } {
  const row = networkSelected(state)
  if (row === null) return { why: 'no network is selected' }
  if (row.network.driver === 'overlay') return sandboxOf(state, row)
  if (row.network.bridge === null || row.netns === null)
    return { why: `${row.network.name} has no bridge on this host that rules could name` }
  return { netns: row.netns, text: row.network.bridge }
}

/** All of what its hidden namespace has is its own. */
function sandboxOf(state: State, row: NetworkRow): Place | { readonly why: string } {
  const found = overlayOf(shown(state).world, row)
  const { name } = row.network
  if (found === null || isUnknown(found.sandbox))
    return { why: `where ${name} is on this host could not be told` }
  return found.sandbox === null
    ? { why: `nothing of this host is on ${name}, so it has no rules here` }
    : { netns: found.sandbox }
}
