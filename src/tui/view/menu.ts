/** The lines of `x`: keys, what they do, and why one can do nothing now. */
import type { Line } from '../frame.ts'
import { screenOf } from '../screens/screen-of.ts'
import { menuOf } from '../select/menu.ts'
import type { State } from '../state.ts'
import { fitted, gap, lineOf, padded, span, widthOf } from './text.ts'

const keyColumn = 14
const leastTitle = 20

export function menuLines(state: State, columns: number): readonly Line[] {
  const cursor = state.mode.type === 'menu' ? state.mode.cursor : -1
  return menuOf(state).map(({ keys, title, why }, at) => {
    const chosen = at === cursor
    const reason = why === null ? [] : [span(`   not now: ${why}`, 'dim')]
    // Why it cannot be done now is news, what it is called is not.
    const room = Math.max(leastTitle, columns - 1 - keyColumn - 1 - widthOf(reason))
    const spans = [
      span(chosen ? '>' : ' ', 'key'),
      ...padded([span(keys.join(' '), why === null ? 'key' : 'dim')], keyColumn),
      gap(1),
      ...fitted([span(title, why === null ? 'text' : 'dim')], room),
      ...reason,
    ]
    return lineOf(spans, columns, chosen)
  })
}

export function menuTitle(state: State): string {
  const about = screenOf(state).about(state)
  return about === null ? 'what can be done here' : `what can be done: ${about.label}`
}
