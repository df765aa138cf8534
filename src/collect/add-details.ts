/** The dear parts of some namespaces, for a World that was read without them a moment ago. */
import { succeeded, type Outcome } from '../lib/failure.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns, NetnsDetails } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { processesByNetns } from './collection.ts'
import { openReader, type ReaderChoice } from './open-reader.ts'
import type { FoundNetns } from './reader.ts'
import { socketsOf, withSocketsOnly } from './serve-sockets.ts'

/** One that is gone by now, or that cannot be entered, keeps `details: null`. */
export async function addDetails(
  world: World,
  ids: readonly NetnsId[],
  options: {
    readonly reader: ReaderChoice
    readonly signal?: AbortSignal
    /** Of a thousand namespaces all details take seconds, sockets alone a fraction. */
    readonly only?: 'sockets' | undefined
  },
): Promise<Outcome<World>> {
  const opened = await openReader(options.reader)
  if (!opened.ok) return opened
  const { reader } = opened.value
  try {
    const processesOf = processesByNetns(isUnknown(world.processes) ? [] : world.processes)
    const sockets = socketsOf(reader)
    const read = new Map<NetnsId, NetnsDetails>()
    for (const id of ids) {
      const netns = world.netns.find((each) => each.id === id)
      const found = netns === undefined ? null : entranceOf(netns)
      if (found === null || options.signal?.aborted === true) continue
      const processes = processesOf.get(id) ?? []
      if (options.only === 'sockets') {
        read.set(id, withSocketsOnly(await sockets(found, processes)))
        continue
      }
      const details = await reader.readDetails(found, processes)
      if (!('errno' in details)) read.set(id, details)
    }
    const netns = world.netns.map((each) => ({ ...each, details: read.get(each.id) ?? each.details }))
    return succeeded({ ...world, netns })
  } finally {
    reader.close()
  }
}

/** What led there when it was found; whoever opens it compares the inode. null: nothing did. */
export function entranceOf({ id, dev, names, holders, readable }: Netns): FoundNetns | null {
  if (dev === null || readable !== true) return null
  const paths = [
    ...names.flatMap(({ path }) => path ?? []),
    ...holders.processes.slice(0, 3).map((pid) => `/proc/${pid}/ns/net`),
  ]
  return { id, dev, ino: BigInt(id), names, holders, paths: [...new Set(paths)] }
}
