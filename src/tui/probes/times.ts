/** Times as people read them: three digits that say something. */

/** `0.08 ms`, `12.3 ms`, `1.20 s`. */
export function ms(value: number): string {
  if (value >= 9999.5) return `${(value / 1000).toFixed(1)} s`
  if (value >= 999.5) return `${(value / 1000).toFixed(2)} s`
  return `${value.toFixed(value >= 99.95 ? 0 : value >= 9.995 ? 1 : 2)} ms`
}
