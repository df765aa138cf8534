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
const memo = new WeakMap<Float64Array, ReadonlyMap<string, number>>()

/** Where each link's row begins, by `NETNS IFINDEX`. */
export function linkRows(table: CounterTable): ReadonlyMap<string, number> {
  let map = memo.get(table.values)
  if (map === undefined) {
    const made = new Map<string, number>()
    for (let at = 0; at + size <= table.values.length; at += size) {
      made.set(`${table.netns[table.values[at] ?? 0]} ${table.values[at + 1]}`, at)
    }
    map = made
    memo.set(table.values, map)
  }
  return map
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
  if (feed.counters === null || feed.counters.before === null) return null
  const seconds = (feed.counters.last.at - feed.counters.before.at) / 1000
  const before = countsIn(feed.counters.before, netns, ifindex)
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
