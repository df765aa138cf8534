import { displayNames } from '../../derive/netns-name.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'

/** What a namespace is called in a plan's sentences. */
export function placeName(world: World, netns: Netns): string {
  return sanitise(displayNames(world.netns).get(netns.id) ?? netns.id)
}
