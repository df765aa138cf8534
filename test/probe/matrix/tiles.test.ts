import { expect, test } from 'vitest'
import { ring, tiles } from '../../../src/probe/matrix/tiles.ts'

test.each([
  [1, 15],
  [14, 15],
  [15, 15],
  [16, 15],
  [47, 5],
])(
  '%i members in tiles of %i: each cell once, and both directions of a pair in one tile',
  (members, size) => {
    const seen = new Map<string, number>()
    let number = 0
    for (const tile of tiles(members, size)) {
      number += 1
      for (const { from, to } of tile) {
        for (const end of to) {
          expect(seen.has(`${from} ${end}`)).toBe(false)
          seen.set(`${from} ${end}`, number)
        }
      }
      expect(tile.reduce((sum, { to }) => sum + to.length, 0)).toBeLessThanOrEqual(2 * size * size)
    }
    expect(seen.size).toBe(members ** 2)
    for (const [cell, tile] of seen) expect(seen.get(cell.split(' ').toReversed().join(' '))).toBe(tile)
  },
)

test('a ring asks for each member from another one', () => {
  const asked = [...ring(7, 3)].flat()
  expect(new Set(asked.flatMap(({ from, to }) => to.filter((end) => end !== from)))).toEqual(
    new Set([0, 1, 2, 3, 4, 5, 6]),
  )
  expect(asked).toHaveLength(7)
})
