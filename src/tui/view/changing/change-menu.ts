/** What can be added, changed or deleted at the selected thing. */
import type { Line } from '../../frame.ts'
import type { State } from '../../state.ts'
import { gap, lineOf, padded, span } from '../text.ts'

const titleColumn = 38

export function changeMenuLines({ mode }: State, columns: number): readonly Line[] {
  if (mode.type !== 'change-menu') return []
  return mode.choices.map(({ title, of }, at) =>
    lineOf(
      [
        span(at === mode.cursor ? '>' : ' ', 'key'),
        gap(1),
        ...padded([span(title)], Math.min(titleColumn, columns - 12)),
        gap(1),
        span(of, 'dim'),
      ],
      columns,
      at === mode.cursor,
    ),
  )
}
