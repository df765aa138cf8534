/** The columns of the Probes screen. */
import type { Role } from '../frame.ts'
import type { ProbeRow } from '../probes/probe-row.ts'
import type { ProbeStatus } from '../probes/probe-status.ts'
import { clockTime } from '../select/clock.ts'
import type { Column } from '../table/table.ts'
import { span } from '../view/text.ts'

type ProbeColumn = Column<ProbeRow>

export const statusRoles: Readonly<Record<ProbeStatus['is'], Role>> = {
  running: 'text',
  repeating: 'text',
  good: 'link.up',
  failed: 'link.down',
  ended: 'text',
}

/** What is no verdict yet begins with this. */
const words: Readonly<Record<ProbeStatus['is'], string>> = {
  running: 'run   ',
  repeating: 'again ',
  good: '',
  failed: '',
  ended: '',
}

export const probesColumns: readonly ProbeColumn[] = [
  {
    id: 'number',
    title: '#',
    align: 'right',
    least: 2,
    most: 5,
    rank: 1,
    cell: ({ run }) => [span(String(run.number), 'dim')],
    by: ({ run }) => run.number,
  },
  {
    id: 'from',
    title: 'FROM',
    least: 8,
    most: 24,
    rank: 0,
    cell: ({ run }) => [span(run.from.name, 'netns')],
    by: ({ run }) => run.from.name,
  },
  {
    id: 'what',
    title: 'WHAT',
    least: 18,
    most: 60,
    rank: 0,
    cell: ({ run }) => [span(run.what)],
    by: ({ run }) => run.what,
  },
  {
    id: 'verdict',
    title: 'VERDICT',
    least: 20,
    most: 400,
    rank: 0,
    cell: ({ status: { is, says } }) => [span(words[is], 'key'), span(says, statusRoles[is])],
    by: ({ status: { is, says } }) => `${is} ${says}`,
  },
  {
    id: 'time',
    title: 'TIME',
    least: 8,
    most: 8,
    rank: 2,
    cell: ({ run }) => [span(clockTime(run.endedAt ?? run.startedAt), 'dim')],
    by: ({ run }) => run.endedAt ?? run.startedAt,
  },
]
