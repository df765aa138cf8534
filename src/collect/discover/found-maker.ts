/**
 * From the sightings of a scan to the list of namespaces, without doing again what came out of the same sightings before:
 * of a thousand namespaces one or two change between two scans.
 */
import { describe, type Place } from './found.ts'
import type { Sighting } from './sighting.ts'
import type { FoundNetns } from '../reader.ts'
import type { NetnsId } from '../../model/ids.ts'

export type FoundMaker = {
  make(
    sightings: readonly Sighting[],
    place: Place,
    breathe: () => Promise<void>,
  ): Promise<readonly FoundNetns[]>
}

type Made = { readonly sightings: readonly Sighting[]; readonly found: FoundNetns }

/** `dev` is that of nsfs. An unchanged namespace stays the same object. */
export function createFoundMaker(dev: number): FoundMaker {
  let last: ReadonlyMap<NetnsId, Made> = new Map()
  let lastPlace = ''
  const makeOne = (id: NetnsId, sightings: readonly Sighting[], place: Place): FoundNetns => {
    const before = last.get(id)?.found
    const found = { ...describe(id, sightings, place), dev, ino: BigInt(id) }
    return before !== undefined && textOf(before) === textOf(found) ? before : found
  }
  return {
    make: async (sightings, place, breathe) => {
      const placeText = JSON.stringify(place)
      const now = new Map<NetnsId, Made>()
      for (const [id, own] of grouped(sightings, place.home)) {
        if (now.size % 32 === 0) await breathe()
        const before = last.get(id)
        const same = before !== undefined && placeText === lastPlace && equal(before.sightings, own)
        now.set(id, same ? before : { sightings: own, found: makeOne(id, own, place) })
      }
      last = now
      lastPlace = placeText
      return [...now.values()].map(({ found }) => found)
    },
  }
}

/** Our own namespace is there in any case: we are in it. */
function grouped(sightings: readonly Sighting[], home: NetnsId): ReadonlyMap<NetnsId, Sighting[]> {
  const groups = new Map<NetnsId, Sighting[]>([[home, []]])
  for (const sighting of sightings) {
    const group = groups.get(sighting.id)
    if (group === undefined) groups.set(sighting.id, [sighting])
    else group.push(sighting)
  }
  return groups
}

function equal(one: readonly Sighting[], other: readonly Sighting[]): boolean {
  return one.length === other.length && one.every((sighting, at) => sighting === other[at])
}

function textOf({ names, holders, paths }: FoundNetns): string {
  return JSON.stringify([names, holders, paths])
}
