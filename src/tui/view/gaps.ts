/**
 *  netns db
 *    permission denied
 *    run as root or grant cap_sys_admin
 */
import type { Line } from '../frame.ts'
import { shown } from '../select/shown.ts'
import { troubleOf } from '../select/trouble.ts'
import type { State } from '../state.ts'
import { gap, lineOf, span, wrapped } from './text.ts'

export function gapLines(state: State, columns: number): readonly Line[] {
  const trouble = troubleOf(shown(state).world)
  if (trouble.length === 0) return [lineOf([span('everything could be read', 'dim')], columns)]
  return trouble.flatMap(({ subject, reason, hint }) => [
    lineOf([span(subject, 'unreadable')], columns),
    ...wrapped([span(reason)], columns - 2).map((line) => lineOf([gap(2), ...line], columns)),
    ...(hint === null
      ? []
      : wrapped([span(hint, 'key')], columns - 2).map((line) => lineOf([gap(2), ...line], columns))),
  ])
}
