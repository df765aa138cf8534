/** The short lists that something is chosen from: themes, columns, what can be copied. */
import type { Line } from '../frame.ts'
import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { roles } from '../frame.ts'
import { valuesOf } from '../select/values.ts'
import { glyphs } from './glyphs.ts'
import { gap, lineOf, padded, span, widthOf } from './text.ts'

function cursorOf({ mode }: State): number {
  return 'cursor' in mode ? (mode.cursor ?? 0) : 0
}

/** Each theme, and below them every role as it looks in the chosen one. */
export function themeLines(state: State, columns: number): readonly Line[] {
  const cursor = cursorOf(state)
  const themes = (state.options.themes ?? []).map(({ name, title }, at) =>
    lineOf(
      [
        span(at === cursor ? '>' : ' ', 'key'),
        ...padded([span(name, 'link')], 16),
        gap(1),
        span(title, 'dim'),
      ],
      columns,
      at === cursor,
    ),
  )
  const samples: Line[] = []
  let line = [gap(1)]
  for (const role of roles) {
    const sample = [span(role, role), gap(2)]
    if (widthOf(line) + widthOf(sample) > columns) {
      samples.push(lineOf(line, columns))
      line = [gap(1)]
    }
    line.push(...sample)
  }
  return [...themes, lineOf([], columns), ...samples, lineOf(line, columns)]
}

export function columnLines(state: State, columns: number): readonly Line[] {
  const cursor = cursorOf(state)
  const look = glyphs(state.options.ascii)
  return (screenOf(state).columns?.all(state) ?? []).map(({ title, isShown, order }, at) => {
    const said =
      order === undefined
        ? ''
        : order === null
          ? ''
          : order === 'ascending'
            ? `${look.ascending} orders the rows`
            : `${look.unfolded} orders the rows, the other way round`
    return lineOf(
      [
        span(at === cursor ? '>' : ' ', 'key'),
        span(isShown ? '[x] ' : '[ ] ', isShown ? 'text' : 'dim'),
        ...padded([span(title, isShown ? 'text' : 'dim')], 20),
        gap(1),
        span(said, 'key'),
      ],
      columns,
      at === cursor,
    )
  })
}

export function copyLines(state: State, columns: number): readonly Line[] {
  const cursor = cursorOf(state)
  return valuesOf(state).map(({ what, text }, at) =>
    lineOf(
      [span(at === cursor ? '>' : ' ', 'key'), ...padded([span(what, 'dim')], 14), gap(1), span(text)],
      columns,
      at === cursor,
    ),
  )
}
