/**
 * The output of one probe. While it runs: how it does on top, and below that the end of what it told, or where one has
 * scrolled back to. When it ended: what came of it, then all that it told.
 */
import type { Line } from '../../frame.ts'
import { isUnderWay, type ProbeRun } from '../../probes/probes-state.ts'
import type { State } from '../../state.ts'
import type { Pane, PaneSize } from '../../table/table.ts'
import { target, type Motion } from '../../update/motion.ts'
import { headLines } from './head-lines.ts'
import { outputCount, outputLines } from './output-lines.ts'

type Parts = {
  readonly head: readonly Line[]
  readonly isLive: boolean
  /** Lines of the output that are kept, and the number of the first of them. */
  readonly count: number
  readonly first: number
  /** Lines that are scrolled through, and how many of them are seen at once. */
  readonly length: number
  readonly room: number
  /** The first one in sight. */
  readonly top: number
}

function partsOf(run: ProbeRun, state: State, { width, height }: PaneSize): Parts {
  const all = headLines(run, state, width)
  const isLive = isUnderWay(run)
  // What it tells is the news; how it does gets no more than half.
  const head = isLive ? all.slice(0, Math.max(1, Math.floor(height / 2))) : all
  const count = outputCount(run)
  const first = run.dropped
  const room = Math.max(0, isLive ? height - head.length : height)
  const length = isLive ? count : head.length + count
  const last = Math.max(0, length - room)
  const { at } = state.probes.output
  const wanted = at === null ? (isLive ? last : 0) : at - first + (isLive ? 0 : head.length)
  return { head, isLive, count, first, length, room, top: Math.max(0, Math.min(last, wanted)) }
}

export function outputPane(run: ProbeRun, state: State, size: PaneSize): Pane {
  const { head, isLive, length, room, top } = partsOf(run, state, size)
  const below = length - room - top
  if (isLive) {
    const lines = [...head, ...outputLines(run, top, top + room, size.width)]
    return { lines, right: below > 0 ? `${below} below; End follows` : '' }
  }
  const own = head.slice(top, top + room)
  const from = Math.max(0, top - head.length)
  const lines = [...own, ...outputLines(run, from, from + room - own.length, size.width)]
  return { lines, right: length > room ? `${top + 1}-${top + lines.length} of ${length}` : '' }
}

/** Where a motion leads; null: to the end of what runs, or the beginning of what ended. */
export function outputMoved(run: ProbeRun, state: State, size: PaneSize, motion: Motion): number | null {
  const { head, isLive, first, length, room, top } = partsOf(run, state, size)
  const last = Math.max(0, length - room)
  const next = target(top, last, room - 1, motion)
  if (isLive) return next >= last ? null : first + next
  return next === 0 ? null : next + first - head.length
}
