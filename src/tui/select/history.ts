/**
 * How fast counters grew in the last two minutes. A sample is the growth between two messages of the worker, with the
 * time that really passed; what comes in between in quick succession (readings.ts) makes no sample. Nothing here is
 * written to after it was made: a frozen picture keeps its own.
 */
import type { NetnsId } from '../../model/ids.ts'
import type { CounterTable } from '../feed.ts'
import { linkRows, rowFields } from './rates.ts'

export type LinkAt = { readonly netns: NetnsId; readonly ifindex: number }

export type HistorySample = {
  /** Milliseconds since the epoch: what grew between these. */
  readonly from: number
  readonly at: number
  /** `NETNS IFINDEX` → where its numbers begin; the same object as long as the links are the same. */
  readonly rows: ReadonlyMap<string, number>
  /** A second, in the order of `rowFields`; NaN: not known. */
  readonly rates: Float32Array
}
/** Oldest first. */
export type History = readonly HistorySample[]

export const historyMs = 120_000
/** As many are kept without being asked for: going back and forth between neighbours finds their past. */
const keptAnyway = 256
/** The most at all: 8 MB. */
export const mostLinks = 1024

/** `wanted`: whose past is shown now; of a large host only they are kept. */
export function withSample(
  history: History,
  before: CounterTable,
  last: CounterTable,
  wanted: readonly LinkAt[],
): History {
  const kept = history.filter(({ at }) => at > last.at - historyMs && at <= before.at)
  return [...kept, sampleOf(before, last, wanted, history.at(-1)?.rows ?? null)]
}

function sampleOf(
  before: CounterTable,
  last: CounterTable,
  wanted: readonly LinkAt[],
  known: ReadonlyMap<string, number> | null,
): HistorySample {
  const seconds = (last.at - before.at) / 1000
  const old = linkRows(before)
  const now = linkRows(last)
  const keys = now.size <= keptAnyway ? [...now.keys()] : wanted.map(keyOfLink).filter((key) => now.has(key))
  keys.length = Math.min(keys.length, mostLinks)
  const rates = new Float32Array(keys.length * rowFields.length)
  keys.forEach((key, place) => {
    const begin = now.get(key) ?? 0
    const then = old.get(key)
    let wentBack = then === undefined
    for (let field = 0; field < rowFields.length; field += 1) {
      // The first two of a row say which link it is.
      const grown = (last.values[begin + 2 + field] ?? 0) - (before.values[(then ?? 0) + 2 + field] ?? 0)
      if (grown < 0) wentBack = true
      rates[place * rowFields.length + field] = grown / seconds
    }
    // Made anew, or an old driver's 32 bits ran over: nobody can tell how much came in between.
    if (wentBack) rates.fill(Number.NaN, place * rowFields.length, (place + 1) * rowFields.length)
  })
  return { from: before.at, at: last.at, rows: sameRows(known, keys) ?? rowsOf(keys), rates }
}

const keyOfLink = ({ netns, ifindex }: LinkAt): string => `${netns} ${ifindex}`

function rowsOf(keys: readonly string[]): ReadonlyMap<string, number> {
  return new Map(keys.map((key, place) => [key, place * rowFields.length]))
}

function sameRows(
  known: ReadonlyMap<string, number> | null,
  keys: readonly string[],
): ReadonlyMap<string, number> | null {
  if (known === null || known.size !== keys.length) return null
  return keys.every((key, place) => known.get(key) === place * rowFields.length) ? known : null
}

/** What went over some links together, for each sample; null where none of them is known. */
export type Traffic = {
  readonly from: number
  readonly at: number
  readonly rxBytes: number | null
  readonly txBytes: number | null
  readonly rxPackets: number | null
  readonly txPackets: number | null
  /** Dropped packets and errors, of both directions. */
  readonly lost: number
}

const place = {
  rxBytes: rowFields.indexOf('rxBytes'),
  rxPackets: rowFields.indexOf('rxPackets'),
  txBytes: rowFields.indexOf('txBytes'),
  txPackets: rowFields.indexOf('txPackets'),
} as const
const lossPlaces = (['rxDropped', 'rxErrors', 'txDropped', 'txErrors'] as const).map((field) =>
  rowFields.indexOf(field),
)

/** A second adds one sample; what the others came to is kept for the links that were asked for last. */
const lastAsked = new WeakMap<
  HistorySample,
  { readonly links: readonly LinkAt[]; readonly traffic: Traffic }
>()

export function trafficOf(history: History, links: readonly LinkAt[]): readonly Traffic[] {
  const found = new Map<HistorySample['rows'], readonly number[]>()
  const beginsIn = (rows: HistorySample['rows']): readonly number[] => {
    const begins = found.get(rows) ?? links.flatMap((link) => rows.get(keyOfLink(link)) ?? [])
    found.set(rows, begins)
    return begins
  }
  return history.map((sample) => {
    const before = lastAsked.get(sample)
    if (before?.links === links) return before.traffic
    const traffic = trafficIn(sample, beginsIn(sample.rows))
    lastAsked.set(sample, { links, traffic })
    return traffic
  })
}

/** A bridge may have a thousand links, and a chart begins with all samples: plain loops. */
function trafficIn({ from, at, rates }: HistorySample, begins: readonly number[]): Traffic {
  const sums = new Float64Array(rowFields.length)
  let known = 0
  for (const begin of begins) {
    if (Number.isNaN(rates[begin])) continue
    known += 1
    for (let field = 0; field < sums.length; field += 1)
      sums[field] = (sums[field] ?? 0) + (rates[begin + field] ?? 0)
  }
  const told = (field: number): number | null => (known === 0 ? null : (sums[field] ?? 0))
  return {
    from,
    at,
    rxBytes: told(place.rxBytes),
    txBytes: told(place.txBytes),
    rxPackets: told(place.rxPackets),
    txPackets: told(place.txPackets),
    lost: lossPlaces.reduce((total, field) => total + (sums[field] ?? 0), 0),
  }
}
