import { displayName } from '../derive/netns-name.ts'
import { isUnknown, listOf } from '../model/known.ts'
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

/** Nothing is missing from a file that is older than engines' being asked. */
function engineGaps(world: World): readonly Gap[] {
  return listOf(world.engines).flatMap((engine) => {
    const missing = (['containers', 'networks'] as const).find((what) => isUnknown(engine[what]))
    const value = missing === undefined ? null : engine[missing]
    const subject = `${engine.engine} at ${engine.endpoint}`
    return missing === undefined || !isUnknown(value)
      ? []
      : [{ what: missing, subject, reason: value.unknown, hint: hintFor(value.unknown) }]
  })
}

function hintFor(reason: string): string | null {
  return reason === 'permission denied'
    ? 'run as root, or as a member of the group that owns the socket'
    : null
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
