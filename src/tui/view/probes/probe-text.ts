/** A probe as a text file: what it came to, and all that it told and that is kept. */
import { sanitise } from '../../../lib/sanitise.ts'
import { hostCommand, vethscopeLine } from '../../probes/host-command.ts'
import type { ProbeRun } from '../../probes/probes-state.ts'
import { statusOf } from '../../probes/probe-status.ts'
import { shown } from '../../select/shown.ts'
import type { State } from '../../state.ts'
import { resultLines } from './result-lines.ts'

/** Wide enough that nothing has to be broken. */
const columns = 200

export function probeText(run: ProbeRun, state: State): string {
  const { outcome, dropped, startedAt, endedAt } = run
  const command = hostCommand(run, shown(state).world)
  const result = outcome === null || !outcome.ok ? [] : resultLines(outcome.value, columns)
  const lines = [
    `# ${run.from.name}: ${run.what}; times are UTC`,
    `# ${vethscopeLine(run)}`,
    ...(command === null ? [] : [`# ${command}`]),
    `# from ${iso(startedAt)}${endedAt === null ? '' : ` to ${iso(endedAt)}`}: ${statusOf(run).says}`,
    ...result.map(({ spans }) =>
      spans
        .map(({ text }) => text)
        .join('')
        .trimEnd(),
    ),
    ...(dropped === 0 ? [] : [`# ${dropped} lines before these are not kept`]),
    ...run.lines.map(({ at, text }) => `${iso(at)}  ${text}`),
    ...run.packets.map(
      ({ time, link, direction, summary }) => `${iso(time)}  ${link} ${direction ?? '-'}  ${summary}`,
    ),
  ]
  return `${lines.map(sanitise).join('\n')}\n`
}

function iso(ms: number): string {
  const at = new Date(ms)
  return Number.isNaN(at.getTime()) ? 'unknown time' : at.toISOString()
}
