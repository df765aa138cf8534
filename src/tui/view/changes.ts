/**
 * ── recent changes ────────────────────────────
 *  14:02:51 host ip_forward 1→0
 *  14:01:10 host veth8c1 lost master docker0
 */
import type { Line } from '../frame.ts'
import { changesShown } from '../select/changes-shown.ts'
import { clockTime, hourMinute } from '../select/clock.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { lineOf, span } from './text.ts'

/** `from`: the first one that is seen. */
export function changeLines(state: State, columns: number, from: number, height: number): readonly Line[] {
  const all = changesShown(state)
  if (all.length === 0) return [lineOf([span(` ${nothing(state)}`, 'dim')], columns)]
  const { focus, scroll } = state.topology
  return all.slice(from, from + height).map((change, at) => {
    // A namespace is its own subject: its name once is enough.
    const what = change.subject === change.netnsName ? '' : ` ${change.subject}`
    const spans = [
      span(` ${clockTime(Date.parse(change.at))} `, 'dim'),
      span(change.netnsName, 'netns'),
      span(what, 'link'),
      span(` ${change.says}`),
    ]
    return lineOf(spans, columns, focus === 'changes' && scroll.changes === from + at)
  })
}

function nothing(state: State): string {
  const { since, status } = shown(state)
  if (status.type === 'replay') return 'none was recorded'
  return since === null ? 'not watched yet' : `none since ${hourMinute(since)}`
}
