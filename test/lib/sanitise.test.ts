import { expect, test } from 'vitest'
import { escapeJson } from '../../src/lib/sanitise.ts'

test.each([
  ['plain ~', 'plain ~'],
  ['DEL \x7f alone', 'DEL \\u007f alone'],
  ['C1 \x9b', 'C1 \\u009b'],
  ['bidi \u202e', 'bidi \\u202e'],
  ['grün 🐳', 'grün 🐳'],
])('JSON of %j holds nothing that a terminal would act on', (text, escaped) => {
  const json = JSON.stringify({ text })
  expect(escapeJson(json)).toBe(`{"text":"${escaped}"}`)
  expect(JSON.parse(escapeJson(json))).toEqual({ text })
})
