/** Of which namespaces the rows may be others than before: those that changed, and those that they are connected to. */
import type { NetnsId } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import { claimsOf } from './claims.ts'
import type { Plan } from './sections.ts'

type Host = Pick<Plan, 'byId' | 'names'>

/** null: any of them. A namespace that is in one world only is stale too. */
export function staleBetween(was: Plan, is: Plan): ReadonlySet<NetnsId> | null {
  // What cannot be told by its nsid is looked for everywhere.
  if (hasLost(was) || hasLost(is)) return null
  const changed = changedBetween(was, is)
  const stale = new Set(changed)
  for (const id of changed) {
    for (const netns of [was.byId.get(id), is.byId.get(id)]) {
      if (netns !== undefined) for (const target of claimsOf(netns).targets) stale.add(target)
    }
  }
  for (const netns of is.byId.values()) {
    for (const target of claimsOf(netns).targets) if (changed.has(target)) stale.add(netns.id)
  }
  return stale
}

/** Those of which a row shows something else; routes, neighbours and details are on no row. */
export function changedBetween(was: Host, is: Host): ReadonlySet<NetnsId> {
  const changed = new Set<NetnsId>()
  for (const [id, netns] of is.byId) {
    const before = was.byId.get(id)
    if (before === undefined || !sameOnRows(before, netns) || was.names.get(id) !== is.names.get(id))
      changed.add(id)
  }
  for (const id of was.byId.keys()) if (!is.byId.has(id)) changed.add(id)
  return changed
}

function sameOnRows(a: Netns, b: Netns): boolean {
  return (
    a === b ||
    (a.links === b.links &&
      a.addresses === b.addresses &&
      a.nsids === b.nsids &&
      a.names === b.names &&
      a.readable === b.readable &&
      a.holders.processes.length === b.holders.processes.length)
  )
}

function hasLost({ byId }: Plan): boolean {
  for (const netns of byId.values()) {
    for (const target of claimsOf(netns).hidden) if (!byId.has(target)) return true
  }
  return false
}
