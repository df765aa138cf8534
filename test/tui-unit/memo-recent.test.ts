import { expect, test } from 'vitest'
import { forgetUnused, memoRecent } from '../../src/tui/select/memo-recent.ts'

test('the latest answers are the same objects, older ones are made anew', () => {
  let made = 0
  const answer = memoRecent((of: number) => ({ of, made: (made += 1) }))
  const [first, second] = [answer(1), answer(2)]
  expect(answer(1)).toBe(first)
  expect(answer(2)).toBe(second)
  for (const each of [3, 4, 5, 6]) answer(each)
  expect(answer(1)).not.toBe(first)
})

test('what was not asked for between two sweeps is let go, what was stays', () => {
  let made = 0
  const answer = memoRecent((of: number) => ({ of, made: (made += 1) }))
  const [one, two] = [answer(1), answer(2)]
  forgetUnused()
  expect(answer(1)).toBe(one)
  forgetUnused()
  expect(answer(1)).toBe(one)
  expect(answer(2)).not.toBe(two)
  forgetUnused()
  forgetUnused()
  expect(answer(1)).not.toBe(one)
})
