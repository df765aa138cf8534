/** What is known of each cell so far: rows are where it came from, columns where it went, then what was tried. */
import type { MatrixResult, MatrixVerdict } from '../../model/probe-result.ts'

export type Board = {
  readonly done: () => number
  readonly set: (cell: Cell, verdict: MatrixVerdict, ms: number | null) => void
  readonly isKnown: (cell: Cell) => boolean
  readonly cells: MatrixResult['cells']
  readonly ms: MatrixResult['ms']
}

/** `item`: which of what is tried. */
export type Cell = { readonly from: number; readonly to: number; readonly item: number }

export function emptyBoard(members: number, items: number): Board {
  const empty = <T>(): (T | null)[][][] =>
    Array.from({ length: members }, () =>
      Array.from({ length: members }, () => Array.from({ length: items }, () => null)),
    )
  const cells = empty<MatrixVerdict>()
  const times = empty<number>()
  let done = 0
  return {
    done: () => done,
    isKnown: ({ from, to, item }) => (cells[from]?.[to]?.[item] ?? null) !== null,
    set: ({ from, to, item }, verdict, ms) => {
      const [row, time] = [cells[from]?.[to], times[from]?.[to]]
      if (row === undefined || time === undefined || row[item] !== null) return
      row[item] = verdict
      time[item] = ms === null ? null : Math.round(ms * 1000) / 1000
      done += 1
    },
    cells,
    ms: times,
  }
}
