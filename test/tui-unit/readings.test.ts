import { expect, test } from 'vitest'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import type { CounterTable } from '../../src/tui/feed.ts'
import { withReading, type Readings } from '../../src/tui/select/readings.ts'

const [host, web] = [netnsId(1), netnsId(2)]

const read = (at: number, ...netns: readonly NetnsId[]): CounterTable => ({
  at,
  netns,
  values: new Float64Array(),
})

/** Over how many milliseconds a rate is told after each reading, and whether it made a sample. */
function played(tables: readonly CounterTable[], id = host) {
  let known: Readings | null = null
  return tables.map((table) => {
    const { readings, isSample }: ReturnType<typeof withReading> = withReading(known, table)
    known = readings
    const before = readings.of.get(id)?.before ?? null
    return [before === null ? null : readings.last.at - before.at, isSample]
  })
}

test('readings a second apart are held against each other', () => {
  expect(played([read(0, host), read(1000, host), read(2000, host)])).toEqual([
    [null, false],
    [1000, true],
    [1000, true],
  ])
})

test('a reading soon after another tells rates of more than half a second all the same, and makes no sample', () => {
  const quick = [5, 40, 80, 300].map((ms) => read(1000 + ms, host))
  expect(played([read(0, host), read(1000, host), ...quick, read(2000, host)])).toEqual([
    [null, false],
    [1000, true],
    [1005, false],
    [1040, false],
    [1080, false],
    [1300, false],
    [1000, true],
  ])
})

test('keys without pause: no rate is told over less than half a second', () => {
  const all = played(Array.from({ length: 200 }, (_, at) => read(at * 30, host)))
  const told = all.flatMap(([ms]) => (typeof ms === 'number' ? [ms] : []))
  expect(told.length).toBeGreaterThan(180)
  expect(Math.min(...told)).toBeGreaterThanOrEqual(500)
  expect(Math.max(...told)).toBeLessThan(1100)
})

test('what comes into sight has a rate with the second reading of its own', () => {
  const tables = [read(0, host), read(1000, host), read(1010, host, web), read(1620, host, web)]
  expect(played(tables, web)).toEqual([
    [null, false],
    [null, true],
    [null, false],
    [610, true],
  ])
  expect(played(tables)).toEqual([
    [null, false],
    [1000, true],
    [1010, false],
    [620, true],
  ])
})

test('what was away for some seconds has a rate at once; what was away for long begins anew', () => {
  const away = (ms: number) => [read(0, host), read(1000, host), read(2000, web), read(1000 + ms, host)]
  expect(played(away(9000)).at(-1)).toEqual([9000, true])
  expect(played(away(40_000)).at(-1)).toEqual([null, true])
})

test('where the clock was set back it begins anew', () => {
  const tables = [read(5000, host), read(6000, host), read(1000, host), read(2000, host)]
  expect(played(tables)).toEqual([
    [null, false],
    [1000, true],
    [null, false],
    [1000, true],
  ])
})
