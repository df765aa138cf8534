import { createRequire } from 'node:module'
import { eastAsianWidth } from 'get-east-asian-width'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cut, drawable, pad, undrawable, width } from '../../src/lib/width.ts'

const unicode = createRequire(import.meta.url)('blessed/lib/unicode.js') as {
  charWidth(point: number): number
  strWidth(text: string): number
}

test('printable ASCII is one column each', () => {
  expect(width('veth195490d = redis123')).toBe(22)
  expect(width('')).toBe(0)
})

test('every character is as wide as blessed draws it', () => {
  const wrong: string[] = []
  for (let point = 0x20; point <= 0xffff; point += 1) {
    if (point >= 0xd800 && point <= 0xdfff) continue
    const character = String.fromCodePoint(point)
    if (width(character) !== unicode.charWidth(point)) wrong.push(point.toString(16))
  }
  expect(wrong).toEqual([])
})

test('blessed and the East Asian Width of today agree on every character that is drawn', () => {
  const wrong: string[] = []
  for (let point = 0x20; point <= 0x1_ffff; point += 1) {
    const character = String.fromCodePoint(point)
    if (drawable(character) !== character) continue
    if (unicode.charWidth(point) !== eastAsianWidth(point)) wrong.push(point.toString(16))
  }
  expect(wrong).toEqual([])
})

test.each([
  ['emoji', 'web🐳', 'web□'],
  ['a variation selector', '☎\ufe0f', '☎□'],
  ['a family joined by ZWJ', '👩‍👩', '□□□'],
  ['a keycap', '1\ufe0f\u20e3', '1□□'],
  ['a flag', '🇩🇪', '□□'],
  ['a combining mark', 'e\u0301', 'e□'],
  ['an emoji of the first plane', '⌚', '□'],
  ['old Hangul, which only one of blessed’s tables calls wide', '\ua960', '□'],
  ['a letter beyond the first plane', '𝒳', '□'],
  ['what sanitise should have caught', '\x1b[31m\u202e\x9b', '□[31m□□'],
])('%s is drawn as □', (_, text, drawn) => {
  expect(drawable(text)).toBe(drawn)
})

test.each(['docker0', 'Zürich', '容器', 'コンテナ', 'сеть', '├─ ▼ → … □ ▁▂▃', '한국어'])(
  '%s is drawn as it is',
  (text) => {
    expect(drawable(text)).toBe(text)
  },
)

test('cut keeps what fits and marks what does not', () => {
  expect(cut('nginx1', 6)).toBe('nginx1')
  expect(cut('nginx12', 6)).toBe('nginx…')
  expect(cut('nginx12', 6, '~')).toBe('nginx~')
  expect(cut('nginx12', 1)).toBe('…')
  expect(cut('nginx12', 0)).toBe('')
  expect(cut('容器容器', 8)).toBe('容器容器')
  expect(cut('容器容器', 7)).toBe('容器容…')
  expect(cut('容器容器', 6)).toBe('容器…')
})

test('pad is exactly as wide as asked', () => {
  expect(pad('lo', 4)).toBe('lo  ')
  expect(pad('容器', 5)).toBe('容器 ')
  expect(width(pad('容器容器', 6))).toBe(6)
})

test('whatever the text, what is drawn is as wide as blessed says, and cut and pad keep their word', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary', maxLength: 40 }),
      fc.integer({ min: 0, max: 30 }),
      (text, columns) => {
        const drawn = drawable(text)
        expect(width(drawn)).toBe(unicode.strWidth(drawn))
        expect(width(cut(drawn, columns))).toBeLessThanOrEqual(columns)
        expect(width(pad(drawn, columns))).toBe(columns)
        expect(Array.from(drawn).length).toBe(Array.from(text).length)
        expect(drawable(drawn)).toBe(drawn)
        expect(undrawable).toBe('□')
      },
    ),
    { numRuns: 500 },
  )
})
