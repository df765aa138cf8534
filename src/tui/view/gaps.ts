/**
 * > !! F01  docker0  does not work now
 *      ip_forward is 0: nothing behind docker0 gets out
 *
 *  could not be read
 *  permission denied
 *    netns db, netns web, links of net:[4026532177]
 *    run as root or grant cap_sys_admin
 */
import type { Line, Span } from '../frame.ts'
import { polledBecause } from '../select/polled.ts'
import { shown } from '../select/shown.ts'
import { troubleOf, type Trouble } from '../select/trouble.ts'
import type { State } from '../state.ts'
import { findingLines, uncheckedLines } from './finding-lines.ts'
import { gap, lineOf, span, wrapped } from './text.ts'

export function gapLines(state: State, columns: number): readonly Line[] {
  const trouble = troubleOf(shown(state).world)
  const found = findingLines(state, columns).flat()
  const unread = trouble.length === 0 ? [] : troubleLines(trouble, columns)
  const unchecked = uncheckedLines(state, columns)
  const polled = polledLines(state, columns)
  if (found.length + unread.length + unchecked.length === 0)
    return [lineOf([span('everything could be read', 'dim')], columns), ...polled]
  const isTitled = found.length + unchecked.length > 0
  return [
    ...found,
    ...(isTitled ? titled('Could not be read', unread, found, columns) : unread),
    ...titled('Could not be checked', unchecked, [...found, ...unread], columns),
    ...polled,
  ]
}

function titled(
  title: string,
  lines: readonly Line[],
  above: readonly Line[],
  columns: number,
): readonly Line[] {
  if (lines.length === 0) return []
  const heading = lineOf([span(title, 'heading')], columns)
  return [...(above.length === 0 ? [] : [lineOf([], columns)]), heading, ...lines]
}

/** Nothing is missing then, but what changes is seen later. */
function polledLines(state: State, columns: number): readonly Line[] {
  const why = polledBecause(state)
  if (why === null) return []
  const says = [span('all is read again every 2 s, because no events are heard: ', 'changed'), span(why)]
  return [lineOf([], columns), ...wrapped(says, columns).map((line) => lineOf(line, columns))]
}

/** What has the same reason stands together: without root that is nearly everything. */
function troubleLines(trouble: readonly Trouble[], columns: number): readonly Line[] {
  const groups = new Map<string, readonly Trouble[]>()
  for (const one of trouble) {
    const key = JSON.stringify([one.reason, one.hint])
    groups.set(key, [...(groups.get(key) ?? []), one])
  }
  return [...groups.values()].flatMap((group, at) => groupLines(group, columns, at === 0))
}

function groupLines(group: readonly Trouble[], columns: number, isFirst: boolean): readonly Line[] {
  const [first] = group
  if (first === undefined) return []
  const subjects = group.flatMap(({ subject }, at) => [
    span(at === 0 ? '' : ', '),
    span(subject.replaceAll(' ', unbroken), 'netns'),
  ])
  const indented = (spans: readonly Span[]): readonly Line[] =>
    wrapped(spans, columns - 2).map((line) => lineOf([gap(2), ...line.map(broken)], columns))
  const count = group.length === 1 ? [] : [span(`  ${group.length} times`, 'dim')]
  return [
    ...(isFirst ? [] : [lineOf([], columns)]),
    ...wrapped([span(first.reason, 'unreadable'), ...count], columns).map((line) => lineOf(line, columns)),
    ...indented(subjects),
    ...(first.hint === null ? [] : indented([span('what helps: ', 'dim'), span(first.hint, 'key')])),
  ]
}

/** A subject stays on one line: its spaces are none to `wrapped`. */
const unbroken = '\u2800'

function broken({ text, role }: Span): Span {
  return { text: text.replaceAll(unbroken, ' '), role }
}
