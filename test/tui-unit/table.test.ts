/** What every table has: the selection, the filter, the order, marks, columns, sheets. */
import { describe, expect, test } from 'vitest'
import { initialState, type State } from '../../src/tui/state.ts'
import { inOrder } from '../../src/tui/table/arranged.ts'
import { fitColumns } from '../../src/tui/table/fit-columns.ts'
import { layoutOfTable } from '../../src/tui/table/table-layout.ts'
import { tablePage } from '../../src/tui/table/table-page.ts'
import { tableScreen } from '../../src/tui/table/table-screen.ts'
import type { Table } from '../../src/tui/table/table.ts'
import { withTable } from '../../src/tui/table/with-table.ts'
import { placeOf } from '../../src/tui/update/jump.ts'
import type { Motion } from '../../src/tui/update/motion.ts'
import { glyphs } from '../../src/tui/view/glyphs.ts'
import { lineOf, span } from '../../src/tui/view/text.ts'
import { columns, drawn, letters, plain, played, row, type Moments, type Row } from './table-played.ts'

describe('the selection', () => {
  test('stays on its row when others come, go and change places', () => {
    const it = played(letters('abcdef'))
    it.moves('down', 'down')
    expect(it.own().selected).toBe('c')
    it.becomes(letters('xyabcdef'))
    expect(it.line('>  c')).not.toBe('')
    it.becomes(letters('fdc'))
    expect(it.own()).toMatchObject({ selected: 'c', at: 2, gone: null })
    expect(it.line('>  c')).not.toBe('')
  })

  test('a row that went away is shown so for a moment, in its place; then its neighbour is selected', () => {
    const it = played(letters('abcde'))
    it.moves('down', 'down')
    it.becomes(letters('abde'))
    expect(it.line('row c  is gone')).toMatch(/^>/)
    const lines = it.text().split('\n')
    expect(lines.findIndex((line) => line.includes('is gone'))).toBe(
      lines.findIndex((line) => / {2}b /.test(line)) + 1,
    )
    expect(it.page.about(it.state)).toBeNull()
    expect(it.page.follow(it.state)).toEqual({ why: 'row c is gone' })
    it.becomes(letters('abde'), 2000)
    expect(it.line('is gone')).not.toBe('')
    it.becomes(letters('abde'), 1500)
    expect(it.line('is gone')).toBe('')
    expect(it.own()).toMatchObject({ selected: 'd', at: 2 })
  })

  test('one that comes back within that moment is selected again', () => {
    const it = played(letters('abc'))
    it.moves('down')
    it.becomes(letters('ac'))
    expect(it.own().gone?.key).toBe('b')
    it.becomes(letters('cab'))
    expect(it.own()).toMatchObject({ selected: 'b', at: 2, gone: null })
  })

  test('leaving a gone row is like leaving any other', () => {
    const it = played(letters('abcde'))
    it.moves('down', 'down')
    it.becomes(letters('abde'))
    it.moves('up')
    expect(it.own()).toMatchObject({ selected: 'b', gone: null })
    expect(it.line('is gone')).toBe('')
  })

  test('with the last row gone there is none, and the table says why', () => {
    const it = played(letters('a'))
    it.becomes([])
    expect(it.line('row a  is gone')).not.toBe('')
    it.becomes([], 4000)
    expect(it.line('there is none')).not.toBe('')
    expect(it.own().selected).toBeNull()
    it.becomes(letters('z'))
    expect(it.own().selected).toBe('z')
  })

  test('the picture stands still while rows come above what is in sight', () => {
    const many = Array.from({ length: 100 }, (_, at) => row(`r${at}`))
    const it = played(many)
    it.moves('page-down', 'page-down', 'page-down', 'up', 'up', 'up')
    const seen = it.text().split('\n').slice(4, 14)
    it.becomes([...Array.from({ length: 7 }, (_, at) => row(`new${at}`)), ...many])
    expect(it.text().split('\n').slice(4, 14)).toEqual(seen)
  })

  test('details begin at their top for each row, and are scrolled no further than they go', () => {
    const it = played(letters('ab'))
    it.does((state) => withTable(state, 'namespaces', { focus: 'detail' }))
    it.moves('last')
    expect(it.line('a 29')).not.toBe('')
    const { scroll } = it.own()
    it.moves('page-down')
    expect(it.own().scroll).toBe(scroll)
    it.does((state) => withTable(state, 'namespaces', { focus: 'rows' }))
    it.moves('down')
    expect(it.own().scroll).toBe(0)
    expect(it.line('b 0')).not.toBe('')
  })
})

