import { width } from '../lib/width.ts'

/** One cell: what is measured, and how it looks (colours have no width). */
export type Cell = { readonly text: string; readonly shown?: string }

/** Lines of a table whose columns are as wide as their widest cell; nothing is cut and no line ends with spaces. */
export function columns(rows: readonly (readonly Cell[])[]): readonly string[] {
  const widths: number[] = []
  for (const row of rows) {
    row.forEach((cell, at) => {
      // The last cell of a row needs no room: it may be long (a list of addresses) without pushing others away.
      if (at < row.length - 1) widths[at] = Math.max(widths[at] ?? 0, width(cell.text))
    })
  }
  return rows.map((row) => {
    const last = row.findLastIndex((cell) => cell.text !== '')
    return row
      .slice(0, last + 1)
      .map(({ text, shown = text }, at) =>
        at === last ? shown : shown + ' '.repeat(Math.max(0, (widths[at] ?? 0) - width(text))),
      )
      .join('  ')
  })
}
