/**
 * The square of all cells in pieces: some members and some others, in both directions. Whoever talks to a neighbour has an
 * entry in the kernel's neighbour table, and so has the other side, so both directions of a pair belong together.
 */
export type Tile = { readonly from: number; readonly to: readonly number[] }

/** Each tile: for each of its members, to whom it goes. Together they are all pairs, each once. */
export function* tiles(members: number, size: number): Generator<readonly Tile[]> {
  const blocks = Math.ceil(members / size)
  const block = (at: number): readonly number[] =>
    Array.from({ length: Math.min(size, members - at * size) }, (_, n) => at * size + n)
  for (let a = 0; a < blocks; a += 1) {
    const some = block(a)
    yield some.map((from) => ({ from, to: some }))
    for (let b = a + 1; b < blocks; b += 1) {
      const others = block(b)
      yield [...some.map((from) => ({ from, to: others })), ...others.map((from) => ({ from, to: some }))]
    }
  }
}

/** Each member asks for the next one, so many at a time: all are asked for, each by one other. */
export function* ring(members: number, size: number): Generator<readonly Tile[]> {
  for (let start = 0; start < members; start += size) {
    yield Array.from({ length: Math.min(size, members - start) }, (_, n) => ({
      from: start + n,
      to: [(start + n + 1) % members],
    }))
  }
}
