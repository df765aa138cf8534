/** Whose counters are looked at when a probe fails: where it starts, where it goes, and whoever routes between them. */
import type { NetnsId } from '../../model/ids.ts'
import type { Netns } from '../../model/netns.ts'
import type { Sought, Watch } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { addressOwners } from '../address-owners.ts'
import { predictRoute } from '../route.ts'
import { watchOf } from './watch.ts'

/** Each costs a look at its rules and counters, before and after. */
const mostRouters = 8

/** The host is always among them. */
export function watchBetween(world: World, from: Netns, targets: readonly Sought[]): Watch {
  const { ownerOf } = addressOwners(world)
  const addresses = targets.flatMap((target) => ('address' in target ? [target.address] : []))
  return watchOf(world, [
    from.id,
    ...addresses.map(ownerOf),
    ...addresses.flatMap((address) => routersTo(world, from, address)),
  ])
}

/** Namespaces that the gateways of the routes belong to, one after the other. */
function routersTo(world: World, from: Netns, dst: string): readonly NetnsId[] {
  const { ownerOf } = addressOwners(world)
  const found = new Set<NetnsId>()
  const waiting: Netns[] = [from]
  for (let at = waiting.shift(); at !== undefined && found.size < mostRouters; at = waiting.shift()) {
    for (const { gateway } of predictRoute(at, { dst }).ways) {
      const id = gateway === null ? null : ownerOf(gateway)
      const next = world.netns.find((netns) => netns.id === id)
      if (next === undefined || next.id === from.id || found.has(next.id)) continue
      found.add(next.id)
      waiting.push(next)
    }
  }
  return [...found]
}
