/** Screen 7's tables: all that happened, the latest first, and three parts of it. */
import type { Facts } from '../../derive/filter.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import type { Column, Table } from '../table/table.ts'
import { logDetail } from '../view/log/log-detail.ts'
import { nothingLogged } from '../view/log/nothing-logged.ts'
import { span } from '../view/text.ts'
import { aboutRow, followRow, labelOf } from './log-about.ts'
import { kindColumn, outcomeColumn, timeColumn, whatColumn, whereColumn } from './log-columns.ts'
import { logRows, type LogRow } from './log-row.ts'

type LogPage = 'log' | 'changes' | 'commands' | 'events'

const rowsOf = memoRecent(logRows)
const kinds: Readonly<Record<Exclude<LogPage, 'log'>, readonly LogRow['kind'][]>> = {
  changes: ['change'],
  commands: ['command'],
  events: ['kernel', 'engine', 'screen'],
}

const addressLike = /[0-9a-f]*[.:][0-9a-f.:]+/gi

const facts: Facts<LogRow> = {
  holds: ({ whole, where, kind, outcome }, text) =>
    `${kind} ${where} ${whole} ${outcome?.says ?? ''} ${outcome?.stderr ?? ''}`.toLowerCase().includes(text),
  addresses: ({ whole }) => whole.match(addressLike) ?? [],
  ports: ({ whole }) => [...whole.matchAll(/:(\d{1,5})\b/g)].map(([, port]) => Number(port)),
  kind: ({ kind }) => kind,
  traits: () => [],
}

function tableOf(id: LogPage, title: string, columns: readonly Column<LogRow>[]): Table<LogRow> {
  const own = id === 'log' ? null : kinds[id]
  const part = memoRecent((all: readonly LogRow[]) =>
    own === null ? all : all.filter(({ kind }) => own.includes(kind)),
  )
  return {
    id,
    title,
    columns,
    source: {
      type: 'whole',
      rows: (state: State) => {
        const { changes, log } = shown(state)
        return part(rowsOf(changes, log))
      },
      facts: () => facts,
    },
    newsAtTop: true,
    key: ({ key }) => key,
    label: labelOf,
    mark: ({ outcome }) => (outcome?.ok === false ? span('!', 'error') : span(' ')),
    empty: (state) => nothingLogged(state, id, state.tables[id].filter),
    about: aboutRow,
    detail: (row, state, columns) => logDetail(row, state, columns),
    follow: followRow,
    needs: () => [],
  }
}

export const logTables = {
  log: tableOf('log', 'all', [timeColumn, kindColumn, whereColumn, whatColumn, outcomeColumn]),
  changes: tableOf('changes', 'changes', [timeColumn, whereColumn, whatColumn]),
  commands: tableOf('commands', 'commands', [timeColumn, whereColumn, whatColumn, outcomeColumn]),
  events: tableOf('events', 'events', [timeColumn, kindColumn, whereColumn, whatColumn]),
} as const satisfies Readonly<Record<LogPage, Table<LogRow>>>
