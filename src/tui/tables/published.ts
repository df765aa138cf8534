/** Published ports: what a host's port leads to, by which rule, and whether anybody listens there. */
import { insideCommand } from '../../derive/inside-command.ts'
import type { Facts } from '../../derive/filter.ts'
import { netnsOf, shown } from '../select/shown.ts'
import { countText, noPorts, portsOf } from '../select/ports.ts'
import type { Column, Table } from '../table/table.ts'
import { openedAtRule } from '../update/rules.ts'
import { publishedDetail } from '../view/ports/published-detail.ts'
import { ruleCommand, ruleText } from '../view/ports/rule-text.ts'
import { servesMark, servesSpan } from '../view/ports/serves.ts'
import { span } from '../view/text.ts'
import { idOf, leadTo } from './lead.ts'
import { publishedEnds } from './probed-ends.ts'
import { publishedRows, type PublishedRow } from './published-row.ts'

const facts: Facts<PublishedRow> = {
  holds: (row, text) => textOf(row).includes(text),
  addresses: (row) => {
    if (row.kind === 'unread') return []
    const { hostIp, target } = row.port
    return [hostIp, ...(target.address === null ? [] : [target.address])]
  },
  ports: (row) => (row.kind === 'unread' ? [] : portsIn(row.port)),
  kind: (row) => (row.kind === 'unread' ? 'unread' : row.port.via),
  traits: (row) => (row.kind === 'unread' ? ['unreadable'] : []),
}

/** A range of more ports than anybody publishes is known by its ends. */
const widest = 4096

function portsIn({ hostPort, lastPort, target }: Extract<PublishedRow, { kind: 'port' }>['port']) {
  const length = Math.min(widest, lastPort - hostPort + 1)
  return [...Array.from({ length }, (_, at) => hostPort + at), lastPort, target.port]
}

function textOf(row: PublishedRow): string {
  const text =
    row.kind === 'unread'
      ? `${row.netnsName} not read ${row.why}`
      : [
          row.host,
          row.owner ?? '',
          row.target,
          row.netnsName,
          row.port.via,
          row.port.rule === null ? '' : ruleText(row.port.rule),
          row.port.process?.name ?? '',
          servesSpan(row.port).text,
        ].join(' ')
  return text.toLowerCase()
}

const dash = span('-', 'dim')

function column(
  fields: Omit<Column<PublishedRow>, 'cell' | 'by'> & {
    readonly cell: (row: Extract<PublishedRow, { kind: 'port' }>) => ReturnType<Column<PublishedRow>['cell']>
    readonly by: (row: Extract<PublishedRow, { kind: 'port' }>) => string | number | null
  },
): Column<PublishedRow> {
  return {
    ...fields,
    cell: (row) => (row.kind === 'unread' ? unreadCell(fields.id, row) : fields.cell(row)),
    by: (row) => (row.kind === 'unread' ? null : fields.by(row)),
  }
}

function unreadCell(id: string, row: Extract<PublishedRow, { kind: 'unread' }>) {
  if (id === 'port') return [span(`rules of ${row.netnsName}`, 'unreadable')]
  return id === 'target' ? [span(`not read: ${row.why}`, 'unreadable')] : []
}

export const publishedTable: Table<PublishedRow> = {
  id: 'published',
  title: 'published',
  source: {
    type: 'whole',
    rows: (state) => {
      const view = portsOf(state)
      const { world } = shown(state)
      // "None" is said when everything was looked at.
      if (view === null || world === null || (view.published.length === 0 && !view.complete)) return null
      return publishedRows(view, world.netns)
    },
    facts: () => facts,
  },
  columns: [
    column({
      id: 'port',
      title: 'PUBLISHED',
      least: 16,
      most: 46,
      rank: 0,
      cell: ({ host }) => [span(host, 'published')],
      by: ({ port }) => port.hostPort,
    }),
    column({
      id: 'target',
      title: 'LEADS TO',
      least: 21,
      most: 64,
      rank: 0,
      cell: ({ owner, target }) => [
        span(owner === null ? '' : `${owner} `, 'container'),
        span(target, 'address'),
      ],
      by: ({ owner, target }) => owner ?? target,
    }),
    column({
      id: 'listens',
      title: 'LISTENS',
      least: 15,
      most: 40,
      rank: 0,
      cell: ({ port }) => [servesSpan(port)],
      by: ({ port }) => port.serves,
    }),
    column({
      id: 'via',
      title: 'VIA',
      least: 5,
      most: 8,
      rank: 2,
      cell: ({ port }) => [span(port.via, port.via === 'engine' ? 'unreadable' : 'nat')],
      by: ({ port }) => port.via,
    }),
    column({
      id: 'rule',
      title: 'RULE',
      least: 8,
      most: 40,
      rank: 1,
      cell: ({ port }) => [
        port.rule === null
          ? port.process === null
            ? dash
            : span(port.process.name, 'dim')
          : span(ruleText(port.rule)),
      ],
      by: ({ port }) => (port.rule === null ? null : ruleText(port.rule)),
    }),
    column({
      id: 'netns',
      title: 'OF',
      least: 8,
      most: 24,
      rank: 3,
      cell: ({ netnsName }) => [span(netnsName, 'netns')],
      by: ({ netnsName }) => netnsName,
    }),
  ],
  key: ({ key }) => key,
  newsAtTop: true,
  label: (row) =>
    row.kind === 'unread' ? `rules of ${row.netnsName}` : `${row.host} to ${row.owner ?? row.target}`,
  mark: (row) => (row.kind === 'unread' ? span('?', 'unreadable') : servesMark(row.port)),
  empty: (state) =>
    portsOf(state)?.complete === true && state.tables.published.filter !== ''
      ? `no published port fits ${state.tables.published.filter}`
      : noPorts(state, 'rules and sockets', 'no port is published on this host'),
  about: (row, state) => {
    const { world } = shown(state)
    if (row.kind === 'unread')
      return {
        label: `rules of ${row.netnsName}`,
        netns: row.netns,
        ifindex: null,
        container: null,
        command: null,
        values: [{ what: 'why', text: row.why }],
      }
    const { port, host, target, owner } = row
    const netns = netnsOf(world, port.netns)
    return {
      label: host,
      netns: port.target.netns,
      ifindex: null,
      container: idOf(state, port.target.container),
      command:
        world === null || netns === null
          ? null
          : insideCommand(world, netns, port.rule === null ? 'ss -ltunp' : ruleCommand(port.rule)),
      values: [
        { what: 'port', text: host.replace(/\/.*$/, '') },
        { what: 'target', text: target },
        ...(owner === null ? [] : [{ what: 'container', text: owner }]),
      ],
      probedFrom: port.netns,
      ends: publishedEnds(row),
    }
  },
  detail: (row, state, columns) => publishedDetail(row, state, columns),
  follow: (row, state) => {
    if (row.kind === 'unread')
      return leadTo(state, row.netns, null, `${row.netnsName} has no row in the tree`)
    const { rule, target } = row.port
    if (rule !== null) return { to: () => openedAtRule(state, rule) }
    return leadTo(state, target.netns, target.container, 'it leads to no namespace of this host')
  },
  needs: () => [{ kind: 'ports' }],
  note: (state) => {
    const view = portsOf(state)
    return view === null ? '' : countText(view.published.length, view.unreadRules.length, view.complete)
  },
}
