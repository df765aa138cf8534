/**
 * Columns of text that are as wide as they have to be. One that holds nothing in any row is left out; where room is
 * short the widest ones give way.
 */
import { width } from '../../../lib/width.ts'
import type { Line, Span } from '../../frame.ts'
import { atRight, gap, lineOf, padded, span, widthOf } from '../text.ts'

export type GridColumn = {
  readonly title: string
  readonly right?: true
  /** Never narrower, where room is short. */
  readonly least?: number
  /** Words: gives way before names and numbers do. */
  readonly soft?: true
}

/** A cell's text, or several pieces. */
export type Cell = Span | readonly Span[]

const between = 2
const usualLeast = 6

export function grid(
  columns: readonly GridColumn[],
  rows: readonly (readonly Cell[])[],
  room: number,
): readonly Line[] {
  if (rows.length === 0) return []
  const spans = rows.map((row) => row.map(piecesOf))
  const kept = columns
    .map((column, at) => ({ column, at, holds: Math.max(...spans.map((row) => widthOf(row[at] ?? []))) }))
    .filter(({ holds }) => holds > 0)
  const widths = narrowed(
    kept.map(({ column, holds }) => Math.max(holds, width(column.title))),
    kept.map(({ column }) => Math.max(column.least ?? usualLeast, width(column.title))),
    kept.map(({ column }) => column.soft === true),
    room - 1 - between * (kept.length - 1),
  )
  const lineFor = (cells: readonly (readonly Span[])[]): Line =>
    lineOf(
      [
        gap(1),
        ...kept.flatMap(({ column }, at) => {
          const isLast = at === kept.length - 1
          const wide = widths[at] ?? 0
          const cell = cells[at] ?? []
          const drawn = column.right === true ? rightOf(cell, wide) : isLast ? cell : padded(cell, wide)
          return isLast ? drawn : [...drawn, gap(between)]
        }),
      ],
      room,
    )
  return [
    lineFor(kept.map(({ column }) => [span(column.title, 'dim')])),
    ...spans.map((row) => lineFor(kept.map(({ at }) => row[at] ?? []))),
  ]
}

function piecesOf(cell: Cell): readonly Span[] {
  return 'text' in cell ? [cell] : cell
}

function rightOf(cell: readonly Span[], wide: number): readonly Span[] {
  const [only] = cell
  return only !== undefined && cell.length === 1
    ? atRight(only.text, wide, only.role)
    : [gap(wide - widthOf(cell)), ...cell]
}

/** Words give first, then the widest; below its least none goes. */
function narrowed(
  wants: readonly number[],
  least: readonly number[],
  soft: readonly boolean[],
  room: number,
): readonly number[] {
  const widths = [...wants]
  let over = widths.reduce((sum, each) => sum + each, 0) - room
  while (over > 0) {
    const able = widths.flatMap((each, at) => (each > (least[at] ?? 0) ? [at] : []))
    const words = able.filter((at) => soft[at] === true)
    const from = words.length > 0 ? words : able
    const most = Math.max(...from.map((at) => widths[at] ?? 0))
    const at = from.findLast((each) => widths[each] === most)
    if (at === undefined) break
    widths[at] = most - 1
    over -= 1
  }
  return widths
}
