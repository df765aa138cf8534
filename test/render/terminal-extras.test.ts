import { expect, test } from 'vitest'
import { clipboardSequence } from '../../src/tui/terminal/clipboard.ts'
import { doubleClicks } from '../../src/tui/terminal/double-clicks.ts'
import type { Input } from '../../src/tui/terminal/decode-keys.ts'

const click = (row: number, column: number): Input => ({
  type: 'mouse',
  mouse: { event: 'click', row, column },
})
const eventOf = (input: Input): string => (input.type === 'mouse' ? input.mouse.event : input.type)

test('the second click at one place within 400 ms is a double click, the third is not', () => {
  const clicks = doubleClicks()
  expect(eventOf(clicks(click(3, 4), 0))).toBe('click')
  expect(eventOf(clicks(click(3, 4), 300))).toBe('double')
  expect(eventOf(clicks(click(3, 4), 400))).toBe('click')
  expect(eventOf(clicks(click(3, 4), 900))).toBe('click')
  expect(eventOf(clicks(click(3, 5), 950))).toBe('click')
  expect(eventOf(clicks({ type: 'key', key: 'j' }, 960))).toBe('key')
  expect(eventOf(clicks(click(3, 5), 970))).toBe('click')
})

test('what is copied goes to the terminal as OSC 52', () => {
  expect(clipboardSequence('ip -d link', {})).toBe('\x1b]52;c;aXAgLWQgbGluaw==\x07')
})

test('tmux and screen get it wrapped', () => {
  const inTmux = clipboardSequence('a', { TMUX: '/tmp/x' })
  expect(inTmux).toBe('\x1b]52;c;YQ==\x07\x1bPtmux;\x1b\x1b]52;c;YQ==\x07\x1b\\')
  const long = clipboardSequence('x'.repeat(3000), { STY: '1.host' })
  const inner = [...long.matchAll(/\x1bP([\s\S]*?)\x1b\\/g)].map((each) => each[1]).join('')
  expect(Buffer.from(inner.slice('\x1b]52;c;'.length, -1), 'base64').toString()).toBe('x'.repeat(3000))
  for (const [whole] of long.matchAll(/\x1bP[\s\S]*?\x1b\\/g)) expect(whole.length).toBeLessThan(768)
})

test('more than a terminal takes is cut', () => {
  expect(clipboardSequence('x'.repeat(200_000), {}).length).toBeLessThan(75_000)
})
