import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { counterFields } from '../../src/collect/protocol.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { CounterTable } from '../../src/tui/feed.ts'
import { historyMs, mostLinks, trafficOf, withSample, type History } from '../../src/tui/select/history.ts'
import { withReading, type Readings } from '../../src/tui/select/readings.ts'
import { buckets } from '../../src/tui/select/buckets.ts'
import { scaleOf } from '../../src/tui/select/chart-scale.ts'

const host = netnsId(100)
const at = (ifindex: number) => ({ netns: host, ifindex })

/** A reading of links 1…n, each with this many bytes received and dropped packets. */
function table(time: number, rxBytes: readonly number[], dropped = 0): CounterTable {
  const rows = rxBytes.map((bytes, place) =>
    counterFields.map((field) => {
      if (field === 'netns') return 0
      if (field === 'ifindex') return place + 1
      return field === 'rxBytes' ? bytes : field === 'rxDropped' ? dropped : 0
    }),
  )
  return { at: time, netns: [host], values: Float64Array.from(rows.flat()) }
}

/** As update/worker.ts does it. */
function play(tables: readonly CounterTable[], wanted = [at(1)]): History {
  let history: History = []
  let known: Readings | null = null
  for (const next of tables) {
    const { readings, isSample }: ReturnType<typeof withReading> = withReading(known, next)
    if (known !== null && isSample) history = withSample(history, known.mark, next, wanted)
    known = readings
  }
  return history
}

const rx = (history: History, ifindex = 1): readonly (number | null)[] =>
  trafficOf(history, [at(ifindex)]).map(({ rxBytes }) => rxBytes)

test('a rate is what grew in the time that really passed', () => {
  expect(rx(play([table(0, [0]), table(1000, [500]), table(3000, [2500])]))).toEqual([500, 1000])
})

test('a worker that rested leaves one long sample, drawn as long as it was', () => {
  const history = play([table(0, [0]), table(1000, [1000]), table(61_000, [61_000])])
  const traffic = trafficOf(history, [at(1)])
  expect(traffic.map(({ from, at }) => at - from)).toEqual([1000, 60_000])
  expect(buckets(traffic, ({ rxBytes }) => rxBytes, 61_000, 20_000, 4)).toEqual([1000, 1000, 1000, 1000])
})

test('a counter that went backwards says nothing for that while, and is trusted again afterwards', () => {
  expect(rx(play([table(0, [900]), table(1000, [100]), table(2000, [300])]))).toEqual([null, 200])
})

test('a link that was not there before is unknown, not zero', () => {
  const history = play([table(0, [0]), table(1000, [0, 5000]), table(2000, [0, 5100])])
  expect(rx(history, 2)).toEqual([null, 100])
  expect(rx(history, 3)).toEqual([null, null])
})

test('messages in quick succession are one sample, which no spike of a millisecond upsets', () => {
  const quick = Array.from({ length: 20 }, (_, n) => table(1000 + n * 20, [1000 + n * 20]))
  const history = play([table(0, [0]), table(1000, [1000]), ...quick.slice(1), table(2000, [2000])])
  expect(rx(history)).toEqual([1000, 1000])
})

test('what grew is summed up over links, each that is known', () => {
  const history = play([table(0, [0, 0, 900]), table(1000, [100, 20, 3], 4)])
  const [sum] = trafficOf(history, [at(1), at(2), at(3)])
  // The third one went backwards.
  expect(sum).toMatchObject({ rxBytes: 120, lost: 8 })
})

test('what was kept is never written to again', () => {
  const first = play([table(0, [0]), table(1000, [500])])
  const copy = structuredClone(first)
  const before = table(1000, [500])
  withSample(first, before, table(1400, [9000]), [at(1)])
  withSample(first, table(0, [0]), table(1400, [9000]), [at(1)])
  expect(first).toEqual(copy)
})

test('it never grows beyond its bound, whatever comes when', () => {
  const messages = fc.array(
    fc.record({ gap: fc.integer({ min: -3000, max: 9000 }), bytes: fc.integer({ min: 0, max: 1e12 }) }),
    { maxLength: 400 },
  )
  fc.assert(
    fc.property(messages, (all) => {
      let time = 1_000_000
      const history = play(
        all.map(({ gap, bytes }) => table((time += gap % 700 === 0 ? gap : gap % 700), [bytes])),
      )
      expect(history.length).toBeLessThanOrEqual(historyMs / 500 + 2)
      history.forEach((sample, place) => {
        expect(sample.at).toBeGreaterThan(sample.from)
        const older = history[place - 1]
        if (older !== undefined) expect(older.at).toBeLessThanOrEqual(sample.from)
      })
    }),
    { numRuns: 60 },
  )
})

test('of a large host only what is wanted is kept, and of that at most so many', () => {
  const many = Array.from({ length: 3000 }, (_, n) => n)
  const wanted = many.map((n) => at(n + 1))
  const [few] = play([table(0, many), table(1000, many)], [at(7)])
  expect(few?.rates.length).toBe(8)
  const [most] = play([table(0, many), table(1000, many)], wanted)
  expect(most?.rates.length).toBe(8 * mostLinks)
})

test('samples share where their rows are, as long as the links are the same', () => {
  const [first, second, third] = play([
    table(0, [0, 0]),
    table(1000, [1, 1]),
    table(2000, [2, 2]),
    table(3000, [3, 3, 3]),
  ])
  expect(second?.rows).toBe(first?.rows)
  expect(third?.rows).not.toBe(first?.rows)
})

test('steps without a sample are unknown; a sample that fills part of one counts for that part', () => {
  const samples = [
    { from: 0, at: 1000, value: 10 },
    { from: 1000, at: 1500, value: 30 },
    { from: 4000, at: 5000, value: 8 },
  ]
  expect(buckets(samples, ({ value }) => value, 6000, 2000, 3)).toEqual([(10 + 15) / 1.5, null, 8])
})

test('a scale ends on a round number just above the highest, in a unit of at most three digits', () => {
  expect(scaleOf(0, 'bit/s', 1000)).toEqual({ max: 1, unit: 'kbit/s', factor: 1000 })
  expect(scaleOf(1_100_000, 'bit/s', 1000)).toEqual({ max: 1.2, unit: 'Mbit/s', factor: 1e6 })
  expect(scaleOf(999_999, 'bit/s', 1000)).toEqual({ max: 1, unit: 'Mbit/s', factor: 1e6 })
  expect(scaleOf(17, 'pk/s', 4)).toEqual({ max: 20, unit: 'pk/s', factor: 1 })
  fc.assert(
    fc.property(fc.double({ min: 0, max: 1e15, noNaN: true }), (most) => {
      const { max, factor } = scaleOf(most, 'bit/s', 1000)
      expect(max * factor).toBeGreaterThanOrEqual(most * 0.999)
      expect(max * factor).toBeLessThanOrEqual(Math.max(1000, most * 2.001))
      expect(max).toBeLessThan(1000)
    }),
  )
})
