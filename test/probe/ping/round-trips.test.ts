import { array, assert, double, property } from 'fast-check'
import { expect, test } from 'vitest'
import { gatheredErrors } from '../../../src/probe/ping/gathered-errors.ts'
import { roundTrips } from '../../../src/probe/ping/round-trips.ts'

test('nothing came back: no times', () => {
  expect(roundTrips().summary()).toBeNull()
})

test('the same as the sums that ping(8) makes of all times', () => {
  assert(
    property(
      array(double({ min: 0.001, max: 10_000, noNaN: true }), { minLength: 1, maxLength: 50 }),
      (all) => {
        const times = roundTrips()
        for (const ms of all) times.add(ms)
        const avg = all.reduce((sum, ms) => sum + ms, 0) / all.length
        const mdev = Math.sqrt(all.reduce((sum, ms) => sum + (ms - avg) ** 2, 0) / all.length)
        const { min, max, ...rest } = times.summary() ?? { min: 0, max: 0 }
        expect(min).toBeCloseTo(Math.min(...all), 2)
        expect(max).toBeCloseTo(Math.max(...all), 2)
        expect(rest).toEqual({ avg: expect.closeTo(avg, 2), mdev: expect.closeTo(mdev, 2) })
      },
    ),
  )
})

test('the same error of the same sender is one; who makes many up fills no memory', () => {
  const errors = gatheredErrors()
  const error = { from: '10.0.0.1', type: 3, code: 1, says: 'host unreachable' }
  errors.add(error)
  errors.add({ ...error })
  errors.add({ ...error, from: '10.0.0.2' })
  errors.add({ ...error, mtu: 1400 })
  expect(errors.list()).toEqual([
    { ...error, count: 2 },
    { ...error, from: '10.0.0.2', count: 1 },
    { ...error, mtu: 1400, count: 1 },
  ])
  for (let at = 0; at < 10_000; at++) errors.add({ ...error, from: `10.1.${at >> 8}.${at & 255}` })
  errors.add(error)
  expect(errors.list()).toHaveLength(100)
  expect(errors.list()[0]?.count).toBe(3)
})
