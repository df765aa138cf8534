import type { PingResult } from '../../model/probe-result.ts'

export type RoundTrips = { add(ms: number): void; summary(): PingResult['rttMs'] }

/** Minimum, average, maximum and standard deviation of any number of times, in one pass (Welford). */
export function roundTrips(): RoundTrips {
  let count = 0
  let min = Infinity
  let max = 0
  let mean = 0
  let squares = 0
  return {
    add: (ms) => {
      count += 1
      min = Math.min(min, ms)
      max = Math.max(max, ms)
      const from = ms - mean
      mean += from / count
      squares += from * (ms - mean)
    },
    summary: () =>
      count === 0
        ? null
        : { min: micro(min), avg: micro(mean), max: micro(max), mdev: micro(Math.sqrt(squares / count)) },
  }
}

/** Microseconds are what the kernel's stamps are good for. */
function micro(ms: number): number {
  return Math.round(ms * 1000) / 1000
}
