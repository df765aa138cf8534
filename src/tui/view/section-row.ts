import type { Section } from '../../derive/topology-row.ts'
import type { TopologyLine } from '../../derive/topology-rows.ts'
import type { Span } from '../frame.ts'
import type { Columns } from './columns.ts'
import type { Glyphs } from './glyphs.ts'
import { counted } from './numbers.ts'
import { rule } from './rule.ts'
import { span } from './text.ts'

/** The heading of a namespace with bridges, or of the namespaces on none; it names the columns of the rates. */
export function sectionSpans(
  line: TopologyLine,
  section: Section,
  columns: Columns,
  glyphs: Glyphs,
  selected: boolean,
  total: boolean,
): readonly Span[] {
  const title: Span[] = [
    section.of === 'netns' ? span(section.name, 'heading') : span('not on a bridge', 'heading'),
  ]
  if (section.of === 'netns' && section.overlay !== null) {
    title.push(span(`  ${section.overlay}`, 'container'))
  }
  if (section.of === 'netns' && section.unreadable !== null) {
    title.push(span(`  could not be read: ${section.unreadable}`, 'unreadable'))
  }
  if (line.folded) title.push(span(`  ${counted(section.children.length, 'row')} folded away`, 'dim'))
  return [
    ...rule(title, columns.used, glyphs, {
      ...(section.of === 'netns' ? { right: titles(columns, glyphs, total) } : {}),
      ...(selected ? { mark: '>' } : {}),
    }),
    span(glyphs.line.repeat(columns.width - columns.used), 'border'),
  ]
}

/** What the columns at the right end hold. `total`: since each link was made, rather than a second. */
function titles(columns: Columns, { line }: Glyphs, total: boolean): string {
  const column = (title: string, wide: number): string =>
    wide === 0 ? '' : `${title} ${line.repeat(wide - title.length - 2)} `
  const numbers = total
    ? `bytes rx ${line.repeat(Math.max(0, 2 * columns.rate - 13))} tx`
    : `rx/s ${line.repeat(Math.max(1, columns.rate - 5))} tx/s`
  return `${column('held by', columns.held)}${column('mac', columns.mac)}${numbers}`
}
