import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { sortInPieces } from '../../src/derive/sort-in-pieces.ts'
import { inOneGo } from '../../src/lib/in-pieces.ts'

test('as a stable sort has it, at any length, also of a part of the positions', () => {
  const length = fc.oneof(fc.nat(20), fc.nat(6000), fc.constantFrom(511, 512, 513, 1024, 1025, 2048))
  const run = fc.tuple(length, fc.nat(1_000_000), fc.integer({ min: 1, max: 3 }))
  fc.assert(
    fc.property(run, ([count, seed, every]) => {
      const keys = Array.from({ length: count }, (_, at) => ((at * 7919 + seed) * 31) % 101)
      const positions = keys.map((_, at) => at).filter((at) => at % every === 0)
      const compare = (a: number, b: number) => (keys[a] ?? 0) - (keys[b] ?? 0)
      const given = Int32Array.from(positions)
      expect([...inOneGo(sortInPieces(given, compare))]).toEqual(positions.toSorted(compare))
      expect([...given]).toEqual(positions)
    }),
    { numRuns: 60 },
  )
})

test('no piece compares more than some thousand times', () => {
  let compared = 0
  let most = 0
  const work = sortInPieces(
    Int32Array.from({ length: 50_000 }, (_, at) => at),
    (a, b) => {
      compared += 1
      return ((a * 7919) % 50_021) - ((b * 7919) % 50_021)
    },
  )
  while (work.next().done !== true) {
    most = Math.max(most, compared)
    compared = 0
  }
  expect(most).toBeLessThan(8000)
})
