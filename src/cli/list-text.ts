import type { LinkShape, NetnsShape, UnreadLinksShape } from '../command/shapes.ts'
import { isUnknown } from '../model/known.ts'
import { clean } from './clean.ts'
import { columns, type Cell } from './columns.ts'
import { endText, stateCell, tellingAddressesText } from './link-text.ts'
import type { Style } from './style.ts'

function heading(style: Style, ...names: readonly string[]): readonly Cell[] {
  return names.map((text) => ({ text, shown: style.paint('dim', text) }))
}

export function netnsListText(rows: readonly NetnsShape[], style: Style): readonly string[] {
  return columns([
    heading(style, 'NETNS', 'ID', 'SEEN BY', 'PROCESSES', 'LINKS', 'ADDRESSES'),
    ...rows.map((row): readonly Cell[] => {
      const name = clean(row.name)
      const sources = [...new Set(row.names.map((each) => each.source))].join(' ')
      const head: Cell[] = [
        { text: name, shown: style.paint('bold', name) },
        { text: clean(row.id) },
        { text: sources === '' ? '-' : sources },
        { text: isUnknown(row.processes) ? '?' : String(row.processes) },
      ]
      if (row.readable !== true) return [...head, { text: '?' }, unreadable(row.readable.unknown, style)]
      const links = isUnknown(row.links) ? '?' : String(row.links)
      return [...head, { text: links }, { text: tellingAddressesText(row.addresses) || '-' }]
    }),
  ])
}

export function linkListText(
  rows: readonly (LinkShape | UnreadLinksShape)[],
  style: Style,
): readonly string[] {
  return columns([
    heading(style, 'NETNS', 'IFINDEX', 'LINK', 'KIND', 'STATE', 'MTU', 'MASTER', 'CONNECTED TO', 'ADDRESSES'),
    ...rows.map((row): readonly Cell[] => {
      const netns = { text: clean(row.netns.name) }
      if ('unknown' in row) {
        const blank = { text: '?' }
        return [netns, blank, blank, blank, blank, blank, blank, blank, unreadable(row.unknown, style)]
      }
      const name = clean(row.name)
      return [
        netns,
        { text: String(row.ifindex) },
        { text: name, shown: style.paint('bold', name) },
        { text: clean(row.kind) },
        stateCell(row, style),
        { text: String(row.mtu) },
        { text: clean(row.master) },
        { text: endText(row) || '-' },
        { text: tellingAddressesText(row.addresses) || '-' },
      ]
    }),
  ])
}

function unreadable(reason: string, style: Style): Cell {
  const text = clean({ unknown: reason })
  return { text, shown: style.paint('yellow', text) }
}
