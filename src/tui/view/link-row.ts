/** A link of the tree, with its far end and rates on the same row. */
import { isResolved } from '../../derive/peers.ts'
import type { LinkRow } from '../../derive/topology-row.ts'
import type { TopologyLine } from '../../derive/topology-rows.ts'
import { isHidden } from '../../model/ids.ts'
import { isUnknown } from '../../model/known.ts'
import type { FlashField } from '../feed.ts'
import type { Role, Span } from '../frame.ts'
import { ratesOf, type Rates } from '../select/rates.ts'
import { nameOf, netnsOf } from '../select/shown.ts'
import { flashKey } from '../update/flash.ts'
import { farWidth } from './columns.ts'
import { holderText } from './holders.ts'
import { fittedNotes, isComing, linkNotes, type Note } from './link-notes.ts'
import { addressText, farNetnsText, isUnresolved, nameBegin } from './needs.ts'
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
  const wide = isPair ? columns.name : aloneName(line, row, context)
  const rates = ratesOf(context.feed, row.netns, row.ifindex)
  const notes = linkNotes(row, context, fresh, rates)
  const begin = nameCell(line, markOf(row, context, notes), row.link.name, role, context, wide)
  const cells = isPair ? pairCells(row, context) : []
  const before = wide + widthOf(cells)
  const room = columns.name + farWidth(columns) + columns.address + columns.notes - before
  const address = isPair ? columns.address : columns.name + farWidth(columns) - before
  const text = isPair ? shownAddress(row) : addressText(row.addresses)
  return [
    ...begin,
    ...cells,
    ...padded(withNotes(text, address, room, notes, fresh), room),
    ...moreCells(row, context),
    ...rateCells(row, rates, context),
    gap(columns.width - columns.used),
  ]
}

/** A row without a far end gives its room to a long name, as long as an address fits behind it. */
function aloneName(line: TopologyLine, row: LinkRow, { columns }: RowContext): number {
  const wanted = nameBegin(line.depth) + widthOf([span(row.link.name)]) + 1
  const most = columns.name + farWidth(columns) - widthOf([span(addressText(row.addresses))]) - 2
  return Math.max(columns.name + signWidth, Math.min(wanted, most))
}

/** The selected one; else whatever makes the row stand out without colour. */
function markOf(row: LinkRow, { mark, feed }: RowContext, notes: readonly Note[]): Span {
  if (mark !== ' ') return span(mark, 'key')
  if (isComing(row, feed)) return span(' ')
  if (isUnresolved(row) || (row.far !== null && isHidden(row.far.netns))) return span('?', 'unreadable')
  const finding = notes.flatMap((note) => note.spans).find((one) => one.role.startsWith('finding.'))
  // Also while the note about it flashes.
  const unequal = row.far !== null && row.far.link.mtu !== row.link.mtu
  return finding === undefined && !unequal ? span(' ') : span('!', finding?.role ?? 'finding.risk')
}

function changedFields(row: LinkRow, { feed, now }: RowContext): ReadonlySet<FlashField> {
  const near = feed.flashes.get(flashKey(row.netns, row.ifindex))
  const far = row.far === null ? undefined : feed.flashes.get(flashKey(row.far.netns, row.far.link.ifindex))
  return new Set(
    [near, far].flatMap((flash) => (flash === undefined || flash.until <= now ? [] : [...flash.fields])),
  )
}

/** `⇄ nginx1     eth0   ` */
function pairCells(row: LinkRow, context: RowContext): readonly Span[] {
  const { columns, glyphs, farSelected } = context
  const sign = farSelected
    ? [span(glyphs.pair, 'border'), span('>', 'key')]
    : [span(`${glyphs.pair} `, 'border')]
  const [where, which] = farNames(row, context)
  return [...sign, ...padded([where], columns.farNetns), gap(1), ...padded([which], columns.farLink), gap(1)]
}

/** Whoever wants to know where something is asks for the far end's. */
function shownAddress(row: LinkRow): string {
  const theirs = addressText(row.far?.addresses ?? [])
  return theirs === '' ? addressText(row.addresses) : theirs
}

/** Of an end that could not be resolved, what is known: its namespace, its ifindex there. */
function farNames(row: LinkRow, { feed }: RowContext): readonly [Span, Span] {
  const { far, peer } = row
  if (far !== null) {
    const role: Role = isHidden(far.netns)
      ? 'unreadable'
      : (row.end?.network ?? null) === null
        ? 'netns'
        : 'container'
    return [span(farNetnsText(far), role), span(far.link.name, 'link')]
  }
  if (peer === null || isResolved(peer)) return [span(''), span('')]
  if (isComing(row, feed)) return [span('…', 'dim'), span('')]
  const where = peer.netns === null ? '?' : nameOf(feed.world, peer.netns)
  return [span(where, 'unreadable'), span(`if${peer.ifindex}`, 'unreadable')]
}

/**
 * Address, then notes. Where there is hardly any room behind it, bad news stands before the address, and notes take the
 * place of one that is not there.
 */
function withNotes(
  address: string,
  columns: number,
  room: number,
  notes: readonly Note[],
  fresh: ReadonlySet<FlashField>,
): readonly Span[] {
  const text = span(address, fresh.has('address') ? 'changed' : 'address')
  const rest = Math.max(address === '' ? 0 : 1, columns - widthOf([text]))
  const behind = room - widthOf([text]) - rest
  const all = fittedNotes(notes, Infinity)
  if (widthOf(all) > behind && address === '') return fittedNotes(notes, room)
  const told = fittedNotes(notes, behind)
  const bad = notes.find((note) => note.spans.some((one) => one.role === 'link.down'))
  if (bad !== undefined && !told.some((one) => one.role === 'link.down')) {
    return fittedNotes([bad, { spans: [text], whole: true }], room)
  }
  return [text, gap(rest), ...told]
}

/** Who lives at the far end, and the hardware address that captures and bridges know it by. */
function moreCells(row: LinkRow, { columns, feed }: RowContext): readonly Span[] {
  const netns = columns.held === 0 || row.far === null ? null : netnsOf(feed.world, row.far.netns)
  const held = netns === null ? '' : holderText(netns, feed.world)
  const mac = (row.far?.link ?? row.link).lladdr ?? ''
  return [
    ...padded(columns.held === 0 ? [] : [span(held, 'dim')], columns.held - gapBehind),
    gap(columns.held === 0 ? 0 : gapBehind),
    ...padded(columns.mac === 0 ? [] : [span(mac, 'dim')], columns.mac),
  ]
}

const gapBehind = 2

/** A recording knows no rates; it has counted since each link was made. */
function rateCells(row: LinkRow, rates: Rates | null, { feed, columns }: RowContext): readonly Span[] {
  const counts = isUnknown(row.link.stats) ? undefined : row.link.stats
  const shown = feed.status.type === 'replay' ? counts : (rates ?? undefined)
  const cell = (value: number | undefined): readonly Span[] =>
    fitted(
      atRight(rate(value), columns.rate - 1, value === undefined || value === 0 ? 'dim' : 'counter'),
      columns.rate,
    )
  return [...cell(shown?.rxBytes), gap(1), ...cell(shown?.txBytes), gap(1)]
}
