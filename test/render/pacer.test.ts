import { array, assert, boolean, nat, property, record } from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pacer } from '../../src/tui/render/pacer.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function counted() {
  const at: number[] = []
  let isTaken = true
  const frames = pacer(
    () => at.push(Date.now()) > 0,
    () => isTaken,
    () => Date.now(),
  )
  return {
    frames,
    drawn: () => at.length,
    at,
    taken: (is: boolean) => {
      isTaken = is
    },
  }
}

test('a drawing that wrote nothing is no frame: the next key need not wait for it', () => {
  let writes = true
  let drawn = 0
  const frames = pacer(
    () => {
      drawn += 1
      return writes
    },
    () => true,
    () => Date.now(),
  )
  vi.advanceTimersByTime(100)
  writes = false
  frames.request(false)
  writes = true
  frames.request(true)
  expect(drawn).toBe(2)
  frames.request(true)
  expect(drawn).toBe(2)
})

test('the first frame is drawn at once', () => {
  const { frames, drawn } = counted()
  frames.request(false)
  expect(drawn()).toBe(1)
})

test('what comes in between is drawn once, 33 ms later', () => {
  const { frames, drawn } = counted()
  for (let at = 0; at < 10; at += 1) frames.request(false)
  expect(drawn()).toBe(1)
  vi.advanceTimersByTime(33)
  expect(drawn()).toBe(2)
  vi.advanceTimersByTime(1000)
  expect(drawn()).toBe(2)
})

test('ten thousand changes in a second make at most some thirty frames', () => {
  const { frames, drawn } = counted()
  for (let ms = 0; ms < 1000; ms += 1) {
    for (let at = 0; at < 10; at += 1) frames.request(false)
    vi.advanceTimersByTime(1)
  }
  expect(drawn()).toBeGreaterThanOrEqual(28)
  expect(drawn()).toBeLessThanOrEqual(31)
})

test('the answer to a key is drawn at once, where no frame was begun just before', () => {
  const { frames, drawn } = counted()
  frames.request(false)
  vi.advanceTimersByTime(33)
  frames.request(true)
  expect(drawn()).toBe(2)
})

test('keys that come together are answered with one frame, and what was waiting with it', () => {
  const { frames, drawn } = counted()
  frames.request(true)
  frames.request(false)
  vi.advanceTimersByTime(10)
  for (let at = 0; at < 20; at += 1) frames.request(true)
  expect(drawn()).toBe(1)
  vi.advanceTimersByTime(23)
  expect(drawn()).toBe(2)
  vi.advanceTimersByTime(100)
  expect(drawn()).toBe(2)
})

test('a key does not wait for a drawing that took long to have its rest; what changes behind it does', () => {
  let at = 0
  let drawn = 0
  const slow = pacer(
    () => {
      at += 30
      drawn += 1
      return true
    },
    () => true,
    () => at,
  )
  slow.request(false)
  at += 5
  slow.request(false)
  expect(drawn).toBe(1)
  slow.request(true)
  expect(drawn).toBe(2)
  slow.stop()
})

test('whatever is asked for when: never two frames in 33 ms, and the last word is always drawn', () => {
  assert(
    property(array(record({ after: nat(60), urgent: boolean() }), { maxLength: 60 }), (asked) => {
      const { frames, at } = counted()
      let last = 0
      for (const { after, urgent } of asked) {
        vi.advanceTimersByTime(after)
        last = Date.now()
        frames.request(urgent)
      }
      vi.advanceTimersByTime(100)
      const gaps = at.slice(1).map((each, which) => each - (at[which] ?? 0))
      expect(gaps.every((gap) => gap >= 33)).toBe(true)
      if (asked.length > 0) expect(at.at(-1)).toBeGreaterThanOrEqual(last)
    }),
  )
})

test('while the terminal has not taken the last frame nothing is drawn; then one frame is, however much was asked for', () => {
  const { frames, drawn, taken } = counted()
  frames.request(true)
  taken(false)
  for (let at = 0; at < 50; at += 1) {
    vi.advanceTimersByTime(20)
    frames.request(at % 2 === 0)
  }
  expect(drawn()).toBe(1)
  taken(true)
  frames.caughtUp()
  expect(drawn()).toBe(2)
  vi.advanceTimersByTime(1000)
  expect(drawn()).toBe(2)
  // Nothing is waited for: nothing is drawn.
  frames.caughtUp()
  expect(drawn()).toBe(2)
})

test('after stop nothing is drawn', () => {
  const { frames, drawn } = counted()
  frames.request(false)
  frames.request(false)
  frames.stop()
  frames.request(true)
  vi.advanceTimersByTime(100)
  expect(drawn()).toBe(1)
})
