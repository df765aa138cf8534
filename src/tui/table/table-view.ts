/**
 * ━> listening 41 ━ published  connections ━━━━━━━━━━━━━━━━━━━━━━━━━━ 12-34 of 41 ━
 *    ADDRESS      PORT↓  PROCESS           CONTAINER
 * >  0.0.0.0       8080  docker-proxy 912  nginx1
 *   *127.0.0.1     6379  redis-server 812  redis123
 * ── 127.0.0.1:6379 in redis123 ───────────────────────────────────────────────────
 *  …
 */
import type { Line, Region, Span } from '../frame.ts'
import type { Box } from '../layout.ts'
import { memoRecent } from '../select/memo-recent.ts'
import type { State } from '../state.ts'
import { glyphs, type Glyphs } from '../view/glyphs.ts'
import { rule } from '../view/rule.ts'
import { fitted, gap, lineOf, padded, span, widthOf, wrapped } from '../view/text.ts'
import type { Arranged } from './arranged.ts'
import { detailLines } from './sheet.ts'
import { sheetTitles } from './sheet-titles.ts'
import { columnGap, fitColumns, type FittedColumn } from './fit-columns.ts'
import type { Pane, Table } from './table.ts'
import { layoutOfTable } from './table-layout.ts'
import type { TableState } from './table-state.ts'

/** The longest title of a sheet with its count. */
const sheetTitleRoom = 20

/** Selection, what stands out, mark. */
const margin = 3

export type Page = {
  readonly title: string
  /** How many rows, where that is known. */
  readonly count: string
  readonly chosen: boolean
}

export type TableView<Row> = (
  state: State,
  rows: Arranged<Row> | null,
  pages: readonly Page[],
) => readonly Region[]

export function tableViewOf<Row>(table: Table<Row>): TableView<Row> {
  const fit = memoRecent((rows: readonly Row[], hidden: readonly string[], look: Glyphs, room: number) =>
    fitColumns(table.columns, rows, hidden, look, room),
  )
  return (state, rows, pages) => {
    const own = state.tables[table.id]
    const layout = layoutOfTable(table, state, rows)
    if (layout === null) return []
    const look = glyphs(state.options.ascii)
    const columns = fit(rows?.rows ?? none, own.hidden, look, layout.rows.width - margin)
    const { bar } = layout
    return [
      headingRegion(state, layout.heading, layout.rows.height, rows, own, pages, look),
      titlesRegion(layout.titles, columns, own, look),
      { id: 'rows', ...layout.rows, lines: rowLines(table, state, layout.rows, rows, columns, look) },
      ...(bar === null ? [] : [barRegion(bar, look)]),
      detailRegion(table, state, layout.detail, rows, look),
    ]
  }
}

const none: readonly never[] = []

function headingRegion<Row>(
  state: State,
  box: Box,
  height: number,
  rows: Arranged<Row> | null,
  own: TableState,
  pages: readonly Page[],
  look: Glyphs,
): Region {
  const size = rows === null ? 0 : rows.size
  const to = Math.min(size, own.top + height)
  const filtered = rows !== null && rows.size < rows.total ? `  ${rows.size} of ${rows.total} fit` : ''
  // `!is:dwn` leaves rows, and is wrong all the same.
  const problem = rows?.problem ?? null
  const wrong = size === 0 || problem === null ? '' : `  ${problem}`
  const title = pages.flatMap(({ title, count, chosen }, at): readonly Span[] => [
    ...(at === 0 ? [] : [span(` ${look.line} `, 'border')]),
    span(title, chosen ? 'heading' : 'dim'),
    span(count === '' ? '' : ` ${count}`, chosen ? 'counter' : 'dim'),
  ])
  const right = size > height ? `${own.top + 1}-${to} of ${size}` : ''
  const line = rule([...title, span(filtered, 'match'), span(wrong, 'error')], box.width, look, {
    focus: own.focus === 'rows',
    right,
  })
  return { id: 'table-heading', ...box, lines: [lineOf(line, box.width)] }
}

function titlesRegion<Row>(
  box: Box,
  columns: readonly FittedColumn<Row>[],
  { order }: TableState,
  look: Glyphs,
): Region {
  const cells = columns.map(({ column, width }, at) => {
    const sign = order?.column === column.id ? (order.descending ? look.unfolded : look.ascending) : ''
    const isLast = at === columns.length - 1
    const title = [span(column.title, sign === '' ? 'dim' : 'heading')]
    if (sign === '') return cellSpans(title, width, column.align, isLast)
    // The sign stands in the gap where the column is no wider than its title.
    const room = isLast && column.align === undefined ? width : width + 1
    const fit = [...fitted(title, room - 1), span(sign, 'key')]
    const before = column.align === 'right' ? gap(width - widthOf(title)) : gap(0)
    return [...padded([before, ...fit], room), gap(isLast ? 0 : columnGap - 1)]
  })
  return { id: 'table-titles', ...box, lines: [lineOf([gap(margin), ...cells.flat()], box.width)] }
}

