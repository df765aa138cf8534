/** A time for people, with the digits that say something: `0.04 ms`, `12.3 ms`, `480 ms`, `1.25 s`. */
export function msText(ms: number): string {
  if (ms >= 999.5) return `${(ms / 1000).toFixed(2)} s`
  return `${ms.toFixed(ms < 9.995 ? 2 : ms < 99.95 ? 1 : 0)} ms`
}
