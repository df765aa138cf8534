import { expect, test } from 'vitest'
import { tellPace } from '../../src/collect/live-pace.ts'

/** When something was told of what was new each `everyMs`. */
function toldAt(everyMs: number, count: number): readonly number[] {
  const pace = tellPace()
  return Array.from({ length: count }, (_, at) => at * everyMs).filter((now) => pace(now, true) === 0)
}

test('what comes now and then is told at once, also two or three things together', () => {
  expect(toldAt(200, 20)).toHaveLength(20)
  const pace = tellPace()
  for (let at = 0; at < 10_000; at += 240)
    expect([at, at + 5, at + 60].map((now) => pace(now, true))).toEqual([0, 0, 0])
})

test('of what comes without pause the first few are, then one each 80 ms', () => {
  const times = toldAt(10, 200)
  expect(times.slice(0, 7)).toEqual([0, 10, 20, 30, 80, 160, 240])
  expect(times.length).toBeLessThanOrEqual(4 + 2000 / 80)
})

test('and after a pause at once again', () => {
  const pace = tellPace()
  for (const now of [0, 1, 2, 3]) expect(pace(now, true)).toBe(0)
  expect(pace(4, true)).toBe(76)
  expect(pace(80, true)).toBe(0)
  expect([2000, 2001, 2002].map((now) => pace(now, true))).toEqual([0, 0, 0])
})

test('what nothing asked for waits for company, but not for ever, and costs nothing meanwhile', () => {
  const pace = tellPace()
  expect(pace(1000, false)).toBe(250)
  expect(pace(1100, false)).toBe(150)
  expect(pace(1120, true)).toBe(0)
  expect(pace(1130, false)).toBe(250)
  expect(pace(1380, false)).toBe(0)
  for (const now of [1381, 1382]) expect(pace(now, true)).toBe(0)
})
