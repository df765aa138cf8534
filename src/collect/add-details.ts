/** The dear parts of some namespaces, for a World that was read without them a moment ago. */
import { succeeded, type Outcome } from '../lib/failure.ts'
import type { NetnsId } from '../model/ids.ts'
import type { NetnsDetails } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { openCollection, processesByNetns } from './collection.ts'
import type { ReaderChoice } from './open-reader.ts'

/** One that is gone by now, or that cannot be entered, keeps `details: null`. */
export async function addDetails(
  world: World,
  ids: readonly NetnsId[],
  options: { readonly reader: ReaderChoice; readonly signal?: AbortSignal },
): Promise<Outcome<World>> {
  const opened = await openCollection(options.reader)
  if (!opened.ok) return opened
  const collection = opened.value
  try {
    const wanted = new Set(ids)
    const { found, processes } = await collection.discover()
    const processesOf = processesByNetns(processes)
    const read = new Map<NetnsId, NetnsDetails>()
    for (const each of found) {
      if (!wanted.has(each.id) || options.signal?.aborted === true) continue
      const details = await collection.reader.readDetails(each, processesOf.get(each.id) ?? [])
      if (!('errno' in details)) read.set(each.id, details)
    }
    const netns = world.netns.map((each) => ({ ...each, details: read.get(each.id) ?? each.details }))
    return succeeded({ ...world, netns })
  } finally {
    collection.close()
  }
}
