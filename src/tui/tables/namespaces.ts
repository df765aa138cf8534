/** Screen 2's table: every network namespace. */
import type { Facts } from '../../derive/filter.ts'
import { isUnknown } from '../../model/known.ts'
import { namespaceCommand } from '../select/namespace-command.ts'
import { shown } from '../select/shown.ts'
import { selectionOf } from '../select/subject.ts'
import { detailsNeed } from '../select/topology-needs.ts'
import { sheetOf } from '../table/sheet.ts'
import type { Table } from '../table/table.ts'
import { jumped } from '../update/jump.ts'
import { span } from '../view/text.ts'
import { namespaceRows, type NamespaceRow } from './namespace-row.ts'
import { namespaceSheets } from './namespace-sheets.ts'

const dash = span('-', 'dim')

const facts: Facts<NamespaceRow> = {
  holds: ({ id, name, containers, addresses, source }, text) =>
    [id, name, source, ...containers, ...addresses].some((each) => each.toLowerCase().includes(text)),
  addresses: (row) => row.addresses,
  ports: () => [],
  kind: ({ mode }) => mode,
  traits: ({ netns, source }) => [
    ...(netns.readable === true ? [] : (['unreadable'] as const)),
    ...(source === 'hidden' ? (['hidden'] as const) : []),
  ],
}

export const namespacesTable: Table<NamespaceRow> = {
  id: 'namespaces',
  title: 'namespaces',
  source: {
    type: 'whole',
    rows: (state) => {
      const { world } = shown(state)
      return world === null ? null : namespaceRows(world.netns, world.engines, world)
    },
    facts: () => facts,
  },
  columns: [
    {
      id: 'name',
      title: 'NAME',
      least: 12,
      most: 40,
      rank: 0,
      // What tells hidden ones apart is the number; that they are hidden the column beside it says, and the mark.
      cell: ({ name, source }) => [
        source === 'hidden' ? span(name.replace(/^hidden /, ''), 'unreadable') : span(name, 'netns'),
      ],
      by: ({ name }) => name,
    },
    {
      id: 'source',
      title: 'NAMED BY',
      least: 8,
      most: 10,
      rank: 4,
      cell: ({ source }) => [span(source, 'dim')],
      by: ({ source }) => source,
    },
    {
      id: 'mode',
      title: 'MODE',
      least: 7,
      most: 12,
      rank: 3,
      cell: ({ mode }) => [mode === null ? dash : span(mode)],
      by: ({ mode }) => mode,
    },
    {
      id: 'containers',
      title: 'CONTAINERS',
      least: 10,
      most: 24,
      rank: 5,
      cell: ({ containers: [first, ...more] }) =>
        first === undefined
          ? [dash]
          : [span(first, 'container'), span(more.length === 0 ? '' : ` +${more.length}`, 'counter')],
      by: ({ containers }) => containers[0] ?? null,
    },
    {
      id: 'processes',
      title: 'PROC',
      align: 'right',
      least: 4,
      most: 6,
      rank: 2,
      cell: ({ processes }) => [
        isUnknown(processes) ? span('?', 'unreadable') : span(String(processes), 'counter'),
      ],
      by: ({ processes }) => (isUnknown(processes) ? null : processes),
    },
    {
      id: 'links',
      title: 'LINKS',
      align: 'right',
      least: 5,
      most: 6,
      rank: 2,
      cell: ({ links }) => [isUnknown(links) ? span('?', 'unreadable') : span(String(links), 'counter')],
      by: ({ links }) => (isUnknown(links) ? null : links),
    },
    {
      id: 'forwards',
      title: 'FORWARDS',
      least: 8,
      most: 15,
      rank: 3,
      cell: ({ forwards }) => [
        isUnknown(forwards) ? span('?', 'unreadable') : span(forwards, forwards === 'no' ? 'dim' : 'text'),
      ],
      by: ({ forwards }) => (isUnknown(forwards) ? null : forwards),
    },
    {
      id: 'gateway',
      title: 'GATEWAY',
      least: 11,
      most: 26,
      rank: 1,
      cell: ({ gateway }) => [gateway === null ? dash : span(gateway, 'address')],
      by: ({ gateway }) => gateway,
    },
    {
      id: 'addresses',
      title: 'ADDRESSES',
      least: 14,
      most: 60,
      rank: 0,
      cell: ({ addresses, netns }) => [
        netns.readable === true
          ? span(addresses.join(' '), 'address')
          : span(netns.readable.unknown, 'unreadable'),
      ],
      by: ({ addresses }) => addresses[0] ?? null,
    },
  ],
  key: ({ id }) => id,
  label: ({ name }) => name,
  mark: ({ netns }) => (netns.readable === true ? span(' ') : span('?', 'unreadable')),
  empty: (state) =>
    shown(state).world === null
      ? 'reading the network namespaces of this host …'
      : `no namespace fits ${state.tables.namespaces.filter}`,
  about: (row, state) => {
    const { id, name, netns, addresses } = row
    const { world } = shown(state)
    const sheet = sheetOf(namespacesTable, row, state)?.id ?? 'overview'
    return {
      label: name,
      netns: id,
      ifindex: null,
      container: null,
      command: world === null ? null : namespaceCommand(world, netns, sheet),
      values: [
        { what: 'name', text: name },
        { what: 'inode', text: `net:[${id}]` },
        ...addresses.map((address) => ({ what: 'address', text: address.replace(/\/.*$/, '') })),
      ],
    }
  },
  sheets: namespaceSheets,
  follow: ({ id, name }, state) => {
    const { world } = shown(state)
    const selection = world === null ? null : selectionOf(world, id, null)
    return selection === null
      ? { why: `${name} has no row in the tree` }
      : { to: () => jumped(state, selection) }
  },
  needs: (state, row) => {
    const details = row === null ? [] : detailsNeed(state, row.id)
    return row === null || details.length === 0
      ? details
      : [...details, { kind: 'counters', netns: [row.id] }]
  },
}
