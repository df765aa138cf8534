/** A container without a namespace of its own: below the one it shares, or of mode host. */
import { portTexts, standingText } from '../../derive/container-standing.ts'
import type { ContainerRow } from '../../derive/topology-row.ts'
import type { TopologyLine } from '../../derive/topology-rows.ts'
import type { Span } from '../frame.ts'
import { farWidth } from './columns.ts'
import { nameCell, type RowContext } from './row-context.ts'
import { gap, padded, span, widthOf } from './text.ts'

export function containerRowSpans(
  line: TopologyLine,
  row: ContainerRow,
  context: RowContext,
): readonly Span[] {
  const { columns, hit } = context
  const mark = context.mark !== ' ' ? span(context.mark, 'key') : span(' ')
  const name = span(row.name, hit ? 'match' : 'container')
  // Below a link it stands where the others have their far end.
  const begin =
    line.depth > 1
      ? [
          ...nameCell(line, mark, '', 'container', context, columns.name),
          gap(2),
          ...padded([name], Math.max(columns.farNetns, Math.min(widthOf([name]), farWidth(columns)))),
          gap(1),
        ]
      : nameCell(line, mark, row.name, 'container', context, columns.name + columns.farNetns)
  const state = row.container.state === 'running' ? [] : [span(`  ${row.container.state}`, 'link.down')]
  const ports = portTexts(row.container).map((text) => span(`  ${text}`, 'published'))
  return [...begin, span(standingText(row.container, row.shares)), ...state, ...ports]
}
