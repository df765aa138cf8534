import { expect, test } from 'vitest'
import { sentLog } from '../../../src/probe/ping/sent-log.ts'

/** A log whose second clock is set by hand. */
function log() {
  const clock = { now: 0 }
  return { clock, ...sentLog(() => clock.now) }
}

test('an answer has its time once; another one is a duplicate; of what was not sent there is none', () => {
  const { sent, answered, waiting, clock } = log()
  sent(1, 1000)
  expect(waiting()).toBe(1)
  clock.now = 2
  expect(answered(1, 1001.5)).toEqual({ ms: 1.5, isDuplicate: false })
  expect(waiting()).toBe(0)
  expect(answered(1, 1002)).toMatchObject({ isDuplicate: true })
  expect(answered(2, 1002)).toBeNull()
  expect(waiting()).toBe(0)
})

test('what was given up is waited for no more, and its late answer counts as the first', () => {
  const { sent, answered, given, waiting, clock } = log()
  sent(9, 0)
  expect([given(9), given(9), waiting()]).toEqual([true, false, 0])
  clock.now = 1500
  expect(answered(9, 1500)).toEqual({ ms: 1500, isDuplicate: false })
  expect(waiting()).toBe(0)
  expect(given(9)).toBe(false)
})

test('numbers are used again after 65536', () => {
  const { sent, answered } = log()
  sent(0xffff, 0)
  answered(0xffff, 1)
  sent(0xffff, 5000)
  expect(answered(0xffff, 5000.25)).toMatchObject({ isDuplicate: false })
})

test('a clock that was set in between does not make a time of it', () => {
  const { sent, answered, clock } = log()
  sent(1, 1_000_000)
  clock.now = 3
  expect(answered(1, 999_000)?.ms).toBe(3)
  clock.now = 10
  sent(2, 1_000_000)
  clock.now = 14
  expect(answered(2, 9_000_000)?.ms).toBe(4)
})
