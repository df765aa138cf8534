/** Whatever comes, goes and is pressed on a table. */
import {
  array,
  assert,
  constant,
  constantFrom,
  integer,
  oneof,
  property,
  record,
  shuffledSubarray,
  type Arbitrary,
} from 'fast-check'
import { expect, test } from 'vitest'
import { width } from '../../src/lib/width.ts'
import type { State } from '../../src/tui/state.ts'
import { inOrder } from '../../src/tui/table/arranged.ts'
import { layoutOfTable } from '../../src/tui/table/table-layout.ts'
import { withTable } from '../../src/tui/table/with-table.ts'
import type { Motion } from '../../src/tui/update/motion.ts'
import { columns, letters, plain, played, row } from './table-played.ts'

type Step =
  | { readonly do: 'rows'; readonly keys: readonly string[]; readonly ms: number }
  | { readonly do: 'move'; readonly motion: Motion }
  | { readonly do: 'filter'; readonly text: string }
  | { readonly do: 'order'; readonly column: string; readonly descending: boolean }
  | { readonly do: 'mark' }
  | { readonly do: 'focus' }
  | { readonly do: 'resize'; readonly columns: number; readonly rows: number }

const keys = Array.from({ length: 40 }, (_, at) => `row${at}`)
const steps: Arbitrary<Step> = oneof(
  {
    weight: 5,
    arbitrary: record({
      do: constant('rows' as const),
      keys: shuffledSubarray(keys),
      ms: integer({ min: 1, max: 2500 }),
    }),
  },
  {
    weight: 6,
    arbitrary: record({
      do: constant('move' as const),
      motion: constantFrom<Motion[]>('up', 'down', 'page-up', 'page-down', 'first', 'last'),
    }),
  },
  {
    weight: 1,
    arbitrary: record({ do: constant('filter' as const), text: constantFrom('', '1', 'row2', 'zzz') }),
  },
  {
    weight: 1,
    arbitrary: record({
      do: constant('order' as const),
      column: constantFrom('key', 'size', 'more'),
      descending: constantFrom(true, false),
    }),
  },
  { weight: 1, arbitrary: record({ do: constant('mark' as const) }) },
  { weight: 1, arbitrary: record({ do: constant('focus' as const) }) },
  {
    weight: 1,
    arbitrary: record({
      do: constant('resize' as const),
      columns: integer({ min: 60, max: 250 }),
      rows: integer({ min: 16, max: 60 }),
    }),
  },
)

test('whatever comes, goes and is pressed: the selection is on its row, or on one that is marked gone, and in sight', () => {
  assert(
    property(array(steps, { maxLength: 40 }), (all) => {
      const it = played(letters('abc'))
      for (const step of all) {
        const before = it.own()
        const there = shownKeys(it.state)
        if (step.do === 'rows')
          it.becomes(
            step.keys.map((key) => row(key)),
            step.ms,
          )
        else if (step.do === 'move') it.moves(step.motion)
        else if (step.do === 'filter') it.filters(step.text)
        else if (step.do === 'order')
          it.does((state) =>
            withTable(state, 'namespaces', { order: { column: step.column, descending: step.descending } }),
          )
        else if (step.do === 'mark') it.does(it.page.marked)
        else if (step.do === 'focus')
          it.does((state) =>
            withTable(state, 'namespaces', { focus: before.focus === 'rows' ? 'detail' : 'rows' }),
          )
        else it.does((state) => ({ ...state, size: { columns: step.columns, rows: step.rows } }))
        holds(it, step, before, there)
      }

      function shownKeys(state: State): readonly string[] {
        const { filter } = state.tables.namespaces
        const rows = it.moments.get(state.now) ?? []
        return rows.map(({ key }) => key).filter((key) => key.includes(filter))
      }

      function holds(
        now: ReturnType<typeof played>,
        step: Step,
        was: ReturnType<typeof now.own>,
        old: readonly string[],
      ): void {
        const { selected, gone, at, top } = now.own()
        const fit = shownKeys(now.state)
        const ordered = inOrder(
          (it.moments.get(now.state.now) ?? []).filter(({ key }) => fit.includes(key)),
          columns,
          now.own().order ?? { column: '', descending: false },
        ).map(({ key }) => key)
        if (gone === null) expect(selected).toBe(ordered[at] ?? null)
        else {
          expect(gone.key).toBe(selected)
          expect(fit).not.toContain(selected)
          expect(gone.until).toBeGreaterThan(now.state.now)
        }
        // Nobody pressed anything: what was selected stays so while it is there, and is told when it went.
        if (step.do === 'rows' && was.selected !== null) {
          if (fit.includes(was.selected)) expect(selected).toBe(was.selected)
          else if (old.includes(was.selected)) expect(gone?.key).toBe(was.selected)
        }
        const height = layoutOfTable(plain(it.moments), now.state, null)?.rows.height ?? 0
        expect(top).toBeGreaterThanOrEqual(0)
        if (fit.length > 0) {
          expect(at).toBeGreaterThanOrEqual(top)
          expect(at).toBeLessThan(top + height)
        }
        for (const line of now.text().split('\n'))
          expect(width(line)).toBeLessThanOrEqual(now.state.size.columns)
      }
    }),
    { numRuns: 150 },
  )
})
