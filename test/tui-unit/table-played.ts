/** A table of rows by hand, by moment, with its state: nothing but the generic table plays in it. */
import { initialState, type State } from '../../src/tui/state.ts'
import { tablePage, type TablePage } from '../../src/tui/table/table-page.ts'
import type { Column, Table } from '../../src/tui/table/table.ts'
import { withTable } from '../../src/tui/table/with-table.ts'
import type { Motion } from '../../src/tui/update/motion.ts'
import { lineOf, span } from '../../src/tui/view/text.ts'
import { textOfFrame } from './screen.ts'

export type Row = { readonly key: string; readonly size: number }

export const row = (key: string, size = key.length): Row => ({ key, size })
export const columns: readonly Column<Row>[] = [
  {
    id: 'key',
    title: 'KEY',
    least: 6,
    most: 30,
    rank: 0,
    cell: ({ key }) => [span(key)],
    by: ({ key }) => key,
  },
  {
    id: 'size',
    title: 'SIZE',
    align: 'right',
    least: 4,
    most: 8,
    rank: 2,
    cell: ({ size }) => [span(String(size))],
    by: ({ size }) => (size < 0 ? null : size),
  },
  { id: 'more', title: 'MORE', least: 10, most: 200, rank: 1, cell: ({ key }) => [span(key.repeat(20))] },
]

/** What rows there are at which moment: a state's `now` tells. */
export type Moments = Map<number, readonly Row[]>

export const plain = (moments: Moments): Table<Row> => ({
  // Any of the tables that there are: only its state is used.
  id: 'namespaces',
  title: 'rows',
  columns,
  source: {
    type: 'whole',
    rows: ({ now }) => moments.get(now) ?? null,
    facts: () => facts,
  },
  key: ({ key }) => key,
  label: ({ key }) => `row ${key}`,
  empty: () => 'there is none',
  about: ({ key }) => ({
    label: key,
    netns: null,
    ifindex: null,
    container: null,
    command: null,
    values: [],
  }),
  detail: ({ key }, _, room) =>
    Array.from({ length: 30 }, (_line, at) => lineOf([span(`${key} ${at}`)], room)),
  follow: ({ key }) => ({ why: `${key} leads nowhere` }),
  needs: () => [],
})

const facts = {
  holds: ({ key }: Row, text: string) => key.includes(text),
  addresses: () => [],
  ports: () => [],
  kind: () => null,
  traits: () => [],
}

/** A page with its state, and rows that come and go. */
export function played(
  rows: readonly Row[],
  size = { columns: 80, rows: 24 },
  change: Partial<Table<Row>> = {},
) {
  const moments: Moments = new Map([[0, rows]])
  const page = tablePage({ ...plain(moments), ...change })
  const start: State = {
    ...initialState({ mode: 'live', readonly: false, size, now: 0 }),
    size,
    screen: 'namespaces',
  }
  const it = {
    page,
    moments,
    state: page.placed(start, start),
    own: () => it.state.tables.namespaces,
    does: (what: (state: State) => State) => {
      it.state = page.placed(it.state, what(it.state))
    },
    moves: (...motions: readonly Motion[]) => {
      for (const motion of motions) it.does((state) => page.moved(state, motion))
    },
    becomes: (next: readonly Row[], ms = 100) => {
      const now = it.state.now + ms
      moments.set(now, next)
      it.does((state) => ({ ...state, now }))
    },
    filters: (filter: string) => it.does((state) => withTable(state, 'namespaces', { filter })),
    text: () => drawn(page, it.state),
    line: (part: string) =>
      it
        .text()
        .split('\n')
        .find((line) => line.includes(part)) ?? '',
  }
  return it
}

export function drawn(page: TablePage, state: State): string {
  const regions = page.regions(state, [{ title: page.title, count: page.note(state), chosen: true }])
  return textOfFrame({ ...state.size, regions, cursor: null })
}

export const letters = (text: string): readonly Row[] => Array.from(text).map((key) => row(key))
