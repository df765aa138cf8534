/** Who of a network reaches whom: the grid that commands print, in the theme's colours. */
import { matrixGrid, type GridTone } from '../../../derive/probe/matrix-grid.ts'
import type { MatrixResult } from '../../../model/probe-result.ts'
import type { Line, Role } from '../../frame.ts'
import { counted } from '../numbers.ts'
import { gap, lineOf, span, widthOf } from '../text.ts'
import { para } from './para.ts'

const roles: Readonly<Record<GridTone, Role>> = {
  good: 'link.up',
  bad: 'link.down',
  weak: 'dim',
  plain: 'text',
  head: 'heading',
}

export function matrixLines(result: MatrixResult, columns: number): readonly Line[] {
  const { members, seconds, mostSockets } = result
  const took = `${counted(members.length, 'member')} in ${seconds.toFixed(1)} s, at most ${counted(mostSockets, 'socket')} at once`
  return [
    ...para([span(took, 'dim')], columns),
    ...matrixGrid(result, columns - 1).flatMap((line) => {
      const spans = line.map(({ text, tone }) => span(text, roles[tone]))
      // Only sentences are longer.
      return widthOf(spans) < columns ? [lineOf([gap(1), ...spans], columns)] : para(spans, columns)
    }),
  ]
}
