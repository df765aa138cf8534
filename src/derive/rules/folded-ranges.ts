/** Rows that are folded away, as ranges of the rows that there are: what is shown is numbered around them. */

export type Range = { readonly from: number; readonly count: number }

/** In order, without those inside others. */
export function hiddenRanges(ranges: readonly Range[]): readonly Range[] {
  const hidden: Range[] = []
  for (const range of ranges.toSorted((a, b) => a.from - b.from || b.count - a.count)) {
    const last = hidden.at(-1)
    if (range.count > 0 && (last === undefined || range.from >= last.from + last.count)) hidden.push(range)
  }
  return hidden
}

/** The number among all rows of the n-th that is shown. */
export function positionWithout(hidden: readonly Range[], shown: number): number {
  let at = shown
  for (const { from, count } of hidden) {
    if (from > at) break
    at += count
  }
  return at
}

/** How many are shown before that one of all rows; null where it is folded away itself. */
export function shownBefore(hidden: readonly Range[], at: number): number | null {
  let before = at
  for (const { from, count } of hidden) {
    if (from > at) break
    if (at < from + count) return null
    before -= count
  }
  return before
}
