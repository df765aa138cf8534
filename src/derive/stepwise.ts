/** A list gone through one item a piece, for who has other things to do as well. */
import type { Pieces } from '../lib/in-pieces.ts'

export function* stepwise<T, R>(items: Iterable<T>, of: (item: T) => readonly R[]): Pieces<readonly R[]> {
  const all: R[] = []
  for (const item of items) {
    for (const each of of(item)) all.push(each)
    yield
  }
  return all
}
