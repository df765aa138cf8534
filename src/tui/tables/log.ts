/** What was seen to change, newest first. */
import type { Facts } from '../../derive/filter.ts'
import type { Change } from '../../model/world.ts'
import { changesShown } from '../select/changes-shown.ts'
import { clockTime } from '../select/clock.ts'
import { shown } from '../select/shown.ts'
import { selectionOf } from '../select/subject.ts'
import type { Table } from '../table/table.ts'
import { jumped } from '../update/jump.ts'
import { lineOf, span } from '../view/text.ts'

const facts: Facts<Change> = {
  holds: (change, text) => textOf(change).toLowerCase().includes(text),
  addresses: () => [],
  ports: () => [],
  kind: () => 'change',
  traits: () => [],
}

export const logTable: Table<Change> = {
  id: 'log',
  title: 'changes',
  source: { type: 'whole', rows: changesShown, facts: () => facts },
  columns: [
    {
      id: 'time',
      title: 'TIME',
      least: 8,
      most: 8,
      rank: 0,
      cell: ({ at }) => [span(clockTime(Date.parse(at)), 'dim')],
      by: ({ at }) => Date.parse(at),
    },
    { id: 'what', title: 'WHAT', least: 30, most: 200, rank: 0, cell: (change) => [span(textOf(change))] },
  ],
  key: (change) => `${change.at} ${textOf(change)}`,
  label: textOf,
  empty: () => 'nothing has changed yet',
  about: (change) => ({
    label: textOf(change),
    netns: change.netns,
    ifindex: change.ifindex,
    container: null,
    command: null,
    values: [{ what: 'line', text: `${change.at} ${textOf(change)}` }],
  }),
  detail: (change, _, columns) => [lineOf([span(` ${change.at}  ${textOf(change)}`)], columns)],
  follow: ({ netns, ifindex }, state) => {
    const { world } = shown(state)
    const selection = world === null || netns === null ? null : selectionOf(world, netns, ifindex)
    return selection === null ? { why: 'that is not there any more' } : { to: () => jumped(state, selection) }
  },
  needs: () => [],
}

function textOf({ netnsName, subject, says }: Change): string {
  return `${netnsName} ${subject} ${says}`.trim()
}
