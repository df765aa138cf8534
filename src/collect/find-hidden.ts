/** From numbers that no known namespace answers to, to the hidden namespaces behind them. */
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { unexplained } from './assemble.ts'
import { mergeHidden, type HiddenSighting } from './kernel/hidden.ts'
import type { FoundNetns, Observation } from './reader.ts'

export type Seer = { readonly found: FoundNetns; readonly netns: Netns }

export type HiddenFound = {
  readonly hidden: readonly Netns[]
  /** The seers, their numbers explained. */
  readonly seers: readonly Netns[]
}

export function findHidden(observation: Observation, seers: readonly Seer[]): HiddenFound {
  const sightings: HiddenSighting[] = []
  const linksOf = new Map(seers.map(({ netns }) => [netns.id, listOf(netns.links)]))
  for (const { found, netns } of seers) {
    for (const nsid of unexplained(netns)) {
      const seen = observation.readHidden(found, nsid)
      // A failure: it was taken down meanwhile, or this kernel cannot look; the number stays unexplained.
      if (!('unknown' in seen)) sightings.push({ seer: netns.id, nsid, seen })
    }
  }
  const merged = mergeHidden(sightings, (seer) => linksOf.get(seer) ?? [])
  const ids = new Map<string, NetnsId>()
  for (const { netns, seenBy } of merged) {
    for (const { seer, nsid } of seenBy) ids.set(`${seer} ${nsid}`, netns.id)
  }
  return {
    hidden: merged.map(({ netns }) => netns),
    seers: seers.map(({ netns }) => explained(netns, (nsid) => ids.get(`${netns.id} ${nsid}`) ?? null)),
  }
}

function explained(netns: Netns, idOf: (nsid: number) => NetnsId | null): Netns {
  if (isUnknown(netns.nsids)) return netns
  return {
    ...netns,
    nsids: netns.nsids.map((entry) => (entry.id === null ? { ...entry, id: idOf(entry.nsid) } : entry)),
  }
}
