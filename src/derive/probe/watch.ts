/** The part of the World that a probe needs to tell afterwards which counters grew: the namespaces on its way. */
import type { NetnsId } from '../../model/ids.ts'
import type { Watch } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'

/** Where it starts, where it goes (as far as that is known), and the host between them. */
export function watchOf(world: World, ids: readonly (NetnsId | null)[]): Watch {
  const wanted = new Set([...ids, world.host].filter((id): id is NetnsId => id !== null))
  const netns = world.netns
    .filter(({ id }) => wanted.has(id))
    .map((each) => ({ ...each, details: null, firewall: null, conntrack: null }))
  return {
    netns: netns.map(({ id }) => id),
    world: { ...world, netns, dns: [], changes: [], gaps: [], readers: [] },
  }
}
