/** Tracked connections of one namespace: both directions, what was translated, and which of them lead nowhere. */
import { addressOwners } from '../../derive/address-owners.ts'
import { insideCommand } from '../../derive/inside-command.ts'
import type { Connection } from '../../model/connection.ts'
import type { ConnectionRow } from '../../model/connection-view.ts'
import { isUnknown } from '../../model/known.ts'
import {
  connectionsNeeds,
  connectionsNetns,
  connectionsOf,
  connectionsWindowOf,
} from '../select/connections.ts'
import { nameOf, netnsOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import type { Table } from '../table/table.ts'
import { connectionDetail } from '../view/ports/connection-detail.ts'
import {
  destinationOf,
  replySpans,
  sourceOf,
  stateSpan,
  timeoutText,
  translationSpans,
  troubleMark,
} from '../view/ports/connection-text.ts'
import { fullnessText } from '../view/ports/conntrack-facts.ts'
import { shortNumber } from '../view/numbers.ts'
import { span } from '../view/text.ts'
import { idOf, leadTo } from './lead.ts'
import { connectionEnds } from './probed-ends.ts'

const dash = span('-', 'dim')

export const connectionsTable: Table<ConnectionRow> = {
  id: 'connections',
  title: 'connections',
  source: { type: 'window', rows: connectionsWindowOf },
  columns: [
    {
      id: 'protocol',
      title: 'PROTO',
      least: 5,
      most: 8,
      rank: 2,
      cell: ({ view }) => [span(view.connection.protocol, 'dim')],
      by: ({ view }) => view.connection.protocol,
    },
    {
      id: 'source',
      title: 'FROM',
      least: 16,
      most: 47,
      rank: 0,
      cell: ({ view }) => [span(sourceOf(view.connection.original), 'address')],
      by: ({ view }) => view.connection.original.source,
    },
    {
      id: 'destination',
      title: 'TO',
      least: 15,
      most: 52,
      rank: 0,
      cell: ({ view }) => [span(destinationOf(view.connection.original), 'address')],
      by: ({ view }) => view.connection.original.destination,
    },
    {
      id: 'translation',
      title: 'TRANSLATED',
      least: 17,
      most: 60,
      rank: 0,
      cell: ({ view }) => translationSpans(view),
    },
    {
      id: 'state',
      title: 'STATE',
      least: 11,
      most: 17,
      rank: 1,
      cell: ({ view }) => [stateSpan(view)],
      by: ({ view }) => view.connection.state,
    },
    {
      id: 'timeout',
      title: 'TIMEOUT',
      align: 'right',
      least: 7,
      most: 7,
      rank: 4,
      cell: ({ view }) => [span(timeoutText(view.connection.timeout), 'counter')],
      by: ({ view }) => view.connection.timeout,
    },
    {
      id: 'container',
      title: 'CONTAINER',
      least: 10,
      most: 24,
      rank: 3,
      cell: ({ view }) => [view.container === null ? dash : span(view.container, 'container')],
      by: ({ view }) => view.container,
    },
    {
      id: 'bytes',
      title: 'BYTES',
      align: 'right',
      least: 5,
      most: 6,
      rank: 5,
      cell: ({ view: { connection } }) => [
        connection.bytes === null
          ? dash
          : span(shortNumber(connection.bytes.original + connection.bytes.reply), 'counter'),
      ],
      by: ({ view: { connection } }) =>
        connection.bytes === null ? null : connection.bytes.original + connection.bytes.reply,
    },
    {
      id: 'reply',
      title: 'REPLY',
      least: 33,
      most: 100,
      rank: 7,
      cell: ({ view }, { arrow }) => replySpans(view, arrow),
    },
    {
      id: 'mark',
      title: 'MARK',
      least: 4,
      most: 10,
      rank: 6,
      cell: ({ view: { connection } }) => [
        connection.mark === 0 ? dash : span(`0x${connection.mark.toString(16)}`),
      ],
    },
    {
      id: 'zone',
      title: 'ZONE',
      align: 'right',
      least: 4,
      most: 5,
      rank: 6,
      cell: ({ view: { connection } }) => [connection.zone === 0 ? dash : span(String(connection.zone))],
    },
  ],
  key: ({ key }) => key,
  label: ({ view: { connection } }) => labelOf(connection),
  mark: ({ view }) => troubleMark(view),
  empty: emptyText,
  about: ({ view: { connection, container, translation } }, state) => {
    const { original, reply } = connection
    return {
      label: labelOf(connection),
      netns: connectionsNetns(state),
      ifindex: null,
      container: idOf(state, container),
      command: commandOf(connection, state),
      values: [
        { what: 'from', text: sourceOf(original) },
        { what: 'to', text: destinationOf(original) },
        ...(translation === null ? [] : [{ what: 'translated', text: translation }]),
        { what: 'reply', text: `${sourceOf(reply)} ${destinationOf(reply)}` },
      ],
      ...connectionEnds(state, connection),
    }
  },
  detail: (row, state, columns) => {
    const window = connectionsWindowOf(state)
    if (window === null) return []
    return connectionDetail(row, state, columns, {
      window,
      command: commandOf(row.view.connection, state),
    })
  },
  follow: ({ view: { connection, container } }, state) => {
    const { world } = shown(state)
    if (world === null) return { why: 'nothing has been read yet' }
    const owners = addressOwners(world)
    const ends = [connection.original.source, connection.reply.source].map((each) => owners.ownerOf(each))
    // Who is inside is what one wants to see, rather than the host whose table this is.
    const netns =
      ends.find((id) => id !== null && id !== world.host) ?? ends.find((id) => id !== null) ?? null
    return leadTo(state, netns, container, 'neither end is an address of a namespace here')
  },
  needs: connectionsNeeds,
  note: (state) => {
    if (state.pages.ports !== 'connections') return ''
    const netns = connectionsNetns(state)
    const window = connectionsWindowOf(state)
    const name = netns === null ? '' : nameOf(shown(state).world, netns)
    return window === null ? name : `${name} ${fullnessText(window)}`
  },
}

function labelOf({ protocol, original }: Connection): string {
  return `${protocol} ${sourceOf(original)} to ${destinationOf(original)}`
}

/** As conntrack-tools take it. */
function commandOf({ family, protocol, original }: Connection, state: State): string | null {
  const { world } = shown(state)
  const id = connectionsNetns(state)
  const netns = id === null ? null : netnsOf(world, id)
  if (world === null || netns === null) return null
  const { source, destination, sourcePort, destinationPort } = original
  const ports =
    sourcePort === null || destinationPort === null ? '' : ` --sport ${sourcePort} --dport ${destinationPort}`
  const which = family === 'ip6' ? ' -f ipv6' : ''
  return insideCommand(
    world,
    netns,
    `conntrack -L${which} -p ${protocol} -s ${source} -d ${destination}${ports}`,
  )
}

function emptyText(state: State): string {
  const netns = connectionsNetns(state)
  const { world } = shown(state)
  if (world === null || netns === null) return 'reading the network namespaces of this host …'
  const name = nameOf(world, netns)
  const answer = connectionsOf(state)
  if (answer === null)
    return state.frozen === null
      ? `reading the connections of ${name} …`
      : `the connections of ${name} were not read before the picture was frozen; z makes it live`
  if ('unknown' in answer) return `the connections of ${name} could not be read: ${answer.unknown}`
  const { filter } = state.tables.connections
  if (answer.total > 0) return `none of the ${answer.total} connections of ${name} fits ${filter}`
  const most = isUnknown(answer.max) ? '' : ` of at most ${answer.max}`
  return `${name} follows no connection now: 0${most}. A namespace follows them only while a rule in it asks for that.`
}
