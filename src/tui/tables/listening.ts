/** Who listens where: the sockets of every namespace that wait for others. */
import { insideCommand } from '../../derive/inside-command.ts'
import type { Facts } from '../../derive/filter.ts'
import { isUnknown } from '../../model/known.ts'
import { countText, noPorts, portsOf } from '../select/ports.ts'
import { netnsOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import type { Column, Table } from '../table/table.ts'
import { fact } from '../view/facts/fact.ts'
import { flowed } from '../view/facts/flow.ts'
import { span } from '../view/text.ts'
import { idOf, leadTo } from './lead.ts'
import { listeningRows, type ListeningRow } from './listening-row.ts'
import { listenerEnds } from './probed-ends.ts'

type SocketRow = Extract<ListeningRow, { kind: 'socket' }>

const facts: Facts<ListeningRow> = {
  holds: (row, text) => textOf(row).includes(text),
  addresses: (row) => (row.kind === 'socket' ? [row.socket.address] : []),
  ports: (row) => (row.kind === 'socket' ? [row.socket.port] : []),
  kind: (row) => (row.kind === 'socket' ? row.socket.protocol : 'unread'),
  traits: (row) => (row.kind === 'socket' ? [] : ['unreadable']),
}

function textOf(row: ListeningRow): string {
  const text =
    row.kind === 'unread'
      ? `${row.netnsName} not read ${row.why}`
      : `${row.place}/${row.socket.protocol} ${row.netnsName} ${processText(row)} ${row.socket.container ?? ''}`
  return text.toLowerCase()
}

function processText({ socket: { process } }: SocketRow): string {
  return isUnknown(process) ? 'not known' : `${process.name} ${process.pid}`
}

function column(
  fields: Omit<Column<ListeningRow>, 'cell' | 'by'> & {
    readonly cell: (row: SocketRow) => ReturnType<Column<ListeningRow>['cell']>
    readonly by: (row: SocketRow) => string | number | null
  },
): Column<ListeningRow> {
  return {
    ...fields,
    cell: (row) => (row.kind === 'socket' ? fields.cell(row) : unreadCell(fields.id, row)),
    by: (row) => (row.kind === 'socket' ? fields.by(row) : fields.id === 'netns' ? row.netnsName : null),
  }
}

function unreadCell(id: string, row: Extract<ListeningRow, { kind: 'unread' }>) {
  if (id === 'netns') return [span(row.netnsName, 'netns')]
  return id === 'process' ? [span(`not read: ${row.why}`, 'unreadable')] : [span('?', 'unreadable')]
}

/** What others cannot reach from outside is told apart. */
const isInnermost = (address: string): boolean => address.startsWith('127.') || address === '::1'

export const listeningTable: Table<ListeningRow> = {
  id: 'listening',
  title: 'listening',
  source: {
    type: 'whole',
    rows: (state) => {
      const view = portsOf(state)
      const { world } = shown(state)
      if (view === null || world === null || (view.listening.length === 0 && !view.complete)) return null
      return listeningRows(view, world.netns)
    },
    facts: () => facts,
  },
  columns: [
    column({
      id: 'place',
      title: 'ADDRESS',
      least: 15,
      most: 46,
      rank: 0,
      cell: ({ place, socket }) => [span(place, isInnermost(socket.address) ? 'dim' : 'address')],
      by: ({ socket }) => socket.port,
    }),
    column({
      id: 'protocol',
      title: 'PROTO',
      least: 5,
      most: 7,
      rank: 2,
      cell: ({ socket }) => [span(socket.protocol, 'dim')],
      by: ({ socket }) => socket.protocol,
    }),
    column({
      id: 'netns',
      title: 'NETNS',
      least: 10,
      most: 30,
      rank: 0,
      cell: ({ netnsName }) => [span(netnsName, 'netns')],
      by: ({ netnsName }) => netnsName,
    }),
    column({
      id: 'process',
      title: 'PROCESS',
      least: 14,
      most: 40,
      rank: 0,
      cell: ({ socket: { process } }) => [
        isUnknown(process) ? span('not known', 'unreadable') : span(`${process.name} ${process.pid}`),
      ],
      by: ({ socket: { process } }) => (isUnknown(process) ? null : process.name),
    }),
    column({
      id: 'container',
      title: 'CONTAINER',
      least: 10,
      most: 40,
      rank: 1,
      cell: ({ socket }) => [
        socket.container === null ? span('-', 'dim') : span(socket.container, 'container'),
      ],
      by: ({ socket }) => socket.container,
    }),
  ],
  key: ({ key }) => key,
  label: (row) =>
    row.kind === 'unread' ? `sockets of ${row.netnsName}` : `${row.place} in ${row.netnsName}`,
  mark: (row) => (row.kind === 'unread' ? span('?', 'unreadable') : span(' ')),
  empty: (state) =>
    portsOf(state)?.complete === true && state.tables.listening.filter !== ''
      ? `no listening socket fits ${state.tables.listening.filter}`
      : noPorts(state, 'sockets', 'nothing listens in any namespace'),
  about: (row, state) => {
    const netns = row.kind === 'unread' ? row.netns : row.socket.netns
    return {
      label: row.kind === 'unread' ? `sockets of ${row.netnsName}` : `${row.place} in ${row.netnsName}`,
      netns,
      ifindex: null,
      container: row.kind === 'unread' ? null : idOf(state, row.socket.container),
      command: commandOf(row, state),
      values:
        row.kind === 'unread'
          ? [{ what: 'why', text: row.why }]
          : [
              { what: 'address', text: row.place },
              ...(isUnknown(row.socket.process)
                ? []
                : [{ what: 'pid', text: String(row.socket.process.pid) }]),
            ],
      ...(row.kind === 'unread' ? {} : listenerEnds(state, row)),
    }
  },
  detail: (row, state, columns) => {
    const command = commandOf(row, state)
    const shell =
      command === null ? [] : [{ label: '$', spans: [span(command, 'key')], alone: true as const }]
    const isList = columns < state.size.columns
    if (row.kind === 'unread')
      return flowed(
        [
          {
            ...fact('not read', `the sockets of ${row.netnsName}: ${row.why}`, 'unreadable'),
            alone: true,
          },
          ...shell,
        ],
        columns,
        isList,
      )
    const { socket, place, netnsName } = row
    const { process, container } = socket
    return flowed(
      [
        fact('address', place, 'address'),
        fact('protocol', `${socket.protocol} over ${socket.family === 'ip6' ? 'IPv6' : 'IPv4'}`),
        fact('netns', netnsName, 'netns'),
        isUnknown(process)
          ? { ...fact('process', `not known: ${process.unknown}`, 'unreadable'), alone: true as const }
          : fact('process', `${process.name} pid ${process.pid}`),
        ...(container === null ? [] : [fact('container', container, 'container')]),
        fact('takes', takes(socket.address)),
        ...publishedAs(row, state),
        ...shell,
      ],
      columns,
      isList,
    )
  },
  follow: (row, state) =>
    row.kind === 'unread'
      ? leadTo(state, row.netns, null, `${row.netnsName} has no row in the tree`)
      : leadTo(state, row.socket.netns, row.socket.container, `${row.netnsName} has no row in the tree`),
  needs: () => [{ kind: 'ports' }],
  note: (state) => {
    const view = portsOf(state)
    return view === null ? '' : countText(view.listening.length, view.unreadSockets.length, view.complete)
  },
}

function takes(address: string): string {
  if (address === '0.0.0.0') return 'what comes to any address, IPv4'
  if (address === '::') return 'what comes to any address, IPv6 and mostly IPv4 too'
  return isInnermost(address) ? 'only what comes from the same namespace' : `what comes to ${address}`
}

/** Ports of hosts that lead to this socket's namespace and port. */
function publishedAs({ socket }: SocketRow, state: State) {
  const ports = (portsOf(state)?.published ?? []).filter(
    ({ target, protocol }) =>
      target.netns === socket.netns && target.port === socket.port && protocol === socket.protocol,
  )
  if (ports.length === 0) return []
  const texts = ports.map(({ hostIp, hostPort }) =>
    hostIp.includes(':') ? `[${hostIp}]:${hostPort}` : `${hostIp}:${hostPort}`,
  )
  return [fact('published', [...new Set(texts)].join(' '), 'published')]
}

function commandOf(row: ListeningRow, state: State): string | null {
  const { world } = shown(state)
  const netns = netnsOf(world, row.kind === 'unread' ? row.netns : row.socket.netns)
  return world === null || netns === null ? null : insideCommand(world, netns, 'ss -ltunp')
}
