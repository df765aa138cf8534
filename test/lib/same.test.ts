import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { same } from '../../src/lib/same.ts'

test.each([
  [{ a: 1, b: [1, { c: null }] }, { b: [1, { c: null }], a: 1 }, true],
  [{ a: 1 }, { a: 1, b: 2 }, false],
  [{ a: 1, b: 2 }, { a: 1, c: 2 }, false],
  [{ a: undefined }, {}, false],
  [[1, 2], [1, 2, 3], false],
  [[1, 2], [2, 1], false],
  [[], {}, false],
  [null, {}, false],
  ['1', 1, false],
])('%j and %j: %j', (a, b, expected) => {
  expect(same(a, b)).toBe(expected)
  expect(same(b, a)).toBe(expected)
})

test('a copy is the same, and two values are if they read the same', () => {
  fc.assert(
    fc.property(fc.jsonValue(), fc.jsonValue(), (a, b) => {
      expect(same(a, structuredClone(a))).toBe(true)
      // JSON has no −0.
      if (JSON.stringify(a) === JSON.stringify(b))
        expect(same(JSON.parse(JSON.stringify(a)), JSON.parse(JSON.stringify(b)))).toBe(true)
      else if (same(a, b)) expect(sorted(a)).toEqual(sorted(b))
    }),
  )
})

function sorted(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value))
}
