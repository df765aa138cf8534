/**
 * The lines of `x`: keys, what they do, and why one can do nothing now. What has no room in a row stands below the
 * rows while it is the chosen one:
 *
 *  >p   ping from inside its namespace   not now: a recordi…
 *   w   http: fetch a page from inside its na…   not now: a…
 *  ─────────────────────────────────────────────────────────
 *  not now: a recording is not the host: probes are sent
 *  from a live one
 */
import type { Line, Span } from '../frame.ts'
import { screenOf } from '../screens/screen-of.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { menuOf, type MenuItem } from '../select/menu.ts'
import type { State } from '../state.ts'
import { fitted, gap, lineOf, padded, span, widthOf, wrapped } from './text.ts'

const keyColumn = 14
/** The mark of the chosen row, the keys, a blank. */
const before = 1 + keyColumn + 1
/** Enough to see that it cannot be done now: `   not now…`. */
const leastReason = 11
/** A small terminal needs its rows for the list. */
const mostBelow = 4

const itemsOf = memoRecent(menuOf)

export function menuLines(state: State, columns: number): readonly Line[] {
  const cursor = cursorOf(state)
  return itemsOf(state).map((item, at) => {
    const chosen = at === cursor
    const { keys, why } = item
    const reason = reasonOf(item)
    // What it is called tells the rows apart; the reason can be read whole below them.
    const title = fitted(titleOf(item), columns - before - (why === null ? 0 : leastReason))
    const spans = [
      span(chosen ? '>' : ' ', 'key'),
      ...padded([span(keys.join(' '), why === null ? 'key' : 'dim')], keyColumn),
      gap(1),
      ...title,
      ...reason,
    ]
    return lineOf(spans, columns, chosen)
  })
}

/** What the chosen row had no room for. As high as any row needs it, so that the list does not jump. */
export function menuBelow(state: State, columns: number): readonly Line[] {
  const items = itemsOf(state)
  const below = items.map((item) => belowOf(item, columns))
  const height = Math.min(mostBelow, Math.max(0, ...below.map(({ length }) => length)))
  const chosen = below[cursorOf(state)] ?? []
  return Array.from({ length: height }, (_, at) => lineOf(chosen[at] ?? [], columns))
}

/** What the widest row takes. */
export function menuWidth(state: State): number {
  return Math.max(0, ...itemsOf(state).map(rowWidth))
}

function belowOf(item: MenuItem, columns: number): readonly (readonly Span[])[] {
  if (rowWidth(item) <= columns) return []
  const { title, why } = item
  if (why === null) return wrapped([span(title)], columns)
  const isCut = before + widthOf(titleOf(item)) + leastReason > columns
  return wrapped([...(isCut ? [span(`${title}   `)] : []), span(`not now: ${why}`)], columns)
}

function rowWidth(item: MenuItem): number {
  return before + widthOf([...titleOf(item), ...reasonOf(item)])
}

function titleOf({ title, why }: MenuItem): readonly Span[] {
  return [span(title, why === null ? 'text' : 'dim')]
}

function reasonOf({ why }: MenuItem): readonly Span[] {
  return why === null ? [] : [span(`   not now: ${why}`, 'dim')]
}

function cursorOf({ mode }: State): number {
  return mode.type === 'menu' ? mode.cursor : -1
}

export function menuTitle(state: State): string {
  const about = screenOf(state).about(state)
  return about === null ? 'what can be done here' : `what can be done: ${about.label}`
}
