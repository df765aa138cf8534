/** A stable merge sort that can be interrupted: `Array.sort` of a hundred thousand holds the thread for long. */
import type { Pieces } from '../lib/in-pieces.ts'

const run = 512
const atOnce = 1024

/** `positions` are different from one another and ascending, which is what makes equal ones stay in their order. */
export function* sortInPieces(
  positions: Int32Array,
  compare: (a: number, b: number) => number,
): Pieces<Int32Array> {
  const stable = (a: number, b: number): number => compare(a, b) || a - b
  let from = positions.slice()
  for (let start = 0; start < from.length; start += run) {
    from.subarray(start, start + run).sort(stable)
    yield
  }
  let into = new Int32Array(from.length)
  for (let width = run; width < from.length; width *= 2) {
    for (let start = 0; start < from.length; start += 2 * width) {
      yield* merge(from, into, start, Math.min(start + width, from.length), stable, width)
    }
    const done = into
    into = from
    from = done
  }
  return from
}

function* merge(
  from: Int32Array,
  into: Int32Array,
  start: number,
  middle: number,
  compare: (a: number, b: number) => number,
  width: number,
): Pieces<void> {
  const end = Math.min(start + 2 * width, from.length)
  let left = start
  let right = middle
  for (let at = start; at < end; at++) {
    const [one, other] = [from[left] ?? 0, from[right] ?? 0]
    const takesLeft = left < middle && (right >= end || compare(one, other) <= 0)
    into[at] = takesLeft ? one : other
    if (takesLeft) left++
    else right++
    if (at % atOnce === 0) yield
  }
}
