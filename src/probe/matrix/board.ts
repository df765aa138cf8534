/** What is known of each cell so far: rows are where it came from, columns where it went, then what was tried. */
import type { Pieces } from '../../lib/in-pieces.ts'
import type { MatrixResult, MatrixVerdict } from '../../model/probe-result.ts'

/** `item`: which of what is tried. */
type Cell = { readonly from: number; readonly to: number; readonly item: number }

/** `isCounted: false`: it was sent only so that somebody is asked for. */
export type Told = Cell & { readonly isCounted: boolean }

export type Board = {
  readonly done: () => number
  /** What is known already stays. */
  readonly set: (cell: Cell, verdict: MatrixVerdict, ms: number | null) => void
  /** Half a million cells take a while. */
  readonly result: () => Pieces<Pick<MatrixResult, 'ok' | 'cells' | 'ms'>>
}

const verdicts: readonly MatrixVerdict[] = [
  'connected',
  'answered',
  'refused',
  'timeout',
  'unreachable',
  'prohibited',
  'reset',
  'lost',
  'cannot-enter',
]
const numbers = new Map(verdicts.map((verdict, at) => [verdict, at + 1]))

export function emptyBoard(members: number, items: number): Board {
  /** 0: not known yet. */
  const known = new Uint8Array(members * members * items)
  const times = new Float64Array(known.length).fill(Number.NaN)
  let done = 0
  return {
    done: () => done,
    set: ({ from, to, item }, verdict, ms) => {
      const at = (from * members + to) * items + item
      if (known[at] !== 0) return
      known[at] = numbers.get(verdict) ?? 0
      if (ms !== null) times[at] = Math.round(ms * 1000) / 1000
      done += 1
    },
    *result() {
      const cells: (readonly (MatrixVerdict | null)[])[][] = []
      const ms: (readonly (number | null)[])[][] = []
      let ok = true
      for (let from = 0; from < members; from += 1) {
        const [row, time]: [(MatrixVerdict | null)[][], (number | null)[][]] = [[], []]
        for (let first = from * members * items; row.length < members; first += items) {
          const numbersThere = Array.from(known.subarray(first, first + items))
          row.push(numbersThere.map((number) => verdicts[number - 1] ?? null))
          time.push(
            Array.from(times.subarray(first, first + items), (each) => (Number.isNaN(each) ? null : each)),
          )
          ok &&= numbersThere.every((number) => number === 1 || number === 2)
        }
        cells.push(row)
        ms.push(time)
        yield
      }
      return { ok, cells, ms }
    },
  }
}
