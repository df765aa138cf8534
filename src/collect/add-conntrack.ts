/** The connections of some namespaces, for a World that was read without them a moment ago. */
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { Pieces } from '../lib/in-pieces.ts'
import type { Conntrack } from '../model/connection.ts'
import type { NetnsId } from '../model/ids.ts'
import { unknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { entranceOf } from './add-details.ts'
import {
  readConntrack,
  readConntrackInPieces,
  type ConntrackWanted,
} from './kernel/conntrack/read-conntrack.ts'
import type { Libc } from './kernel/libc.ts'
import { openReader, type ReaderChoice } from './open-reader.ts'
import type { FoundNetns } from './reader.ts'

export type AddConntrackOptions = {
  readonly reader: ReaderChoice
  readonly signal?: AbortSignal
  /** The most connections of one namespace that are kept. */
  readonly limit?: number
}

/** One that cannot be entered gets reasons; one that nothing leads to keeps `conntrack: null`. */
export async function addConntrack(
  world: World,
  ids: readonly NetnsId[],
  { reader, signal, limit }: AddConntrackOptions,
): Promise<Outcome<World>> {
  const opened = await openReader(reader)
  if (!opened.ok) return failed(opened.failure)
  opened.value.reader.close()
  const { libc } = opened.value
  const wanted = new Set(ids)
  const netns = world.netns.map((each) => {
    if (!wanted.has(each.id) || signal?.aborted === true) return each
    const conntrack = conntrackOf(libc, each, {
      entries: true,
      ...(limit === undefined ? {} : { limit }),
    })
    return conntrack === null ? each : { ...each, conntrack }
  })
  return succeeded({ ...world, netns })
}

/** null: nothing leads into it. */
export function conntrackOf(libc: Libc | null, netns: Netns, wanted: ConntrackWanted): Conntrack | null {
  const found = entranceOf(netns)
  if (found === null) return null
  return libc === null ? withoutLibc : readConntrack(libc, found, wanted)
}

/** In pieces, at most `limit`. */
export function* connectionsIn(libc: Libc | null, found: FoundNetns, limit: number): Pieces<Conntrack> {
  return libc === null ? withoutLibc : yield* readConntrackInPieces(libc, found, { entries: true, limit })
}

const noLibc = unknown('connections are read over netlink only, and koffi did not load')
const withoutLibc: Conntrack = { count: noLibc, max: noLibc, stats: noLibc, entries: noLibc }
