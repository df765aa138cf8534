/** ` ─ overview  processes 3  links 2  routes 5 …`: the one that is shown stands out, and is always among them. */
import type { Span } from '../frame.ts'
import type { State } from '../state.ts'
import type { Glyphs } from '../view/glyphs.ts'
import { span, widthOf } from '../view/text.ts'
import { sheetOf, sheetsFor, type Sheet } from './sheet.ts'
import type { Table } from './table.ts'

export function sheetTitles<Row>(
  table: Table<Row>,
  row: Row,
  state: State,
  room: number,
  look: Glyphs,
): readonly Span[] {
  const sheets = sheetsFor(table, row)
  const chosen = sheetOf(table, row, state)
  if (chosen === null) return []
  const titles = sheets.map((sheet) => titleOf(sheet, row, state, sheet === chosen))
  const here = sheets.indexOf(chosen)
  const join = span(` ${look.line} `, 'border')
  let [from, to] = [here, here + 1]
  const spansOf = (): readonly Span[] => [
    join,
    ...(from > 0 ? [span('… ', 'dim')] : []),
    ...titles.slice(from, to).flatMap((title, at) => (at === 0 ? title : [span('  '), ...title])),
    ...(to < titles.length ? [span(' …', 'dim')] : []),
  ]
  const tried = (less: number, more: number): boolean => {
    const before: readonly [number, number] = [from, to]
    ;[from, to] = [Math.max(0, from - less), Math.min(titles.length, to + more)]
    if (widthOf(spansOf()) <= room && (from < before[0] || to > before[1])) return true
    ;[from, to] = before
    return false
  }
  // The next one, then from the beginning on, then as many as there is room for.
  tried(0, 1)
  while (tried(1, 0));
  while (tried(0, 1));
  return spansOf()
}

function titleOf<Row>(
  { title, count }: Sheet<Row>,
  row: Row,
  state: State,
  isChosen: boolean,
): readonly Span[] {
  const number = count?.(row, state) ?? null
  return [
    span(isChosen ? title.toUpperCase() : title, isChosen ? 'match' : 'dim'),
    ...(number === null ? [] : [span(` ${number}`, 'dim')]),
  ]
}
