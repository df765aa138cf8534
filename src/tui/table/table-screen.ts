/** A screen made of one or more tables, of which one is shown. */
import type { Screen } from '../screens/screen.ts'
import type { TableScreenId } from '../screens.ts'
import type { Place, State } from '../state.ts'
import type { TablePage } from './table-page.ts'
import type { TableId } from './table-state.ts'
import { columnChoice } from './column-choice.ts'
import { withTable } from './with-table.ts'

/** `pages`: in the order in which `{` and `}` turn them. */
export function tableScreen(
  id: TableScreenId,
  pages: readonly [TablePage, ...TablePage[]],
): Screen & { readonly pages: readonly TablePage[] } {
  const pageOf = (state: State): TablePage => pages.find((page) => page.id === state.pages[id]) ?? pages[0]
  const ownOf = (state: State) => state.tables[pageOf(state).id]
  const areSheets = (state: State): boolean =>
    ownOf(state).focus === 'detail' && pageOf(state).turned !== null
  const isHere = (place: Place): place is Extract<Place, { readonly table: TableId }> => place.screen === id
  return {
    pages,
    regions: (state) => {
      const page = pageOf(state)
      return page.regions(
        state,
        pages.map((each) => ({ title: each.title, count: each.note(state), chosen: each === page })),
      )
    },
    needs: (state) => pageOf(state).needs(state),
    placed: (before, state) => pageOf(state).placed(before, state),
    moved: (state, motion) => pageOf(state).moved(state, motion),
    canMove: (state, motion) => pageOf(state).canMove(state, motion),
    follow: {
      can: (state) => {
        const way = pageOf(state).follow(state)
        return 'why' in way ? way.why : true
      },
      run: (state) => {
        const way = pageOf(state).follow(state)
        return 'why' in way ? state : way.to()
      },
    },
    out: {
      can: (state) => (ownOf(state).focus === 'detail' ? true : 'the rows of a table have none above them'),
      run: (state) => withTable(state, pageOf(state).id, { focus: 'rows' }),
    },
    in: {
      can: (state) => (ownOf(state).focus === 'rows' ? true : 'this is the innermost already'),
      run: (state) => withTable(state, pageOf(state).id, { focus: 'detail' }),
    },
    pane: (state) =>
      withTable(state, pageOf(state).id, { focus: ownOf(state).focus === 'rows' ? 'detail' : 'rows' }),
    close: {
      can: (state) => {
        const { focus, filter, marked } = ownOf(state)
        return focus === 'detail' || filter !== '' || marked.size > 0 ? true : 'nothing is open; q quits'
      },
      run: (state) => {
        const { focus, filter } = ownOf(state)
        const { id: table } = pageOf(state)
        if (focus === 'detail') return withTable(state, table, { focus: 'rows' })
        return withTable(state, table, filter === '' ? { marked: new Set() } : { filter: '' })
      },
    },
    filter: {
      text: (state) => ownOf(state).filter,
      typed: (state, text) =>
        // From the row that was selected when it was opened; where that is hidden, from the first.
        withTable(state, pageOf(state).id, {
          filter: text,
          gone: null,
          ...originOf(state, pageOf(state).id),
        }),
      told: (state) => pageOf(state).told(state),
    },
    marked: {
      can: (state) => (pageOf(state).about(state) === null ? 'nothing is selected' : true),
      run: (state) => {
        const page = pageOf(state)
        return page.moved(page.marked(withTable(state, page.id, { focus: 'rows' })), 'down')
      },
    },
    columns: columnChoice(pageOf),
    crumbs: (state) => {
      const page = pageOf(state)
      const about = page.about(state)
      return [...(pages.length === 1 ? [] : [page.title]), ...(about === null ? [] : [about.label])]
    },
    about: (state) => pageOf(state).about(state),
    allMarked: (state) => pageOf(state).allMarked(state),
    turned:
      pages.length === 1
        ? sheetsTurned(pages[0])
        : {
            // While the details have the keys it is their sheets that are turned.
            what: (state) => (areSheets(state) ? 'sheet' : 'table'),
            can: () => true,
            run: (state, step) => {
              const page = pageOf(state)
              if (areSheets(state)) return page.turned?.(state, step) ?? state
              const next = pages[(pages.indexOf(page) + step + pages.length) % pages.length] ?? pages[0]
              return { ...state, pages: { ...state.pages, [id]: next.id } }
            },
          },
    netns: null,
    growth: null,
    isThere: (_, place) => isHere(place),
    went: (state, place) =>
      isHere(place)
        ? withTable({ ...state, pages: { ...state.pages, [id]: place.table } }, place.table, {
            ...place.place,
            focus: 'rows',
            gone: null,
          })
        : state,
    clicked: (state, region, line) => {
      const page = pageOf(state)
      if (region === 'rows')
        return page.movedTo(withTable(state, page.id, { focus: 'rows' }), ownOf(state).top + line)
      return region === 'detail' ? withTable(state, page.id, { focus: 'detail' }) : null
    },
  }
}

function sheetsTurned({ turned }: TablePage): Screen['turned'] {
  return turned === null ? null : { what: () => 'sheet', can: () => true, run: turned }
}

function originOf(
  { mode }: State,
  table: TableId,
): { readonly selected: string | null; readonly at: number } {
  const before = mode.type === 'filter' ? mode.before.tables?.[table] : undefined
  return before === undefined
    ? { selected: null, at: 0 }
    : { selected: before.selected, at: before.selected === null ? 0 : before.at }
}
