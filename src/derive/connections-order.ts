/**
 * Which connections fit, in the order they are wanted in: positions in the table, because a hundred thousand of them
 * are never made into words. In pieces, so that the thread can listen between them.
 */
import { parseIp } from '../lib/ip.ts'
import type { Pieces } from '../lib/in-pieces.ts'
import type { Connection } from '../model/connection.ts'
import type { ConnectionOrder, ConnectionsWanted } from '../model/connection-view.ts'
import { connectionsMatching } from './connections-matching.ts'
import type { ConnectionViewer, Rank } from './connection-view.ts'
import { sortInPieces } from './sort-in-pieces.ts'

type Asked = Pick<ConnectionsWanted, 'text' | 'order' | 'descending'>

type Kept = {
  readonly viewer: ConnectionViewer
  readonly ranks: Uint8Array
  readonly asked: string
  readonly positions: Int32Array
}

/** By table: the next window is nearly always one of the same order. */
const memo = new WeakMap<readonly Connection[], Kept>()

const atOnce = 256

export function* connectionsOrder(
  entries: readonly Connection[],
  viewer: ConnectionViewer,
  asked: Asked,
): Pieces<Int32Array> {
  const key = JSON.stringify([asked.text, asked.order, asked.descending])
  const kept = memo.get(entries)
  if (kept?.viewer === viewer && kept.asked === key) return kept.positions
  const ranks = kept?.viewer === viewer ? kept.ranks : yield* ranksOf(entries, viewer)
  const fitting = yield* fittingOf(entries, viewer, ranks, asked.text)
  const positions = yield* sorted(entries, viewer, ranks, fitting, asked)
  memo.set(entries, { viewer, ranks, asked: key, positions })
  return positions
}

function* ranksOf(entries: readonly Connection[], viewer: ConnectionViewer): Pieces<Uint8Array> {
  const ranks = new Uint8Array(entries.length)
  for (const [at, connection] of entries.entries()) {
    ranks[at] = viewer.rankOf(connection)
    if (at % atOnce === 0) yield
  }
  return ranks
}

const rankAt = (ranks: Uint8Array, at: number): Rank => {
  const rank = ranks[at]
  return rank === 0 || rank === 1 ? rank : 2
}

function* fittingOf(
  entries: readonly Connection[],
  viewer: ConnectionViewer,
  ranks: Uint8Array,
  text: string,
): Pieces<Int32Array> {
  const fits = connectionsMatching(text, viewer)
  const positions = new Int32Array(entries.length)
  let count = 0
  for (const [at, connection] of entries.entries()) {
    if (fits === null || fits(connection, rankAt(ranks, at))) positions[count++] = at
    if (at % atOnce === 0) yield
  }
  return positions.subarray(0, count)
}

/** Numbers before text; what there is nothing of comes last, in either direction. */
type Key = number | string | null

function* sorted(
  entries: readonly Connection[],
  viewer: ConnectionViewer,
  ranks: Uint8Array,
  fitting: Int32Array,
  { order, descending }: Asked,
): Pieces<Int32Array> {
  if (order === 'standing') return yield* byRank(ranks, fitting, descending)
  const keyOf = keyOfOrder(order, viewer)
  const keys: Key[] = Array.from({ length: entries.length }, () => null)
  for (const [done, at] of fitting.entries()) {
    const connection = entries[at]
    if (connection !== undefined) keys[at] = keyOf(connection)
    if (done % atOnce === 0) yield
  }
  const forth = descending ? -1 : 1
  return yield* sortInPieces(fitting, (a, b) => compareKeys(keys[a] ?? null, keys[b] ?? null, forth))
}

/** Three groups, each in the kernel's order. */
function* byRank(ranks: Uint8Array, fitting: Int32Array, descending: boolean): Pieces<Int32Array> {
  const positions = new Int32Array(fitting.length)
  let count = 0
  for (const rank of descending ? [2, 1, 0] : [0, 1, 2]) {
    for (const at of fitting) if (ranks[at] === rank) positions[count++] = at
    yield
  }
  return positions
}

function compareKeys(a: Key, b: Key, forth: number): number {
  if (a === b) return 0
  if (a === null) return 1
  if (b === null) return -1
  if (typeof a !== typeof b) return typeof a === 'number' ? -forth : forth
  return a < b ? -forth : forth
}

function keyOfOrder(
  order: Exclude<ConnectionOrder, 'standing'>,
  viewer: ConnectionViewer,
): (connection: Connection) => Key {
  const place = placeKey()
  switch (order) {
    case 'protocol':
      return ({ protocol }) => protocol
    case 'source':
      return ({ original }) => place(original.source, original.sourcePort)
    case 'destination':
      return ({ original }) => place(original.destination, original.destinationPort)
    case 'state':
      return ({ state }) => state
    case 'timeout':
      return ({ timeout }) => timeout
    case 'bytes':
      return ({ bytes }) => (bytes === null ? null : bytes.original + bytes.reply)
    case 'container':
      return (connection) => viewer.containerOf(connection)
    default:
      return order satisfies never
  }
}

/** As numbers, IPv4 first: 10.0.0.9 before 10.0.0.10. With the port it is below 2^48, and so exact. */
function placeKey(): (address: string, port: number | null) => Key {
  const known = new Map<string, number | string>()
  return (address, port) => {
    let key = known.get(address)
    if (key === undefined) {
      const ip = parseIp(address)
      key = ip?.family === 'inet' ? Number(ip.value) : (ip?.value.toString(16).padStart(32, '0') ?? address)
      known.set(address, key)
    }
    return typeof key === 'number'
      ? key * 65_536 + (port ?? 0)
      : `${key} ${String(port ?? 0).padStart(5, '0')}`
  }
}
