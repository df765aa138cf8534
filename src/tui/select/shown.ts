/** What the frame is drawn from: the live feed, or the one that was frozen. */
import type { NetnsId } from '../../model/ids.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { displayNames } from '../../derive/netns-name.ts'
import type { Feed } from '../feed.ts'
import type { State } from '../state.ts'

export function shown(state: State): Feed {
  return state.frozen?.feed ?? state.feed
}

const byId = new WeakMap<readonly Netns[], ReadonlyMap<NetnsId, Netns>>()

export function netnsOf(world: World | null, id: NetnsId): Netns | null {
  if (world === null) return null
  let map = byId.get(world.netns)
  if (map === undefined) {
    map = new Map(world.netns.map((netns) => [netns.id, netns]))
    byId.set(world.netns, map)
  }
  return map.get(id) ?? null
}

/** As it is called on every screen. Outside text. */
export function nameOf(world: World | null, id: NetnsId): string {
  return (world === null ? undefined : displayNames(world.netns).get(id)) ?? id
}
