/** What stands above a probe's output: how it does while it runs, what came of it when it ended, and its command. */
import type { Line, Span } from '../../frame.ts'
import { hostCommand } from '../../probes/host-command.ts'
import { isUnderWay, type ProbeRun } from '../../probes/probes-state.ts'
import { statusOf } from '../../probes/probe-status.ts'
import { clockTime } from '../../select/clock.ts'
import { memoRecent } from '../../select/memo-recent.ts'
import { shown } from '../../select/shown.ts'
import type { State } from '../../state.ts'
import { statusRoles } from '../../tables/probes-columns.ts'
import type { World } from '../../../model/world.ts'
import { glyphs } from '../glyphs.ts'
import { lineOf, span } from '../text.ts'
import { liveLines } from './live-lines.ts'
import { outputCount } from './output-lines.ts'
import { para } from './para.ts'
import { resultLines } from './result-lines.ts'

export function headLines(run: ProbeRun, state: State, columns: number): readonly Line[] {
  return made(run, shown(state).world, state.options.ascii, columns)
}

const made = memoRecent(
  (run: ProbeRun, world: World | null, useAscii: boolean | undefined, columns: number): readonly Line[] => {
    const { outcome } = run
    const { is, says } = statusOf(run)
    const role = statusRoles[is]
    const command = hostCommand(run, world)
    const shell = command === null ? [] : [lineOf([span(' $ ', 'dim'), span(command, 'key')], columns)]
    const status = para([...timesOf(run), span(says, role)], columns)
    if (outcome === null || isUnderWay(run))
      return [...status, ...liveLines(run, columns, useAscii), ...shell]
    const result = outcome.ok
      ? resultLines(outcome.value, columns)
      : para([span(outcome.failure.hint ?? '')], columns)
    const spark = liveLines(run, columns, useAscii)
    const rest = outputCount(run) === 0 ? [] : [outputRule(run, columns, useAscii)]
    return [...status, ...spark, ...result, ...shell, ...rest]
  },
)

/** `14:03:22  `, or from when to when. */
function timesOf({ startedAt, endedAt, isStopping }: ProbeRun): readonly Span[] {
  if (endedAt === null) return [span(`${isStopping ? 'stopping' : `since ${clockTime(startedAt)}`}  `, 'dim')]
  const [from, to] = [clockTime(startedAt), clockTime(endedAt)]
  return [span(from === to ? `${from}  ` : `${from} to ${to}  `, 'dim')]
}

function outputRule(run: ProbeRun, columns: number, useAscii: boolean | undefined): Line {
  const { line } = glyphs(useAscii)
  const count =
    run.dropped === 0 ? '' : ` (the last ${outputCount(run)} of ${run.dropped + outputCount(run)} lines)`
  const title = ` ${run.packets.length === 0 ? 'output' : 'packets'}${count} `
  return lineOf([span(`${line}${line}${title}${line.repeat(columns)}`.slice(0, columns), 'border')], columns)
}
