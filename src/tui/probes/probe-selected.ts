/** Which probe the keys of screen 6 act on. */
import { arrangeOf } from '../table/arranged.ts'
import { layoutOfTable } from '../table/table-layout.ts'
import type { PaneSize } from '../table/table.ts'
import { selectedRow } from '../table/table-view.ts'
import { bodyOf } from '../layout.ts'
import type { State } from '../state.ts'
import { probesTable } from '../tables/probes.ts'
import type { ProbeRun } from './probes-state.ts'

const rowsOf = arrangeOf(probesTable)

/** As it is drawn; null: none. */
export function selectedRun(state: State): ProbeRun | null {
  return selectedRow(state.tables.probes, rowsOf(state))?.run ?? null
}

/** Those that are marked, else the selected one, as they are now, also while the picture is frozen. */
export function chosenRuns(state: State): readonly ProbeRun[] {
  const { marked } = state.tables.probes
  const isMarked = ({ number }: ProbeRun): boolean => marked.has(String(number))
  const all = marked.size === 0 ? [] : state.probes.runs.filter(isMarked)
  if (all.length > 0) return all
  const one = liveRun(state)
  return one === null ? [] : [one]
}

/** The selected one as it is now. */
export function liveRun(state: State): ProbeRun | null {
  const number = state.screen === 'probes' ? selectedRun(state)?.number : undefined
  return state.probes.runs.find((run) => run.number === number) ?? null
}

/** What the output has to itself; null: the terminal is too small. */
export function outputSize(state: State): PaneSize | null {
  const box = state.probes.output.isFull
    ? bodyOf(state, state.size)
    : layoutOfTable(probesTable, state, rowsOf(state))?.detail
  return box === null || box === undefined ? null : { width: box.width, height: Math.max(0, box.height - 1) }
}
