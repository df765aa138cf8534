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
): readonly Span[] {
  const dashes = glyphs.line.repeat(Math.max(1, columns.rate - 5))
  const title: Span[] = [
    section.of === 'netns' ? span(section.name, 'heading') : span('not on a bridge', 'heading'),
  ]
  if (section.of === 'netns' && section.unreadable !== null) {
    title.push(span(`  could not be read: ${section.unreadable}`, 'unreadable'))
  }
  if (line.folded) title.push(span(`  ${counted(section.children.length, 'row')} folded away`, 'dim'))
  return rule(title, columns.width, glyphs, {
    ...(section.of === 'netns' ? { right: `rx/s ${dashes} tx/s` } : {}),
    ...(selected ? { mark: '>' } : {}),
  })
}
