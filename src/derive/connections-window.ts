/** The rows of a table of connections that a screen has room for; words are made for these alone. */
import { inOneGo, type Pieces } from '../lib/in-pieces.ts'
import type { Connection, Conntrack } from '../model/connection.ts'
import type { ConnectionRow, ConnectionsWanted, ConnectionsWindow } from '../model/connection-view.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { World } from '../model/world.ts'
import { connectionViewer, destinationText, sourceText } from './connection-view.ts'
import { connectionsOrder } from './connections-order.ts'

type Answer = ConnectionsWindow | { readonly netns: NetnsId; readonly unknown: string }

/** What only who reads again and again can know. */
export type ConnectionsSince = Pick<ConnectionsWindow, 'grown' | 'readAt'>

/** `conntrack` null: it was not read, or the file holds none of this namespace. */
export function connectionsWindow(
  world: World,
  netns: NetnsId,
  conntrack: Conntrack | null,
  wanted: ConnectionsWanted,
  since?: ConnectionsSince,
): Answer {
  return inOneGo(connectionsWindowInPieces(world, netns, conntrack, wanted, since))
}

/** The same for a thread that has to listen meanwhile. */
export function* connectionsWindowInPieces(
  world: World,
  netns: NetnsId,
  conntrack: Conntrack | null,
  wanted: ConnectionsWanted,
  since: ConnectionsSince = { grown: {}, readAt: Date.parse(world.at) },
): Pieces<Answer> {
  const own = world.netns.find(({ id }) => id === netns)
  if (own === undefined) return { netns, unknown: 'this namespace is gone' }
  if (conntrack === null) {
    const { readable } = own
    return { netns, unknown: readable === true ? 'its connections were not read' : readable.unknown }
  }
  const { count, max, stats } = conntrack
  // Of a table that is empty there is nothing to ask the modules that are not loaded.
  const entries = count === 0 && isUnknown(conntrack.entries) ? [] : conntrack.entries
  if (isUnknown(entries)) return { netns, unknown: entries.unknown }
  const viewer = connectionViewer(world, own)
  const positions = yield* connectionsOrder(entries, viewer, wanted)
  const size = positions.length
  // Rows that are gone since they were asked for: the last ones there are.
  const from = Math.max(0, Math.min(wanted.from, size - 1))
  const rows = [...positions.subarray(from, from + wanted.count)].flatMap((at): readonly ConnectionRow[] => {
    const connection = entries[at]
    return connection === undefined ? [] : [{ key: keyOf(connection), view: viewer.view(connection) }]
  })
  const counted = entries.length === 0 || entries.some(({ bytes }) => bytes !== null)
  const place =
    wanted.key === undefined ? {} : { keyAt: yield* placeOf(wanted.key, { entries, positions, from, rows }) }
  return { netns, size, total: entries.length, from, rows, ...place, count, max, stats, counted, ...since }
}

type Within = Pick<ConnectionsWindow, 'from' | 'rows'> & {
  readonly entries: readonly Connection[]
  readonly positions: Int32Array
}

/** Nearly always it is among the rows; else every connection has to be looked at. */
function* placeOf(key: string, { entries, positions, from, rows }: Within): Pieces<number | null> {
  const near = rows.findIndex((row) => row.key === key)
  if (near !== -1) return from + near
  for (const [at, connection] of entries.entries()) {
    // Most are told apart without making a text.
    if (key.includes(connection.original.source) && keyOf(connection) === key) {
      const place = positions.indexOf(at)
      return place === -1 ? null : place
    }
    if (at % atOnce === 0) yield
  }
  return null
}

const atOnce = 1024

function keyOf({ family, protocol, zone, original }: Connection): string {
  const { icmp } = original
  const ends = `${sourceText(original)}>${destinationText(original)}`
  const id = icmp === null ? '' : ` ${icmp.type}/${icmp.code}/${icmp.id}`
  return `${family} ${protocol} ${zone} ${ends}${id}`
}
