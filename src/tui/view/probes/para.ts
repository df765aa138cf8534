/** A sentence as lines: wrapped, what follows the first line indented. */
import type { Line, Span } from '../../frame.ts'
import { gap, lineOf, wrapped } from '../text.ts'

const more = 2

export function para(spans: readonly Span[], columns: number, indent = 1): readonly Line[] {
  return wrapped(spans, Math.max(8, columns - indent - more)).map((line, at) =>
    lineOf([gap(at === 0 ? indent : indent + more), ...line], columns),
  )
}
