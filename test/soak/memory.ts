/** Whether a program's memory grew all the while, or only until it had what it needs. */
export type Sample = {
  readonly minute: number
  /** Bytes. */
  readonly rss: number
}

/** A run this long is held against its fifth minute. */
const longMinutes = 10
const comparedMinute = 5
const longGrowth = 1.1
/** A short one against its own middle, and with room for what a garbage collector leaves for later. */
const shortGrowth = 1.25

/** A sentence, or null. Compares the least of a time: what lies above it is garbage that was not collected yet. */
export function memoryGrew(samples: readonly Sample[], minutes: number): string | null {
  if (samples.length < 6) return null
  const isLong = minutes >= longMinutes
  const then = isLong
    ? samples.filter(({ minute }) => minute >= comparedMinute - 1 && minute < comparedMinute + 1)
    : samples.slice(Math.floor(samples.length / 3), Math.floor((samples.length * 2) / 3))
  const now = isLong
    ? samples.filter(({ minute }) => minute >= minutes - 2)
    : samples.slice(Math.floor((samples.length * 2) / 3))
  const [before, after] = [least(then), least(now)]
  const bound = isLong ? longGrowth : shortGrowth
  if (after <= before * bound) return null
  const [was, is] = [before, after].map((bytes) => (bytes / 1e6).toFixed(0))
  return `memory grew from ${was} MB to ${is} MB, by more than ${((bound - 1) * 100).toFixed(0)} %`
}

function least(samples: readonly Sample[]): number {
  return Math.min(...samples.map(({ rss }) => rss))
}
