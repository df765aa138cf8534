/** How wide a table's columns are: by all its rows, so that nothing moves sideways while it is scrolled. */
import type { Glyphs } from '../view/glyphs.ts'
import { widthOf } from '../view/text.ts'
import type { Column } from './table.ts'

export type FittedColumn<Row> = { readonly column: Column<Row>; readonly width: number }

/** Between two columns. */
export const columnGap = 2
/** More rows than this are taken to look like those before them. */
const measured = 500

/** `hidden`: ids of columns that are not wanted. At least the first one stays. */
export function fitColumns<Row>(
  columns: readonly Column<Row>[],
  rows: readonly Row[],
  hidden: readonly string[],
  glyphs: Glyphs,
  room: number,
): readonly FittedColumn<Row>[] {
  const wanted = columns.filter(({ id }, at) => at === 0 || !hidden.includes(id))
  const sample = rows.slice(0, measured)
  const wants = new Map(
    wanted.map((column) => {
      const cells = sample.map((row) => widthOf(column.cell(row, glyphs)))
      const natural = Math.max(column.title.length, column.least, ...cells)
      return [column, Math.min(natural, Math.max(column.most, column.title.length))]
    }),
  )
  const kept = fitting(wanted, room)
  let left = room - needed(kept)
  return kept.map((column) => {
    const more = Math.max(0, Math.min(left, (wants.get(column) ?? column.least) - column.least))
    left -= more
    return { column, width: Math.min(room, column.least + more) }
  })
}

function fitting<Row>(columns: readonly Column<Row>[], room: number): readonly Column<Row>[] {
  if (needed(columns) <= room) return columns
  const least = Math.max(...columns.map(({ rank }) => rank))
  if (least === 0) return columns
  const out = columns.findLastIndex(({ rank }) => rank === least)
  return fitting(columns.toSpliced(out, 1), room)
}

function needed<Row>(columns: readonly Column<Row>[]): number {
  return columns.reduce((sum, { least }) => sum + least + columnGap, -columnGap)
}
