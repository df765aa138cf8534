/** A link of the tree, with its far end and rates on the same row. */
import { isResolved } from '../../derive/peers.ts'
import type { FarEnd, LinkRow } from '../../derive/topology-row.ts'
import type { TopologyLine } from '../../derive/topology-rows.ts'
import type { Address } from '../../model/address.ts'
import { isHidden } from '../../model/ids.ts'
import type { FlashField } from '../feed.ts'
import type { Role, Span } from '../frame.ts'
import { ratesOf } from '../select/rates.ts'
import { nameOf } from '../select/shown.ts'
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
  const isPair = row.far !== null || isUnresolved(row)
  const wide = isPair ? 0 : signWidth
  const begin = nameCell(line, markOf(row, context), row.link.name, role, context, columns.name + wide)
  const middle = isPair ? paired(row, context, fresh) : alone(row, context, fresh)
  const room = columns.width - columns.name - wide - 2 * columns.rate
  return [...begin, ...padded(middle, room), ...rateCells(row, context)]
}

/** The selected one; else whatever makes the row stand out without colour. */
function markOf(row: LinkRow, { mark }: RowContext): Span {
  if (mark === '>') return span('>', 'key')
  if (isUnresolved(row) || (row.far !== null && isHidden(row.far.netns))) return span('?', 'unreadable')
  return span(' ')
}

function changedFields(row: LinkRow, { feed, now }: RowContext): ReadonlySet<FlashField> {
  const near = feed.flashes.get(flashKey(row.netns, row.ifindex))
  const far = row.far === null ? undefined : feed.flashes.get(flashKey(row.far.netns, row.far.link.ifindex))
  return new Set(
    [near, far].flatMap((flash) => (flash === undefined || flash.until <= now ? [] : [...flash.fields])),
  )
}

function isUnresolved(row: LinkRow): boolean {
  return row.peer !== null && !isResolved(row.peer)
}

/** `⇄ nginx1     eth0   172.17.0.3/16     notes` */
function paired(row: LinkRow, context: RowContext, fresh: ReadonlySet<FlashField>): readonly Span[] {
  const { columns, glyphs, farSelected } = context
  const sign = farSelected
    ? [span(glyphs.pair, 'border'), span('>', 'key')]
    : [span(`${glyphs.pair} `, 'border')]
  const [where, which] = farNames(row, context)
  const theirs = addressText(row.far?.addresses ?? [])
  const ours = addressText(row.addresses)
  const notes = linkNotes(row, context, fresh)
  const near = theirs !== '' && ours !== '' ? [span(`${ours.replace(/\/.*/, '')} here `, 'address')] : []
  return [
    ...sign,
    ...padded([where], columns.farNetns),
    gap(1),
    ...padded([which], columns.farLink),
    gap(1),
    ...withNotes(
      theirs === '' ? ours : theirs,
      columns.address,
      columns.address + columns.notes,
      [...near, ...notes],
      fresh,
    ),
  ]
}

/** What tells two hidden namespaces apart is the number, so it comes first. */
function farNetns({ netns, netnsName }: FarEnd): Span {
  if (!isHidden(netns)) return span(netnsName, 'netns')
  return span(`nsid ${netns.slice(netns.lastIndexOf(':') + 1)} (hidden)`, 'unreadable')
}

/** Of an end that could not be resolved, what is known: its namespace, its ifindex there. */
function farNames(row: LinkRow, { feed }: RowContext): readonly [Span, Span] {
  const { far, peer } = row
  if (far !== null) return [farNetns(far), span(far.link.name, 'link')]
  if (peer === null || isResolved(peer)) return [span(''), span('')]
  const where = peer.netns === null ? '?' : nameOf(feed.world, peer.netns)
  return [span(where, 'unreadable'), span(`if${peer.ifindex}`, 'unreadable')]
}

/** `172.17.0.1/16        bridge UP`: the address stands where the others have their far end. */
function alone(row: LinkRow, context: RowContext, fresh: ReadonlySet<FlashField>): readonly Span[] {
  const { columns } = context
  const wide = farWidth(columns) - signWidth
  const notes = linkNotes(row, context, fresh)
  return withNotes(addressText(row.addresses), wide, wide + columns.address + columns.notes, notes, fresh)
}

function withNotes(
  address: string,
  columns: number,
  room: number,
  notes: readonly Span[],
  fresh: ReadonlySet<FlashField>,
): readonly Span[] {
  const text = span(address, fresh.has('address') ? 'changed' : 'address')
  const rest = Math.max(1, columns - widthOf([text]))
  // Where hardly anything of a note could be read, only bad news is told, and first.
  if (room - widthOf([text]) - rest < Math.min(6, widthOf(notes))) {
    const bad = notes.filter((note) => note.role === 'link.down').slice(0, 1)
    return [...bad, gap(bad.length), text]
  }
  return [text, gap(rest), ...notes]
}

/** The first one, and how many more. Link-local ones tell nothing that a row has room for. */
function addressText(addresses: readonly Address[]): string {
  const wide = addresses.filter((address) => address.scope !== 'link')
  const first = wide.find((address) => address.family === 'inet') ?? wide[0]
  if (first === undefined) return ''
  const more = wide.length - 1
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
