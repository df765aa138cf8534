/** Screen 5's table: the networks of every engine, lab's among them. */
import type { Facts } from '../../derive/filter.ts'
import { insideCommand } from '../../derive/inside-command.ts'
import { quoted } from '../../lib/quoted.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { World } from '../../model/world.ts'
import { findingsOf } from '../select/findings.ts'
import { overlayOf } from '../select/overlay-selected.ts'
import { netnsOf, shown } from '../select/shown.ts'
import { selectionOf } from '../select/subject.ts'
import type { State } from '../state.ts'
import type { Table } from '../table/table.ts'
import { jumped } from '../update/jump.ts'
import { networkSheets } from '../view/networks/network-sheets.ts'
import { stateMark, stateSpans, subnetText } from '../view/networks/network-text.ts'
import { span } from '../view/text.ts'
import { networkRows, type NetworkRow } from './network-row.ts'
import { memberAddress } from '../view/networks/member-text.ts'
import { nothingOfEngines } from './nothing-of-engines.ts'

const dash = span('-', 'dim')

const facts: Facts<NetworkRow> = {
  holds: (row, text) =>
    [
      row.network.name,
      row.network.id,
      row.engine,
      row.network.driver,
      row.link?.name ?? '',
      subnetText(row),
      ...row.members.map(({ name }) => name),
      ...row.findings.map(({ id }) => id),
    ].some((each) => each.toLowerCase().includes(text)),
  addresses: ({ members }) => members.flatMap((member) => memberAddress(member) ?? []),
  ports: ({ members }) => members.flatMap(({ ports }) => ports.map(({ port }) => port)),
  kind: ({ network }) => network.driver,
  traits: ({ findings }) => (findings.length > 0 ? ['failed'] : []),
}

export function networksOfState(state: State): readonly NetworkRow[] | null {
  const { world } = shown(state)
  return world === null ? null : networkRows(world.netns, world.engines, world, findingsOf(state))
}

export const networksTable: Table<NetworkRow> = {
  id: 'networks',
  title: 'networks',
  source: { type: 'whole', rows: networksOfState, facts: () => facts },
  columns: [
    {
      id: 'name',
      title: 'NAME',
      least: 10,
      most: 32,
      rank: 0,
      cell: ({ network }) => [span(network.name, 'container')],
      by: ({ network }) => network.name,
    },
    {
      id: 'engine',
      title: 'ENGINE',
      least: 6,
      most: 10,
      rank: 3,
      cell: ({ engine }) => [span(engine, engine === 'lab' ? 'link.up' : 'dim')],
      by: ({ engine }) => engine,
    },
    {
      id: 'driver',
      title: 'DRIVER',
      least: 6,
      most: 10,
      rank: 2,
      cell: ({ network }) => [span(network.driver, 'dim')],
      by: ({ network }) => network.driver,
    },
    {
      id: 'subnet',
      title: 'SUBNET',
      least: 13,
      most: 44,
      rank: 0,
      cell: (row) => [row.network.subnets.length === 0 ? dash : span(subnetText(row), 'address')],
      by: subnetText,
    },
    {
      id: 'bridge',
      title: 'BRIDGE',
      least: 9,
      most: 15,
      rank: 1,
      // The link below a macvlan is no bridge, and the network is there through it all the same.
      cell: ({ link, network }) => [
        link === null ? dash : span(link.name, network.bridge === null ? 'link' : 'bridge'),
      ],
      by: ({ link }) => link?.name ?? null,
    },
    {
      id: 'members',
      title: 'MEM',
      align: 'right',
      least: 3,
      most: 5,
      rank: 0,
      cell: ({ members }) => [span(String(members.length), 'counter')],
      by: ({ members }) => members.length,
    },
    {
      id: 'ports',
      title: 'PORTS',
      align: 'right',
      least: 5,
      most: 5,
      rank: 4,
      cell: ({ ports }) => [span(String(ports), 'counter')],
      by: ({ ports }) => ports,
    },
    {
      id: 'state',
      title: 'STATE',
      least: 8,
      most: 40,
      rank: 0,
      cell: stateSpans,
      by: ({ findings }) => findings.length,
    },
  ],
  key: ({ key }) => key,
  label: ({ network }) => network.name,
  mark: stateMark,
  empty: (state) => nothingOfEngines(state, 'networks', 'network'),
  about: ({ network, netns, link, engine }, state) => {
    const { world } = shown(state)
    const home = netns === null ? null : netnsOf(world, netns)
    return {
      label: network.name,
      netns,
      ifindex: link?.ifindex ?? null,
      container: null,
      command:
        engine === 'docker' || engine === 'podman'
          ? `${engine} network inspect ${quoted(network.name)}`
          : world === null || home === null || link === null
            ? null
            : insideCommand(world, home, `ip -d addr show dev ${quoted(link.name)}`),
      values: [
        { what: 'name', text: network.name },
        ...network.subnets.map(({ subnet }) => ({ what: 'subnet', text: subnet })),
        ...network.subnets.flatMap(({ gateway }) =>
          gateway === null ? [] : [{ what: 'gateway', text: gateway }],
        ),
        ...(link === null ? [] : [{ what: network.bridge === null ? 'parent' : 'bridge', text: link.name }]),
        { what: 'id', text: network.id },
      ],
    }
  },
  sheets: networkSheets,
  follow: (row, state) => {
    const { world } = shown(state)
    const place = placeOf(world, row)
    if ('why' in place) return place
    const selection =
      world === null || place.ifindex === null ? null : selectionOf(world, place.netns, place.ifindex)
    return selection === null
      ? { why: `${place.name} has no row in the tree` }
      : { to: () => jumped(state, selection) }
  },
  needs: () => [{ kind: 'ports' }],
}

type Place = { readonly netns: NetnsId; readonly ifindex: number | null; readonly name: string }

/** Its bridge, or the link below it; an overlay's bridge is in its hidden namespace. */
function placeOf(world: World | null, row: NetworkRow): Place | { readonly why: string } {
  const { network, netns, link } = row
  const [segment] = overlayOf(world, row)?.segments ?? []
  if (segment !== undefined) return segment.bridge
  return link === null || netns === null
    ? { why: `${network.name} has no bridge on this host` }
    : { ...link, netns }
}
