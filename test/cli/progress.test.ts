import { Writable } from 'node:stream'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { progress } from '../../src/cli/progress.ts'

beforeEach(() => void vi.useFakeTimers())
afterEach(() => void vi.useRealTimers())

function catcher(isTTY: boolean) {
  let text = ''
  const stream = new Writable({
    write: (chunk: Buffer, _encoding, done) => {
      text += chunk.toString()
      done()
    },
  })
  return { stream: Object.assign(stream, { isTTY }) as unknown as NodeJS.WriteStream, text: () => text }
}

test('says how far it is, but not when it is quick, and takes the line away', () => {
  const { stream, text } = catcher(true)
  const told = progress(stream, 'reading')
  told.report(1, 9)
  expect(text()).toBe('')
  vi.advanceTimersByTime(500)
  told.report(2, 9)
  told.report(3, 9)
  expect(text()).toBe('\r\x1b[Kreading: 2 of 9')
  vi.advanceTimersByTime(200)
  told.report(4, 9)
  told.end()
  told.end()
  expect(text()).toBe('\r\x1b[Kreading: 2 of 9\r\x1b[Kreading: 4 of 9\r\x1b[K')
})

test('says nothing where nobody watches', () => {
  const { stream, text } = catcher(false)
  const told = progress(stream, 'reading')
  vi.advanceTimersByTime(5000)
  told.report(2, 9)
  told.end()
  expect(text()).toBe('')
})

test('the line is gone when all is read, however soon that is after it was last shown', () => {
  const { stream, text } = catcher(true)
  const told = progress(stream, 'reading')
  vi.advanceTimersByTime(500)
  told.report(7, 9)
  vi.advanceTimersByTime(1)
  told.report(9, 9)
  expect(text()).toBe('\r\x1b[Kreading: 7 of 9\r\x1b[K')
})

test('between what is told meanwhile the line comes back', () => {
  const { stream, text } = catcher(true)
  const told = progress(stream, 'tried')
  vi.advanceTimersByTime(500)
  told.report(7, 9)
  told.clear()
  vi.advanceTimersByTime(500)
  told.report(8, 9)
  expect(text()).toBe('\r\x1b[Ktried: 7 of 9\r\x1b[K\r\x1b[Ktried: 8 of 9')
})

test('what is told after the end stands nowhere', () => {
  const { stream, text } = catcher(true)
  const told = progress(stream, 'reading')
  told.end()
  vi.advanceTimersByTime(500)
  told.report(7, 9)
  expect(text()).toBe('')
})
