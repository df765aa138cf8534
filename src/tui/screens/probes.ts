/** Screen 6: what was sent from inside namespaces, and what came of it. Its output can have the screen for itself. */
import type { Region } from '../frame.ts'
import { bodyOf } from '../layout.ts'
import { outputSize, selectedRun } from '../probes/probe-selected.ts'
import { withOutput } from '../probes/with-output.ts'
import type { State } from '../state.ts'
import { tablePage } from '../table/table-page.ts'
import { tableScreen } from '../table/table-screen.ts'
import { probesTable } from '../tables/probes.ts'
import { glyphs } from '../view/glyphs.ts'
import { outputMoved, outputPane } from '../view/probes/output-pane.ts'
import { rule } from '../view/rule.ts'
import { lineOf, span } from '../view/text.ts'
import { rowOf } from '../probes/probe-row.ts'
import type { Screen } from './screen.ts'

const list = tableScreen('probes', [tablePage(probesTable)])

const isFull = (state: State): boolean => state.probes.output.isFull
const asList = (state: State): State => withOutput(state, { isFull: false })

export const probesScreen: Screen = {
  ...list,
  regions: (state, layout) => (isFull(state) ? fullRegions(state) : list.regions(state, layout)),
  placed: (before, state) => {
    const placed = list.placed(before, state)
    const isOther = placed.tables.probes.selected !== before.tables.probes.selected
    const shown = isOther ? withOutput(placed, { at: null }) : placed
    return isFull(shown) && selectedRun(shown) === null ? asList(shown) : shown
  },
  moved: (state, motion) => {
    if (!isFull(state) && state.tables.probes.focus === 'rows') return list.moved(state, motion)
    const [run, size] = [selectedRun(state), outputSize(state)]
    return run === null || size === null
      ? state
      : withOutput(state, { at: outputMoved(run, state, size, motion) })
  },
  // An output is a window of lines that goes on growing.
  canMove: (state, motion) =>
    isFull(state) || state.tables.probes.focus !== 'rows' ? true : (list.canMove?.(state, motion) ?? true),
  close: {
    can: (state) => (isFull(state) ? true : list.close.can(state)),
    run: (state) => (isFull(state) ? asList(state) : list.close.run(state)),
  },
  out: {
    can: (state) => (isFull(state) ? true : list.out.can(state)),
    run: (state) => (isFull(state) ? asList(state) : list.out.run(state)),
  },
  pane: (state, step) => (isFull(state) ? asList(state) : (list.pane?.(state, step) ?? state)),
  isThere: (state, place) =>
    place.screen === 'probes' &&
    (place.place.selected === null ||
      state.probes.runs.some(({ number }) => String(number) === place.place.selected)),
  clicked: (state, region, line) => (isFull(state) ? null : list.clicked(state, region, line)),
}

function fullRegions(state: State): readonly Region[] {
  const [run, size, body] = [selectedRun(state), outputSize(state), bodyOf(state, state.size)]
  if (run === null || size === null || body === null) return []
  const { lines, right } = outputPane(run, state, size)
  const title = [span(probesTable.label(rowOf(run), state), 'heading')]
  const heading = rule(title, body.width, glyphs(state.options.ascii), { focus: true, right })
  return [{ id: 'detail', ...body, lines: [lineOf(heading, body.width), ...lines] }]
}
