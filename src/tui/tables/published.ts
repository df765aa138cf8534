/** Published ports: what a host's port leads to, by which rule, and whether anybody listens there. */
import type { Facts } from '../../derive/filter.ts'
import type { PublishedPort } from '../../model/published-port.ts'
import { shown } from '../select/shown.ts'
import { selectionOf } from '../select/subject.ts'
import type { Table } from '../table/table.ts'
import { jumped } from '../update/jump.ts'
import { lineOf, span } from '../view/text.ts'

const facts: Facts<PublishedPort> = {
  holds: (row, text) =>
    `${labelOf(row)} ${row.target.container ?? ''} ${row.target.address ?? ''}`.includes(text),
  addresses: ({ hostIp, target }) => [hostIp, ...(target.address === null ? [] : [target.address])],
  ports: ({ hostPort, target }) => [hostPort, target.port],
  kind: ({ via }) => via,
  traits: () => [],
}

export const publishedTable: Table<PublishedPort> = {
  id: 'published',
  title: 'published',
  source: { type: 'whole', rows: (state) => shown(state).ports?.published ?? null, facts: () => facts },
  columns: [
    {
      id: 'port',
      title: 'PUBLISHED',
      least: 16,
      most: 40,
      rank: 0,
      cell: (row) => [span(labelOf(row), 'published')],
      by: ({ hostPort }) => hostPort,
    },
    {
      id: 'target',
      title: 'LEADS TO',
      least: 20,
      most: 50,
      rank: 0,
      cell: ({ target }) => [
        span(target.container ?? '', 'container'),
        span(` ${target.address ?? ''}:${target.port}`, 'address'),
      ],
      by: ({ target }) => target.container ?? target.address,
    },
  ],
  key: labelOf,
  label: labelOf,
  empty: (state) =>
    shown(state).ports === null ? 'reading ports of every namespace …' : 'no port is published',
  about: (row) => ({
    label: labelOf(row),
    netns: row.target.netns,
    ifindex: null,
    container: null,
    command: null,
    values: [{ what: 'port', text: String(row.hostPort) }],
  }),
  detail: (row, _, columns) => [lineOf([span(` ${labelOf(row)}`)], columns)],
  follow: ({ target }, state) => {
    const { world } = shown(state)
    const selection = world === null || target.netns === null ? null : selectionOf(world, target.netns, null)
    return selection === null
      ? { why: 'it leads to no namespace of this host' }
      : { to: () => jumped(state, selection) }
  },
  needs: () => [{ kind: 'ports' }],
}

function labelOf({ hostIp, hostPort, protocol }: PublishedPort): string {
  return `${hostIp.includes(':') ? `[${hostIp}]` : hostIp}:${hostPort}/${protocol}`
}