function rowLines<Row>(
  table: Table<Row>,
  state: State,
  { width, height }: Box,
  rows: Arranged<Row> | null,
  columns: readonly FittedColumn<Row>[],
  look: Glyphs,
): readonly Line[] {
  const own = state.tables[table.id]
  const { gone, top } = own
  if (rows === null || (rows.size === 0 && gone === null))
    return said(rows?.problem ?? null, table.empty(state), width, height)
  const size = rows.size + (gone === null ? 0 : 1)
  const focused = own.focus === 'rows' || state.mode.type !== 'browse'
  return Array.from({ length: Math.max(0, Math.min(height, size - top)) }, (_, index) => {
    const place = top + index
    const here = place === own.at
    const pointer = span(here ? '>' : ' ', 'key')
    if (gone !== null && place === gone.at)
      return lineOf([pointer, gap(2), span(`${gone.label}  is gone`, 'gone')], width, here && focused)
    const row = rows.rows[place - rows.from - (gone !== null && place > gone.at ? 1 : 0)]
    if (row === undefined) return lineOf([pointer, span('  …', 'dim')], width, here && focused)
    const isMarked = own.marked.has(table.key(row))
    const cells = columns.map(({ column, width: wide }, at) =>
      cellSpans(column.cell(row, look), wide, column.align, at === columns.length - 1),
    )
    const spans = [
      pointer,
      table.mark?.(row, state) ?? gap(1),
      isMarked ? span('*', 'match') : gap(1),
      ...cells.flat(),
    ]
    return lineOf(spans, width, here && focused)
  })
}

function cellSpans(
  spans: readonly Span[],
  width: number,
  align: 'right' | undefined,
  isLast: boolean,
): readonly Span[] {
  const fit = fitted(spans, width)
  const behind = isLast ? [] : [gap(columnGap)]
  return align === 'right'
    ? [gap(width - widthOf(fit)), ...fit, ...behind]
    : [...padded(fit, width), ...behind]
}

/** A word that the filter does not know is why nothing fits, so it comes first. */
function said(problem: string | null, text: string, width: number, height: number): readonly Line[] {
  const wrong = problem === null ? [] : wrapped([span(problem, 'error')], width - 4)
  return [...wrong, ...wrapped([span(text, 'dim')], width - 4)]
    .slice(0, height)
    .map((line) => lineOf([gap(3), ...line], width))
}

function barRegion(box: Box, look: Glyphs): Region {
  const line = lineOf([span(look.bar, 'border')], 1)
  return { id: 'bar', ...box, lines: Array.from({ length: box.height }, () => line) }
}

function detailRegion<Row>(
  table: Table<Row>,
  state: State,
  box: Box,
  rows: Arranged<Row> | null,
  look: Glyphs,
): Region {
  const own = state.tables[table.id]
  const row = selectedRow(own, rows)
  const height = box.height - 1
  const { lines: seen, right } =
    row === null
      ? { lines: [], right: '' }
      : (table.pane?.(row, state, { width: box.width, height }) ??
        scrolledTo(own.scroll, detailLines(table, row, state, box.width), height))
  const room = box.width - right.length - 8
  const name = row === null ? [span('nothing selected', 'dim')] : [span(table.label(row, state), 'heading')]
  // Which sheet it is has to be seen beside a long name.
  const short = table.sheets === undefined ? name : fitted(name, Math.max(8, room - sheetTitleRoom))
  const title =
    row === null ? short : [...short, ...sheetTitles(table, row, state, room - widthOf(short), look)]
  const heading = rule(title, box.width, look, { focus: own.focus === 'detail', right })
  return { id: 'detail', ...box, lines: [lineOf(heading, box.width), ...seen] }
}

function scrolledTo(scroll: number, lines: readonly Line[], height: number): Pane {
  const from = Math.max(0, Math.min(scroll, lines.length - height))
  const seen = lines.slice(from, from + height)
  return {
    lines: seen,
    right: lines.length > height ? `${from + 1}-${from + seen.length} of ${lines.length}` : '',
  }
}

/** null: none, or one that is gone or has not come. */
export function selectedRow<Row>({ at, gone }: TableState, rows: Arranged<Row> | null): Row | null {
  return gone !== null || rows === null ? null : (rows.rows[at - rows.from] ?? null)
}
