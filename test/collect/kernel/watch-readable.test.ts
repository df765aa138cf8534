import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { watchReadable } from '../../../src/collect/kernel/watch-readable.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

/** Two descriptors; `came`: something stands there until it is read. */
function played(isTold: boolean, signals = true) {
  const it = { looks: 0, heard: 0, came: false, signalled: [] as number[] }
  const libc = {
    readable: () => {
      it.looks += 1
      return it.came ? 1 : 0
    },
    signalWhenReadable: (fd: number) => {
      it.signalled.push(fd)
      return signals
    },
  }
  const readable = (): void => {
    it.heard += 1
    it.came = false
  }
  return { it, watch: watchReadable(libc, [3, 4], readable, isTold) }
}

test('where a signal tells, nobody looks but when it comes', () => {
  const { it, watch } = played(true)
  vi.advanceTimersByTime(1900)
  expect(it).toMatchObject({ looks: 1, signalled: [3, 4] })
  it.came = true
  watch.look()
  expect(it).toMatchObject({ looks: 2, heard: 1 })
})

test('what was there before the signal was asked for is seen', () => {
  const { it } = played(true)
  it.came = true
  vi.advanceTimersByTime(1)
  expect(it.heard).toBe(1)
})

test('signals without pause are looked at every four milliseconds', () => {
  const { it, watch } = played(true)
  vi.advanceTimersByTime(100)
  for (let ms = 0; ms < 40; ms += 1) {
    it.came = true
    watch.look()
    watch.look()
    vi.advanceTimersByTime(1)
  }
  expect(it).toMatchObject({ heard: 11, came: false })
})

test('a signal that got lost costs two seconds', () => {
  const { it } = played(true)
  vi.advanceTimersByTime(10)
  it.came = true
  vi.advanceTimersByTime(2000)
  expect(it.heard).toBe(1)
})

test.each([
  ['nobody hears signals', false, true, []],
  ['the kernel sends none', true, false, [3]],
])(
  'where %s it is looked at every 40 ms, and more often while something comes',
  (_, isTold, sends, signalled) => {
    const { it } = played(isTold, sends)
    vi.advanceTimersByTime(401)
    expect(it).toMatchObject({ looks: 11, heard: 0, signalled })
    it.came = true
    vi.advanceTimersByTime(40)
    expect(it.heard).toBe(1)
    const before = it.looks
    vi.advanceTimersByTime(300)
    expect(it.looks - before).toBeGreaterThanOrEqual(28)
  },
)

test('closed, it does not look any more', () => {
  const { it, watch } = played(true)
  vi.advanceTimersByTime(10)
  watch.close()
  watch.look()
  vi.advanceTimersByTime(10_000)
  expect(it.looks).toBe(1)
})
