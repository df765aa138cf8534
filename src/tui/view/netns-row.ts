/** A namespace that hangs on no bridge: its mode, or why nothing more is known of it. */
import type { NetnsRow } from '../../derive/topology-row.ts'
import type { TopologyLine } from '../../derive/topology-rows.ts'
import { isUnknown } from '../../model/known.ts'
import type { Span } from '../frame.ts'
import { netnsOf } from '../select/shown.ts'
import { farWidth } from './columns.ts'
import { counted } from './numbers.ts'
import { nameBegin } from './needs.ts'
import { holderText } from './holders.ts'
import { nameCell, type RowContext } from './row-context.ts'
import { padded, span, widthOf } from './text.ts'

export function netnsRowSpans(line: TopologyLine, row: NetnsRow, context: RowContext): readonly Span[] {
  const closed = row.unreadable !== null || row.hidden
  const mark = context.mark !== ' ' ? span(context.mark, 'key') : span(closed ? '?' : ' ', 'unreadable')
  const { columns } = context
  const role = closed ? 'unreadable' : 'netns'
  const most = columns.name + columns.farNetns
  // A reason is long: it begins as near as the name lets it.
  const own = nameBegin(line.depth) + widthOf([span(row.name)]) + 1
  const wide = row.unreadable === null ? most : Math.min(most, Math.max(columns.name + 2, own))
  const begin = nameCell(line, mark, row.name, role, context, wide)
  if (row.unreadable !== null) {
    const what = row.hidden ? 'hidden, ' : ''
    const said = row.overlay ?? (row.mode === null ? null : `mode ${row.mode}`)
    return [
      ...begin,
      ...(said === null ? [] : [span(`${said}  `, 'container')]),
      span(`${what}could not be read: ${row.unreadable}`, 'unreadable'),
    ]
  }
  const links = isUnknown(row.linkCount)
    ? span(`links not read: ${row.linkCount.unknown}`, 'unreadable')
    : row.linkCount === 0
      ? span('only loopback', 'dim')
      : span(counted(row.linkCount, 'link'))
  const netns = netnsOf(context.feed.world, row.netns)
  const held = netns === null ? '' : holderText(netns, context.feed.world)
  const isOnlyKept = /^(a (file|socket) of|its name;) /.test(held)
  const hidden = row.hidden ? [span('hidden ', 'unreadable')] : []
  const said = [row.overlay, row.mode === null ? null : `mode ${row.mode}`].flatMap((text) =>
    text === null ? [] : [span(`${text}  `, 'container')],
  )
  const room = Math.max(farWidth(columns) - columns.farNetns, 8)
  return [
    ...begin,
    ...said,
    ...padded([...hidden, links], Math.max(room - widthOf(said), widthOf([...hidden, links]) + 2)),
    span(isOnlyKept ? `held by ${held}` : held, 'dim'),
  ]
}
