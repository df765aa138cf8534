/** Samples of uneven length → values evenly spaced in time, so that a chart can draw them. */

export type Span = { readonly from: number; readonly at: number }

/**
 * The mean of each of `count` equal steps that end at `end`, weighted by time; null where no sample says anything.
 * Samples are oldest first and do not overlap.
 */
export function buckets<S extends Span>(
  samples: readonly S[],
  valueOf: (sample: S) => number | null,
  end: number,
  stepMs: number,
  count: number,
): readonly (number | null)[] {
  const sums = new Float64Array(count)
  const known = new Float64Array(count)
  const begin = end - stepMs * count
  for (const sample of samples) {
    const value = valueOf(sample)
    if (value === null || sample.at <= begin) continue
    const first = Math.max(0, Math.floor((sample.from - begin) / stepMs))
    const last = Math.min(count - 1, Math.ceil((sample.at - begin) / stepMs) - 1)
    for (let at = first; at <= last; at += 1) {
      const left = Math.max(sample.from, begin + at * stepMs)
      const right = Math.min(sample.at, begin + (at + 1) * stepMs)
      if (right <= left) continue
      sums[at] = (sums[at] ?? 0) + value * (right - left)
      known[at] = (known[at] ?? 0) + right - left
    }
  }
  return Array.from(sums, (sum, at) => {
    const time = known[at] ?? 0
    return time === 0 ? null : sum / time
  })
}
