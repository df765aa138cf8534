/** The columns of the Log screen's tables. */
import type { Role, Span } from '../frame.ts'
import { clockTime, hourMinute } from '../select/clock.ts'
import type { Column } from '../table/table.ts'
import { span } from '../view/text.ts'
import type { LogRow } from './log-row.ts'

type LogColumn = Column<LogRow>

const kindRoles: Readonly<Record<LogRow['kind'], Role>> = {
  change: 'match',
  command: 'link',
  kernel: 'dim',
  engine: 'container',
  screen: 'heading',
}

export const timeColumn: LogColumn = {
  id: 'time',
  title: 'TIME',
  least: 8,
  most: 8,
  rank: 0,
  cell: ({ at }) => [span(clockTime(at), 'dim')],
  by: ({ at }) => at,
}

export const kindColumn: LogColumn = {
  id: 'kind',
  title: 'KIND',
  least: 7,
  most: 7,
  rank: 2,
  cell: ({ kind }) => [span(kind, kindRoles[kind])],
  by: ({ kind }) => kind,
}

export const whereColumn: LogColumn = {
  id: 'where',
  title: 'WHERE',
  least: 8,
  most: 24,
  rank: 0,
  cell: ({ where }) => [where === '' ? span('-', 'dim') : span(where, 'netns')],
  by: ({ where }) => (where === '' ? null : where),
}

export const whatColumn: LogColumn = {
  id: 'what',
  title: 'WHAT',
  least: 30,
  most: 400,
  rank: 0,
  cell: (row, { times }) => [...whatSpans(row), ...againSpans(row, times)],
  by: ({ text }) => text,
}

export const outcomeColumn: LogColumn = {
  id: 'outcome',
  title: 'OUTCOME',
  least: 9,
  most: 24,
  rank: 1,
  cell: ({ outcome }) => [
    outcome === null
      ? span('')
      : span(outcome.ok ? `ok ${outcome.ms} ms` : outcome.says, outcome.ok ? 'dim' : 'error'),
  ],
  by: ({ outcome }) => outcome?.ms ?? null,
}

function whatSpans({ subject, text }: LogRow): readonly Span[] {
  if (subject === '') return [span(text)]
  return [span(subject, 'link'), span(text.slice(subject.length))]
}

/** ` ×12 since 14:02` */
function againSpans({ times, since }: LogRow, sign: string): readonly Span[] {
  return times === 1 ? [] : [span(`  ${sign}${times} since ${hourMinute(since)}`, 'counter')]
}
