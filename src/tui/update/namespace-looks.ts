/** Keeps what growth is counted from: the first reading of each namespace that was looked at. */
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import { clockTime } from '../select/clock.ts'
import { detailsIn, looked } from '../select/looked.ts'
import { netnsOf } from '../select/shown.ts'
import type { State } from '../state.ts'
import { saying } from './step.ts'

/** Each holds a whole namespace. */
const most = 16

/** After a message while `id` is the selected namespace. */
export function lookedAt(state: State, id: NetnsId | null): State {
  const { firsts, host } = state.namespaces
  const { world } = state.feed
  const netns = id === null ? null : netnsOf(world, id)
  if (netns === null) return state
  const details = detailsIn(state.feed, netns)
  if (details === null || isUnknown(details)) return state
  const hosts = netns.id === world?.host ? details : host
  if (firsts.has(netns.id)) return hosts === host ? state : { ...state, namespaces: { firsts, host: hosts } }
  const added = new Map(
    [...firsts, [netns.id, { at: state.now, netns: looked(state.feed, netns) }] as const].slice(-most),
  )
  return { ...state, namespaces: { firsts: added, host: hosts } }
}

/** `0`: growth counts from now. */
export function growthBegun(state: State): State {
  const { firsts, host } = state.namespaces
  const id = selected(state)
  const kept = new Map([...firsts].filter(([each]) => each !== id))
  const begun = lookedAt({ ...state, namespaces: { firsts: kept, host } }, id)
  return saying(begun, 'note', `growth counts from now, ${clockTime(state.now)}`)
}

export function canBeginGrowth(state: State): true | string {
  if (state.options.mode === 'replay') return 'nothing grows in a recording'
  const id = selected(state)
  if (id === null || !state.namespaces.firsts.has(id))
    return 'the counters of this namespace were not read yet'
  return state.frozen === null ? true : 'the picture is frozen'
}

function selected({ tables, feed }: State): NetnsId | null {
  const key = tables.namespaces.selected
  return feed.world?.netns.find(({ id }) => id === key)?.id ?? null
}
