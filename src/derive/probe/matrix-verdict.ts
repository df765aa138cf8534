import type { MatrixResult, MatrixVerdict, Verdict } from '../../model/probe-result.ts'

/** `ping: all 2,500 answered; port 80: 2,450 connected, 50 timeout`. */
export function matrixVerdict(result: MatrixResult): Verdict {
  return { ok: result.ok, says: result.tried.map((_, item) => itemVerdict(result, item)).join('; ') }
}

export function itemVerdict({ cells, tried, members }: MatrixResult, item: number): string {
  const counts = new Map<MatrixVerdict | 'not reached', number>()
  for (const row of cells) {
    for (const cell of row) {
      const verdict = cell[item] ?? 'not reached'
      counts.set(verdict, (counts.get(verdict) ?? 0) + 1)
    }
  }
  const name = itemName(tried[item])
  const all = members.length ** 2
  const [only] = counts.keys()
  if (counts.size === 1 && only !== undefined) return `${name}: all ${grouped(all)} ${only}`
  const parts = [...counts].sort(([, a], [, b]) => b - a)
  return `${name}: ${parts.map(([verdict, count]) => `${grouped(count)} ${verdict}`).join(', ')}`
}

export function itemName(item: number | 'ping' | undefined): string {
  return item === 'ping' ? 'ping' : `port ${item}`
}

function grouped(count: number): string {
  return count.toLocaleString('en-US')
}
