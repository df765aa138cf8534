import { expect, test } from 'vitest'
import { nearest } from '../../src/lib/nearest.ts'

const names = ['theme', 'keys', 'sockets', 'mouse', 'ascii']

test.each([
  ['them', 'theme'],
  ['teheme', 'theme'],
  ['socktes', 'sockets'],
  ['Mouse', 'mouse'],
  ['kesy', 'keys'],
  ['house', 'mouse'],
  ['colour', null],
  ['', null],
])('%s → %s', (word, meant) => {
  expect(nearest(word, names)).toBe(meant)
})

test('what is far too long is near nothing', () => {
  expect(nearest('theme'.repeat(10_000), names)).toBe(null)
})
