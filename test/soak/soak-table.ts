/** Memory a minute, the least and the most of its samples. */
import { table } from '../bench/figures.ts'
import type { Sample } from './memory.ts'

export function soakTable(samples: readonly Sample[]): string {
  const minutes = [...new Set(samples.map(({ minute }) => Math.floor(minute)))]
  const rows = minutes.map((at) => {
    const of = samples.filter(({ minute }) => Math.floor(minute) === at).map(({ rss }) => rss / 1e6)
    return [String(at + 1), Math.min(...of).toFixed(0), Math.max(...of).toFixed(0)]
  })
  return table(['minute', 'least MB', 'most MB'], rows)
}
