/** Counters of a link as they were last read, and how fast they grow. */
import { counterFields } from '../../collect/protocol.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { CounterTable, Feed } from '../feed.ts'

export type CounterName = Exclude<(typeof counterFields)[number], 'netns' | 'ifindex'>
export type Counts = Readonly<Record<CounterName, number>>
/** A second. */
export type Rates = Counts

/** What stands in a row behind the two fields that say which link it is. */
export const rowFields = counterFields.slice(2) as readonly CounterName[]

const size = counterFields.length
type Rows = ReadonlyMap<string, number>
const memo = new WeakMap<Float64Array, Rows>()
/** A second later it is nearly always the same links. */
let latest: { readonly table: CounterTable; readonly rows: Rows } | null = null

/** Where each link's row begins, by `NETNS IFINDEX`. */
export function linkRows(table: CounterTable): Rows {
  const known = memo.get(table.values)
  if (known !== undefined) return known
  const rows = latest !== null && haveSameLinks(latest.table, table) ? latest.rows : rowsOf(table)
  latest = { table, rows }
  memo.set(table.values, rows)
  return rows
}

function rowsOf({ netns, values }: CounterTable): Rows {
  const rows = new Map<string, number>()
  for (let at = 0; at + size <= values.length; at += size)
    rows.set(`${netns[values[at] ?? 0]} ${values[at + 1]}`, at)
  return rows
}

function haveSameLinks(one: CounterTable, other: CounterTable): boolean {
  if (one.values.length !== other.values.length || one.netns.length !== other.netns.length) return false
  if (!one.netns.every((id, at) => id === other.netns[at])) return false
  for (let at = 0; at < one.values.length; at += size)
    if (one.values[at] !== other.values[at] || one.values[at + 1] !== other.values[at + 1]) return false
  return true
}

function countsIn(table: CounterTable, netns: NetnsId, ifindex: number): Counts | null {
  const at = linkRows(table).get(`${netns} ${ifindex}`)
  if (at === undefined) return null
  const value = (field: CounterName): number => table.values[at + counterFields.indexOf(field)] ?? 0
  return {
    rxBytes: value('rxBytes'),
    rxPackets: value('rxPackets'),
    rxDropped: value('rxDropped'),
    rxErrors: value('rxErrors'),
    txBytes: value('txBytes'),
    txPackets: value('txPackets'),
    txDropped: value('txDropped'),
    txErrors: value('txErrors'),
  }
}

/** The newest counters of a link; null: none came yet, what the World holds is all there is. */
export function countsOf(feed: Feed, netns: NetnsId, ifindex: number): Counts | null {
  return feed.counters === null ? null : countsIn(feed.counters.last, netns, ifindex)
}

/**
 * null: not known, because there is only one reading, or a counter went backwards: then the link was made anew
 * (the ifindex is the same) or an old driver's 32 bits ran over, and nobody can tell which.
 */
export function ratesOf(feed: Feed, netns: NetnsId, ifindex: number): Rates | null {
  const earlier = feed.counters?.of.get(netns)?.before ?? null
  if (feed.counters === null || earlier === null) return null
  const seconds = (feed.counters.last.at - earlier.at) / 1000
  const before = countsIn(earlier, netns, ifindex)
  const last = countsIn(feed.counters.last, netns, ifindex)
  if (before === null || last === null || !(seconds > 0)) return null
  const grown = (field: CounterName): number => (last[field] - before[field]) / seconds
  const rates = {
    rxBytes: grown('rxBytes'),
    rxPackets: grown('rxPackets'),
    rxDropped: grown('rxDropped'),
    rxErrors: grown('rxErrors'),
    txBytes: grown('txBytes'),
    txPackets: grown('txPackets'),
    txDropped: grown('txDropped'),
    txErrors: grown('txErrors'),
  }
  return Object.values(rates).some((rate) => rate < 0) ? null : rates
}
