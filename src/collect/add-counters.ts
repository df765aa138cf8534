/**
 * What counts up in some namespaces, as it is now: links, neighbours, protocol counters, qdiscs, statistics of conntrack,
 * and the host's receive path. Asked for twice it tells what grew in between.
 */
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { conntrackOf } from './add-conntrack.ts'
import { entranceOf } from './add-details.ts'
import { processesByNetns } from './collection.ts'
import { readSoftnet } from './facts/softnet.ts'
import { readProc } from './kernel/details/read-proc.ts'
import { openReader, type ReaderChoice } from './open-reader.ts'

/** One that cannot be entered any more stays as it was read. */
export async function addCounters(
  world: World,
  ids: readonly NetnsId[],
  options: { readonly reader: ReaderChoice },
): Promise<Outcome<World>> {
  const opened = await openReader(options.reader)
  if (!opened.ok) return failed(opened.failure)
  const { reader, libc } = opened.value
  const processesOf = processesByNetns(isUnknown(world.processes) ? [] : world.processes)
  const wanted = new Set(ids)
  const netns: Netns[] = []
  try {
    for (const each of world.netns) {
      const found = wanted.has(each.id) ? entranceOf(each) : null
      if (found === null) {
        netns.push(each)
        continue
      }
      const read = await reader.readTables(found)
      const details = await reader.readDetails(found, processesOf.get(each.id) ?? [])
      const conntrack = conntrackOf(libc, each, { entries: false })
      netns.push({
        ...each,
        ...('tables' in read ? { links: read.tables.links, neighbours: read.tables.neighbours } : {}),
        details: 'errno' in details ? each.details : details,
        conntrack: conntrack ?? each.conntrack,
      })
    }
    return succeeded({
      ...world,
      at: new Date().toISOString(),
      netns,
      softnet: readSoftnet(readProc),
    })
  } finally {
    reader.close()
  }
}
