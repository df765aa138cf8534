/**
 * ── recent changes ────────────────────────────
 *  14:02:51 host ip_forward 1→0
 *  14:01:10 host veth8c1 lost master docker0
 */
import type { Change } from '../../model/world.ts'
import type { Line, Span } from '../frame.ts'
import { changesShown } from '../select/changes-shown.ts'
import { clockTime, hourMinute } from '../select/clock.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { gap, lineOf, span, wrapped } from './text.ts'

export type ChangeLines = {
  readonly lines: readonly Line[]
  /** The first change in sight, and how many are. */
  readonly from: number
  readonly seen: number
}

/** From the newest one on, or as far down as the chosen one needs to be in sight. */
export function changeLines(state: State, columns: number, height: number): ChangeLines {
  const all = changesShown(state)
  if (all.length === 0) {
    const text = wrapped([span(nothing(state), 'dim')], columns - 2)
    return { lines: text.map((line) => lineOf([gap(1), ...line], columns)), from: 0, seen: 0 }
  }
  const { focus, scroll } = state.topology
  const textOf = (at: number): readonly (readonly Span[])[] => textLines(all[at], columns)
  const chosen = Math.min(scroll.changes, all.length - 1)
  let from = chosen
  for (let room = height - textOf(chosen).length; from > 0; from -= 1) {
    room -= textOf(from - 1).length
    if (room < 0) break
  }
  const lines: Line[] = []
  let seen = 0
  for (let at = from; at < all.length && lines.length + textOf(at).length <= height; at += 1) {
    lines.push(...textOf(at).map((spans) => lineOf(spans, columns, focus === 'changes' && at === chosen)))
    seen += 1
  }
  // A single one that is longer than the pane.
  if (seen === 0) return { lines: textOf(from).map((spans) => lineOf(spans, columns)), from, seen: 1 }
  return { lines, from, seen }
}

const timeWidth = 10

/** What does not fit behind the time goes on below it. */
function textLines(change: Change | undefined, columns: number): readonly (readonly Span[])[] {
  if (change === undefined) return []
  // A namespace is its own subject: its name once is enough.
  const what = change.subject === change.netnsName ? '' : ` ${change.subject}`
  const text = [span(change.netnsName, 'netns'), span(what, 'link'), span(` ${change.says}`)]
  return wrapped(text, columns - timeWidth).map((line, at) => [
    at === 0 ? span(` ${clockTime(Date.parse(change.at))} `, 'dim') : gap(timeWidth),
    ...line,
  ])
}

function nothing(state: State): string {
  const { since, status } = shown(state)
  if (status.type === 'replay')
    return 'none in this recording: only a live screen that is open sees changes, and saves them with S'
  return since === null ? 'not watched yet' : `none since ${hourMinute(since)}`
}
