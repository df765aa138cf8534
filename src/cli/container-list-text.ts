import type { ContainerShape, NetworkShape, UnreadEngineShape } from '../command/container-shapes.ts'
import { isUnknown } from '../model/known.ts'
import { clean } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import type { Style } from './style.ts'

export function containerListText(
  rows: readonly (ContainerShape | UnreadEngineShape)[],
  style: Style,
): readonly string[] {
  return columns([
    heading(style, 'CONTAINER', 'ID', 'ENGINE', 'STATE', 'MODE', 'NETNS', 'NETWORKS', 'PORTS'),
    ...rows.map((row) => ('unknown' in row ? unreadRow(row, style, 6) : containerRow(row, style))),
  ])
}

export function networkListText(
  rows: readonly (NetworkShape | UnreadEngineShape)[],
  style: Style,
): readonly string[] {
  return columns([
    heading(style, 'NETWORK', 'ID', 'ENGINE', 'DRIVER', 'NETNS', 'LINK', 'SUBNETS', 'MEMBERS'),
    ...rows.map((row) => ('unknown' in row ? unreadRow(row, style, 6) : networkRow(row, style))),
  ])
}

const shortId = 12

function containerRow(row: ContainerShape, style: Style): readonly Cell[] {
  const name = clean(row.name)
  const mode = row.joins === null ? row.mode : `container:${row.joins}`
  const netns = row.netns === null || isUnknown(row.netns) ? row.netns : row.netns.name
  return [
    { text: name, shown: style.paint('bold', name) },
    { text: clean(row.id.slice(0, shortId)) },
    { text: row.engine },
    { text: clean(row.state) },
    { text: clean(mode) },
    isUnknown(netns) ? unreadable(netns.unknown, style) : { text: clean(netns) },
    { text: row.networks.map(networkText).filter(Boolean).join(', ') || '-' },
    { text: row.ports.map(portText).join(', ') || '-' },
  ]
}

/** `net1 172.31.0.2/24 (eth0)`; a network without address or link says only what mode and state say already. */
function networkText({ name, link, ipv4, ipv6 }: ContainerShape['networks'][number]): string {
  const addresses = [ipv4, ipv6].filter((each) => each !== null).map((each) => clean(each))
  const end = link === null ? '' : ` (${isUnknown(link) ? clean(link) : clean(link.name)})`
  return addresses.length === 0 && end === '' ? '' : `${[clean(name), ...addresses].join(' ')}${end}`
}

function portText({ hostIp, hostPort, port, protocol }: ContainerShape['ports'][number]): string {
  const host = hostIp.includes(':') ? `[${clean(hostIp)}]` : clean(hostIp)
  return `${host}:${hostPort}->${port}/${protocol}`
}

function networkRow(row: NetworkShape, style: Style): readonly Cell[] {
  const name = clean(row.name)
  return [
    { text: name, shown: style.paint('bold', name) },
    { text: clean(row.id.slice(0, shortId)) },
    { text: row.engine },
    { text: clean(row.driver) },
    { text: clean(row.netns === null ? null : row.netns.name) },
    { text: clean(row.bridge ?? row.parent) },
    { text: row.subnets.map(({ subnet }) => clean(subnet)).join(' ') || '-' },
    { text: row.members.map((each) => clean(each.name)).join(', ') || '-' },
  ]
}

function unreadRow(row: UnreadEngineShape, style: Style, blanks: number): readonly Cell[] {
  const blank = { text: '?' }
  return [
    ...Array.from({ length: 2 }, () => blank),
    { text: row.engine ?? '?' },
    ...Array.from({ length: blanks - 2 }, () => blank),
    // Of a file the reason names it already.
    unreadable(
      row.endpoint === null || row.unknown.startsWith(row.endpoint)
        ? row.unknown
        : `${row.endpoint}: ${row.unknown}`,
      style,
    ),
  ]
}

function heading(style: Style, ...names: readonly string[]): readonly Cell[] {
  return names.map((text) => ({ text, shown: style.paint('dim', text) }))
}

function unreadable(reason: string, style: Style): Cell {
  const text = clean({ unknown: reason })
  return { text, shown: style.paint('yellow', text) }
}
