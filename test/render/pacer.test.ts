import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { pacer } from '../../src/tui/render/pacer.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

function counted() {
  let drawn = 0
  const frames = pacer(
    () => (drawn += 1),
    () => Date.now(),
  )
  return { frames, drawn: () => drawn }
}

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

test('the answer to a key is not waited for, and does what was waiting', () => {
  const { frames, drawn } = counted()
  frames.request(false)
  frames.request(false)
  frames.request(true)
  expect(drawn()).toBe(2)
  vi.advanceTimersByTime(100)
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
