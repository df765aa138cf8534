/** What the rows of the tree are drawn with, and the beginning that they share. */
import type { TopologyLine } from '../../derive/topology-rows.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Feed } from '../feed.ts'
import type { Role, Span } from '../frame.ts'
import type { Columns } from './columns.ts'
import type { Glyphs } from './glyphs.ts'
import { gap, padded, span } from './text.ts'

export type RowContext = {
  readonly glyphs: Glyphs
  readonly columns: Columns
  readonly feed: Feed
  readonly host: NetnsId | null
  /** Whose section the row stands in; null: not on a bridge. */
  readonly section: NetnsId | null
  /** `>` for the selected row. */
  readonly mark: string
  readonly farSelected: boolean
  /** Fits the filter itself, rather than standing above something that does. */
  readonly hit: boolean
  readonly now: number
}

/** Mark, tree lines, name: `>├─vethe8201cd`. A row below a section stands at its fold mark: ` ▼ docker0`. */
export function nameCell(
  line: TopologyLine,
  mark: Span,
  name: string,
  role: Role,
  context: RowContext,
  columns: number,
): readonly Span[] {
  const { glyphs } = context
  const has = line.row.children.length > 0
  const fold = has ? (line.folded ? glyphs.folded : glyphs.unfolded) : null
  const own = line.last.at(-1) === true ? glyphs.corner : glyphs.tee
  const trunk = line.last
    .slice(1, -1)
    .map((last) => (last ? '  ' : glyphs.trunk))
    .join('')
  const branch = line.depth <= 1 ? `${fold ?? ' '} ` : `${trunk}${own.slice(0, 1)}${fold ?? own.slice(1)}`
  const cell = [mark, span(branch, 'border'), span(name, context.hit ? 'match' : role)]
  return [...padded(cell, columns - 1), gap(1)]
}