describe('filter, order, marks', () => {
  test('what a filter hides is not gone', () => {
    const it = played([row('alpha'), row('beta'), row('gamma')])
    it.moves('down')
    it.filters('gam')
    expect(it.own()).toMatchObject({ selected: 'gamma', gone: null })
    expect(it.line('1 of 3 fit')).not.toBe('')
    expect(it.page.told(it.state)).toEqual({ count: '1 row', problem: null })
    it.filters('is:nonsense')
    expect(it.page.told(it.state).problem).toContain('is: knows')
  })

  test('ordered by a column: numbers by value, texts with their numbers by value, unknown ones last both ways', () => {
    const rows = [row('veth10', 5), row('veth2', -1), row('Veth1', 30), row('eth0', 7)]
    const order = (column: string, descending: boolean): readonly string[] =>
      inOrder(rows, columns, { column, descending }).map(({ key }) => key)
    expect(order('key', false)).toEqual(['eth0', 'Veth1', 'veth2', 'veth10'])
    expect(order('size', false)).toEqual(['veth10', 'eth0', 'Veth1', 'veth2'])
    expect(order('size', true)).toEqual(['Veth1', 'eth0', 'veth10', 'veth2'])
    expect(order('more', false)).toEqual(['veth10', 'veth2', 'Veth1', 'eth0'])
  })

  test('the selection follows its row into another order', () => {
    const it = played([row('a', 3), row('b', 1), row('c', 2)])
    it.does((state) => withTable(state, 'namespaces', { order: { column: 'size', descending: true } }))
    expect(it.own()).toMatchObject({ selected: 'a', at: 0 })
    it.does((state) => withTable(state, 'namespaces', { order: { column: 'size', descending: false } }))
    expect(it.own()).toMatchObject({ selected: 'a', at: 2 })
    expect(it.line('SIZE▲')).not.toBe('')
  })

  test('marks stay with their rows, and are told in the order of the rows', () => {
    const it = played(letters('abcd'))
    it.moves('last')
    it.does(it.page.marked)
    it.moves('first')
    it.does(it.page.marked)
    it.becomes(letters('dxba'))
    expect(it.page.allMarked(it.state).map(({ label }) => label)).toEqual(['d', 'a'])
    expect(it.line('*d')).not.toBe('')
    it.does(it.page.marked)
    expect(it.page.allMarked(it.state).map(({ label }) => label)).toEqual(['d'])
  })
})

describe('columns', () => {
  const rows = [row('a'), row('a-name-of-some-length', 12_345)]
  test.each(Array.from({ length: 20 }, (_, at) => 60 + at * 10))('fit %i', (room) => {
    const fit = fitColumns(columns, rows, [], glyphs(false), room)
    expect(fit.reduce((sum, each) => sum + each.width + 2, -2)).toBeLessThanOrEqual(room)
    for (const { column, width: wide } of fit) {
      expect(wide).toBeGreaterThanOrEqual(column.least)
      expect(wide).toBeLessThanOrEqual(Math.max(column.most, column.title.length))
    }
  })

  test('where there is no room the highest rank goes first, and the first column never', () => {
    const ids = (room: number, hidden: readonly string[] = []): readonly string[] =>
      fitColumns(columns, rows, hidden, glyphs(false), room).map(({ column }) => column.id)
    expect(ids(24)).toEqual(['key', 'size', 'more'])
    expect(ids(23)).toEqual(['key', 'more'])
    expect(ids(17)).toEqual(['key'])
    expect(ids(3)).toEqual(['key'])
    expect(ids(80, ['key', 'more'])).toEqual(['key', 'size'])
  })
})

describe('sheets', () => {
  const sheet = (id: string, lines: number) => ({
    id,
    title: id,
    lines: ({ key }: Row, _: State, room: number) =>
      Array.from({ length: lines }, (_line, at) => lineOf([span(`${id} of ${key} ${at}`)], room)),
  })
  const many = ['first', 'second', 'third', 'fourth', 'fifth', 'sixth', 'seventh', 'eighth', 'ninth', 'tenth']
  const sheets = many.map((id, at) => sheet(id, at + 1))

  test('are turned in a ring, each from its top, and stay for the next row', () => {
    const it = played(letters('ab'), { columns: 80, rows: 24 }, { sheets })
    expect(it.line('first of a 0')).not.toBe('')
    const turn = (step: 1 | -1): void => it.does((state) => it.page.turned?.(state, step) ?? state)
    turn(-1)
    expect(it.line('tenth of a 0')).not.toBe('')
    turn(1)
    turn(1)
    expect(it.line('second of a 1')).not.toBe('')
    it.moves('down')
    expect(it.line('second of b 1')).not.toBe('')
  })

  test('the one that is shown is always named in the heading, at any width', () => {
    for (const wide of [60, 70, 80, 100, 159, 160, 250]) {
      const it = played(
        [row('a-rather-long-name-of-a-row-'.repeat(3))],
        { columns: wide, rows: 24 },
        { sheets },
      )
      for (const id of many) {
        expect(it.line('── row a-rather-long-na')).toContain(id.toUpperCase())
        it.does((state) => it.page.turned?.(state, 1) ?? state)
      }
    }
  })

  test('get the room that few rows leave; a table without sheets keeps its halves', () => {
    const with10 = played(letters('abcdefghij'), { columns: 100, rows: 50 }, { sheets })
    const heights = (it: ReturnType<typeof played>, sheeted: boolean) => {
      const table = sheeted ? { ...plain(it.moments), sheets } : plain(it.moments)
      const layout = layoutOfTable(table, it.state, { total: 10 })
      return [layout?.rows.height, layout?.detail.height]
    }
    expect(heights(with10, true)).toEqual([11, 34])
    expect(heights(with10, false)).toEqual([27, 18])
  })
})

