import { engineGaps } from '../derive/engine-gaps.ts'
import { displayName } from '../derive/netns-name.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { Gap, World } from '../model/world.ts'

const memo = new WeakMap<World, readonly Gap[]>()

/**
 * All that is missing from a World: what the collector noted, and what a namespace says of itself where nothing was
 * noted (a file made by another program). One entry a namespace: when it cannot be read, none of its tables can.
 */
export function gapsOf(world: World): readonly Gap[] {
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  const noted = new Set(world.gaps.map((gap) => gap.subject))
  const own = world.netns.flatMap((netns) => {
    if (noted.has(netns.id) || netns.names.some((each) => noted.has(each.name))) return []
    const gap = gapOf(netns)
    return gap === null ? [] : [gap]
  })
  const gaps = [...world.gaps, ...own, ...engineGaps(world)]
  memo.set(world, gaps)
  return gaps
}

function gapOf(netns: Netns): Gap | null {
  const subject = displayName(netns)
  if (netns.readable !== true) return { what: 'netns', subject, reason: netns.readable.unknown, hint: null }
  const { links, addresses, routes, policyRules, neighbours, fdb, nsids } = netns
  for (const [what, table] of Object.entries({
    links,
    addresses,
    routes,
    policyRules,
    neighbours,
    fdb,
    nsids,
  })) {
    if (isUnknown(table)) return { what, subject, reason: table.unknown, hint: null }
  }
  return null
}
