/** A link of the tree, with its far end and rates on the same row. */
import { isResolved } from '../../derive/peers.ts'
import type { LinkRow } from '../../derive/topology-row.ts'
import type { TopologyLine } from '../../derive/topology-rows.ts'
import type { Address } from '../../model/address.ts'
import type { FlashField } from '../feed.ts'
import type { Role, Span } from '../frame.ts'
import { ratesOf } from '../select/rates.ts'
import { flashKey } from '../update/flash.ts'
import { farWidth } from './columns.ts'
import { linkNotes } from './link-notes.ts'
import { rate } from './numbers.ts'
import { nameCell, type RowContext } from './row-context.ts'
import { atRight, fitted, gap, padded, span, widthOf } from './text.ts'

/** Where others have the sign of a pair, a row without one has room for a longer name. */
const signWidth = 2

export function linkRowSpans(line: TopologyLine, row: LinkRow, context: RowContext): readonly Span[] {
  const { columns } = context
  const fresh = changedFields(row, context)
  const role: Role = fresh.has('name') ? 'changed' : row.link.kind === 'bridge' ? 'bridge' : 'link'
  const wide = row.far === null ? signWidth : 0
  const begin = nameCell(line, markOf(row, context), row.link.name, role, context, columns.name + wide)
  const middle = row.far === null ? alone(row, context, fresh) : paired(row, context, fresh)
  const room = columns.width - columns.name - wide - 2 * columns.rate
  return [...begin, ...padded(middle, room), ...rateCells(row, context)]
}

/** The selected one; else whatever makes the row stand out without colour. */
function markOf(row: LinkRow, { mark }: RowContext): Span {
  if (mark === '>') return span('>', 'key')
  if (row.peer !== null && !isResolved(row.peer)) return span('?', 'unreadable')
  return span(' ')
}

function changedFields(row: LinkRow, { feed, now }: RowContext): ReadonlySet<FlashField> {
  const near = feed.flashes.get(flashKey(row.netns, row.ifindex))
  const far = row.far === null ? undefined : feed.flashes.get(flashKey(row.far.netns, row.far.link.ifindex))
  return new Set(
    [near, far].flatMap((flash) => (flash === undefined || flash.until <= now ? [] : [...flash.fields])),
  )
}

/** `⇄ nginx1     eth0   172.17.0.3/16     notes` */
function paired(row: LinkRow, context: RowContext, fresh: ReadonlySet<FlashField>): readonly Span[] {
  const { columns, glyphs, farSelected } = context
  const { far } = row
  if (far === null) return []
  const sign = farSelected
    ? [span(glyphs.pair, 'border'), span('>', 'key')]
    : [span(`${glyphs.pair} `, 'border')]
  const where = padded([span(far.netnsName, 'netns')], columns.farNetns)
  const which = padded([span(far.link.name, 'link')], columns.farLink)
  const own = row.addresses.length > 0 && far.addresses.length > 0
  const shown = far.addresses.length > 0 ? far.addresses : row.addresses
  const notes = linkNotes(row, context.glyphs, context.host, fresh)
  const near = own ? [span(`here ${addressText(row.addresses)} `, 'address')] : []
  return [
    ...sign,
    ...where,
    gap(1),
    ...which,
    gap(1),
    ...withNotes(shown, columns.address, columns.address + columns.notes, [...near, ...notes], fresh),
  ]
}

/** `172.17.0.1/16        bridge UP`: the address stands where the others have their far end. */
function alone(row: LinkRow, context: RowContext, fresh: ReadonlySet<FlashField>): readonly Span[] {
  const { columns } = context
  const wide = farWidth(columns) - signWidth
  const notes = linkNotes(row, context.glyphs, context.host, fresh)
  return withNotes(row.addresses, wide, wide + columns.address + columns.notes, notes, fresh)
}

function withNotes(
  addresses: readonly Address[],
  columns: number,
  room: number,
  notes: readonly Span[],
  fresh: ReadonlySet<FlashField>,
): readonly Span[] {
  const text = span(addressText(addresses), fresh.has('address') ? 'changed' : 'address')
  const rest = Math.max(1, columns - widthOf([text]))
  // Where hardly anything of a note could be read, only bad news is told, and first.
  if (room - widthOf([text]) - rest < Math.min(6, widthOf(notes))) {
    const bad = notes.filter((note) => note.role === 'link.down').slice(0, 1)
    return [...bad, gap(bad.length), text]
  }
  return [text, gap(rest), ...notes]
}

/** The first one, and how many more; link-local ones only where there is nothing else. */
function addressText(addresses: readonly Address[]): string {
  const wide = addresses.filter((address) => address.scope !== 'link')
  const first = wide.find((address) => address.family === 'inet') ?? wide[0] ?? addresses[0]
  if (first === undefined) return ''
  const more = Math.max(wide.length, 1) - 1
  return `${first.local}/${first.prefixLen}${more > 0 ? ` +${more}` : ''}`
}

function rateCells(row: LinkRow, { feed, columns }: RowContext): readonly Span[] {
  const rates = ratesOf(feed, row.netns, row.ifindex)
  const cell = (value: number | undefined): readonly Span[] =>
    fitted(
      atRight(rate(value), columns.rate - 1, value === undefined || value === 0 ? 'dim' : 'counter'),
      columns.rate,
    )
  return [...cell(rates?.rxBytes), gap(1), ...cell(rates?.txBytes), gap(1)]
}
