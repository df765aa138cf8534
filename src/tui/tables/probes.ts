/** Screen 6's table: what was sent from inside namespaces, the latest first. */
import { wordsOfFilter } from '../probes/probe-facts.ts'
import { keyOf, rowOf, type ProbeRow } from '../probes/probe-row.ts'
import { probesShown } from '../probes/probes-shown.ts'
import { withOutput } from '../probes/with-output.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { isUnderWay, type ProbeRun } from '../probes/probes-state.ts'
import type { State } from '../state.ts'
import type { Table } from '../table/table.ts'
import { span } from '../view/text.ts'
import { outputPane } from '../view/probes/output-pane.ts'
import { aboutProbe } from './probes-about.ts'
import { probesColumns } from './probes-columns.ts'

const rowsOf = memoRecent((runs: readonly ProbeRun[]): readonly ProbeRow[] => runs.map(rowOf))

export const probesTable: Table<ProbeRow> = {
  id: 'probes',
  title: 'probes',
  columns: probesColumns,
  source: {
    type: 'whole',
    rows: (state: State) => rowsOf(probesShown(state)),
    facts: () => wordsOfFilter,
  },
  newsAtTop: true,
  key: keyOf,
  label: ({ run }) => `${run.number} ${run.from.name} ${run.what}`,
  mark: ({ status }) => (status.is === 'failed' ? span('!', 'error') : span(' ')),
  empty: nothingProbed,
  about: aboutProbe,
  pane: ({ run }, state, size) => outputPane(run, state, size),
  // Enter: its output fills the screen, and lets the list come back.
  follow: (_, state) => ({ to: () => withOutput(state, { isFull: !state.probes.output.isFull }) }),
  needs: () => [],
  note: (state) => {
    const { runs } = state.probes
    const running = runs.filter(isUnderWay).length
    return running === 0 ? String(runs.length) : `${runs.length}, ${running} running`
  },
}

function nothingProbed(state: State): string {
  const filter = state.tables.probes.filter.trim()
  if (filter !== '') return `no probe fits ${filter}`
  if (state.options.mode === 'replay')
    return 'this is a recording: nothing can be sent from inside its namespaces. A live screen can.'
  return 'nothing was probed yet: choose a namespace, link or container on another screen, and press the key of a probe'
}