describe('a window of rows', () => {
  const total = 10_000
  const here = (state: State): { readonly from: number; readonly rows: readonly Row[] } => {
    const from = Math.max(0, Math.floor(state.tables.connections.top / 50) * 50 - 50)
    return { from, rows: Array.from({ length: 150 }, (_, at) => row(`k${from + at}`)) }
  }
  const table: Table<Row> = {
    ...plain(new Map()),
    id: 'connections',
    source: { type: 'window', rows: (state) => ({ size: total, total, ...here(state) }) },
  }
  const page = tablePage(table)
  const size = { columns: 80, rows: 24 }

  test('goes to the end and back; what has not come yet stands as a row', () => {
    let state: State = {
      ...initialState({ mode: 'live', readonly: false, size, now: 0 }),
      size,
      screen: 'ports',
    }
    const move = (motion: Motion): void => {
      state = page.placed(state, page.moved(state, motion))
    }
    state = page.placed(state, state)
    expect(state.tables.connections).toMatchObject({ selected: 'k0', at: 0 })
    move('last')
    // Which row it is is known when the window is there.
    state = page.placed(state, state)
    expect(state.tables.connections).toMatchObject({ selected: 'k9999', at: total - 1 })
    expect(drawn(page, state)).toMatch(/> {2}k9999/)
    move('page-up')
    move('first')
    state = page.placed(state, state)
    expect(state.tables.connections).toMatchObject({ selected: 'k0', at: 0, top: 0 })
  })
})

describe('a screen of tables', () => {
  const moments: Moments = new Map([[0, letters('abcdef')]])
  const one = { ...plain(moments), id: 'published' as const, title: 'one' }
  const two = { ...plain(moments), id: 'listening' as const, title: 'two' }
  const ports = tableScreen('ports', [tablePage(one), tablePage(two)])
  const begin: State = {
    ...initialState({ mode: 'live', readonly: false, size: { columns: 80, rows: 24 }, now: 0 }),
    screen: 'ports',
  }

  test('a place is the table, the row, the filter and the order, and one comes back to all of them', () => {
    let state = ports.turned?.run(begin, 1) ?? begin
    state = withTable(state, 'listening', { filter: 'c', order: { column: 'key', descending: true } })
    state = ports.placed(state, state)
    const place = placeOf(state)
    if (place === null) throw new Error('there is no place')
    expect(ports.isThere(begin, place)).toBe(true)
    const back = ports.placed(begin, ports.went(begin, place))
    expect(back.pages.ports).toBe('listening')
    expect(back.tables.listening).toMatchObject({
      selected: 'c',
      filter: 'c',
      order: { column: 'key', descending: true },
      focus: 'rows',
    })
    expect(ports.isThere(begin, { screen: 'topology', selection: { row: 'x', end: 'near' } })).toBe(false)
  })

  test('Esc takes away the focus of the details, then the filter, then the marks', () => {
    let state = withTable(begin, 'published', { focus: 'detail', filter: 'a', marked: new Set(['a']) })
    const own = () => state.tables.published
    expect(ports.close.can(state)).toBe(true)
    state = ports.close.run(state)
    expect(own()).toMatchObject({ focus: 'rows', filter: 'a' })
    state = ports.close.run(state)
    expect(own().filter).toBe('')
    expect(own().marked.size).toBe(1)
    state = ports.close.run(state)
    expect(own().marked.size).toBe(0)
    expect(ports.close.can(state)).toBe('nothing is open; q quits')
  })

  test('a click selects the row under it', () => {
    const state = ports.placed(begin, begin)
    const clicked = ports.clicked(state, 'rows', 3)
    expect(clicked?.tables.published).toMatchObject({ selected: 'd', at: 3, focus: 'rows' })
    expect(ports.clicked(state, 'detail', 0)?.tables.published.focus).toBe('detail')
    expect(ports.clicked(state, 'table-heading', 0)).toBeNull()
  })
})
