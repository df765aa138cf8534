/** The part of the World that a probe needs to tell afterwards which counters grew: the namespaces on its way. */
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Watch } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'

/** Where it starts, where it goes (as far as that is known), and the host between them. */
export function watchOf(world: World, ids: readonly (NetnsId | null)[]): Watch {
  const wanted = new Set([...ids, world.host].filter((id): id is NetnsId => id !== null))
  const netns = world.netns.filter(({ id }) => wanted.has(id)).map(brief)
  const { processes } = world
  return {
    netns: netns.map(({ id }) => id),
    world: {
      ...world,
      netns,
      processes: isUnknown(processes)
        ? processes
        : processes.filter(({ netns: its }) => !isUnknown(its) && wanted.has(its)),
      dns: [],
      changes: [],
      gaps: [],
      readers: [],
    },
  }
}

/** Without the tables that nothing counts in: of routes there may be a hundred thousand, and this crosses to another process. */
function brief(netns: Netns): Netns {
  return {
    ...netns,
    routes: [],
    policyRules: [],
    nexthopObjects: [],
    fdb: [],
    mdb: [],
    nsids: [],
    details: null,
    firewall: null,
    conntrack: null,
  }
}
