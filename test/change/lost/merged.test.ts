/** Where lost rules are put among those that are there. */
import { expect, test } from 'vitest'
import { merged } from '../../../src/change/lost/merged.ts'
import type { EngineRule } from '../../../src/derive/engine-rules/engine-rules.ts'

/** `^a` is put at the head, `a` at the end. */
const wanted = (...texts: readonly string[]): readonly EngineRule[] =>
  texts.map((text) => ({ text: text.replace('^', ''), put: text.startsWith('^') ? 'head' : 'end' }))

/** The chain as it is afterwards, by running what is said. */
function chain(there: readonly string[], rules: readonly EngineRule[]): readonly string[] {
  const now = [...there]
  for (const { text, number } of merged(there, rules)) now.splice((number ?? now.length + 1) - 1, 0, text)
  return now
}

test('an empty chain gets all of them in their order, by -A', () => {
  expect(merged([], wanted('^a', 'b'))).toEqual([
    { text: 'a', number: null },
    { text: 'b', number: null },
  ])
})

test('nothing is lost: nothing is put', () => {
  expect(merged(['x', 'a', 'b', 'y'], wanted('^a', 'b'))).toEqual([])
})

test('beside the ones of its own that it stood beside', () => {
  expect(chain(['a', 'c', 'x'], wanted('^a', '^b', '^c', 'd'))).toEqual(['a', 'b', 'c', 'x', 'd'])
  expect(chain(['x', 'c'], wanted('^a', '^b', '^c'))).toEqual(['x', 'a', 'b', 'c'])
  expect(chain(['b', 'x'], wanted('a', 'b', 'c'))).toEqual(['a', 'b', 'c', 'x'])
})

test('where none of its own is left: at the head or at the end, as the engine puts them', () => {
  expect(chain(['x', 'y'], wanted('^a', '^b', 'c', 'd'))).toEqual(['a', 'b', 'x', 'y', 'c', 'd'])
})

test('what it puts at the head is not drawn to the end by what it appended', () => {
  expect(chain(['x', 'c'], wanted('^a', 'c'))).toEqual(['a', 'x', 'c'])
})

test('every way to lose some of them: theirs keep their order, its own too', () => {
  const rules = wanted('^a', '^b', '^c', 'd', 'e')
  const whole = ['a', 'b', 'c', 'x', 'd', 'e', 'y']
  for (let lost = 0; lost < 32; lost++) {
    const left = whole.filter((text) => {
      const at = 'abcde'.indexOf(text)
      return at < 0 || (lost & (1 << at)) === 0
    })
    const now = chain(left, rules)
    expect(now.filter((text) => 'abcde'.includes(text)).join('')).toBe('abcde')
    expect(now.filter((text) => 'xy'.includes(text)).join('')).toBe('xy')
    expect(now.indexOf('c'), left.join('')).toBeLessThan(now.indexOf('d'))
  }
})
