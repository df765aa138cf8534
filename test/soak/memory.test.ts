import { expect, test } from 'vitest'
import { memoryGrew, type Sample } from './memory.ts'

const mb = 1e6

/** A sample each ten seconds. */
function run(minutes: number, rssAt: (minute: number) => number): readonly Sample[] {
  return Array.from({ length: minutes * 6 }, (_, at) => {
    const minute = (at + 1) / 6
    return { minute, rss: rssAt(minute) }
  })
}

test('a program that has what it needs after some minutes, with garbage on top', () => {
  const saw = (minute: number) => (100 + 50 * (1 - Math.exp(-minute)) + (minute % 1) * 30) * mb
  expect(memoryGrew(run(60, saw), 60)).toBeNull()
  expect(memoryGrew(run(3, saw), 3)).toBeNull()
})

test('a program that grows by a megabyte a minute for an hour', () => {
  expect(
    memoryGrew(
      run(60, (minute) => (150 + minute) * mb),
      60,
    ),
  ).toMatch(/from 15\d MB to 20\d MB.*10 %/)
})

test('a program that doubles in three minutes', () => {
  expect(
    memoryGrew(
      run(3, (minute) => 100 * 2 ** (minute / 1.5) * mb),
      3,
    ),
  ).toMatch(/more than 25 %/)
})
