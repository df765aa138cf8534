/** `E` on the Log screen: what it shows, as a text file. */
import type { Outcome } from '../../lib/failure.ts'
import { fileTime } from '../select/clock.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { arrangeOf } from '../table/arranged.ts'
import type { LogRow } from '../tables/log-row.ts'
import { logTables } from '../tables/log.ts'
import { logText } from '../view/log/log-text.ts'
import { hostInFile } from './snapshot.ts'
import { saying, type Step } from './step.ts'

const arranged = {
  log: arrangeOf(logTables.log),
  changes: arrangeOf(logTables.changes),
  commands: arrangeOf(logTables.commands),
  events: arrangeOf(logTables.events),
}

type Shown = { readonly rows: readonly LogRow[]; readonly page: string; readonly filter: string }

function rowsShown(state: State): Shown | null {
  const id = state.pages.log
  if (state.screen !== 'log' || !Object.hasOwn(arranged, id)) return null
  const page = id as keyof typeof arranged
  const rows = arranged[page](state)?.rows ?? []
  return { rows, page: logTables[page].title, filter: state.tables[page].filter }
}

export function canExportLog(state: State): true | string {
  const now = rowsShown(state)
  if (now === null) return 'the log is on screen 7'
  return now.rows.length === 0 ? 'there is nothing to write' : true
}

export function logExported(state: State): Step {
  const now = rowsShown(state)
  if (now === null) return [state]
  const { rows, page, filter } = now
  const host = shown(state).world?.hostName ?? 'host'
  const file = `vethscope-${hostInFile(host)}-log-${fileTime(state.now)}.txt`
  const text = logText(rows, { host, page, filter })
  return [saying(state, 'note', `writing ${file} …`), { type: 'save-text', file, text }]
}

export function textSaved(state: State, outcome: Outcome<{ readonly file: string }>): State {
  if (outcome.ok) return saying(state, 'done', `saved ./${outcome.value.file}`)
  const { what, hint } = outcome.failure
  return saying(state, 'error', hint === undefined ? what : `${what}; ${hint}`)
}
