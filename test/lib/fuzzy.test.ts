import { expect, test } from 'vitest'
import { fuzzy } from '../../src/lib/fuzzy.ts'

test.each([
  ['rules', 'ru', 0],
  ['Rules', 'RU', 0],
  ['screen-rules', 'srl', 8],
  ['rules', 'sr', null],
])('the letters of %s are compared with %s: %s', (text, word, score) => {
  expect(fuzzy(text, word)).toBe(score)
})
