/** The same numbers for the same seed on every machine (mulberry32). */
export type Random = {
  /** 0 … below − 1. */
  (below: number): number
}

export function random(seed: number): Random {
  let state = seed
  return (below) => {
    state = (state + 0x6d2b79f5) | 0
    let t = Math.imul(state ^ (state >>> 15), 1 | state)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) % below
  }
}

export function oneOf<T>(list: readonly [T, ...T[]], pick: Random): T {
  return list[pick(list.length)] ?? list[0]
}
