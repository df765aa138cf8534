/** How a probe does, in a word and a line: while it runs by what it told, then by its result. */
import type { Outcome } from '../../lib/failure.ts'
import { verdictOf } from '../../derive/probe/verdict.ts'
import type { ProbeResult } from '../../model/probe-result.ts'
import { msText } from '../../lib/ms-text.ts'
import type { ProbeRun } from './probes-state.ts'

export type ProbeStatus = {
  /** `repeating`: again and again until it is stopped. `ended`: neither good nor bad. */
  readonly is: 'running' | 'repeating' | 'good' | 'failed' | 'ended'
  readonly says: string
}

export function statusOf(run: ProbeRun): ProbeStatus {
  const { outcome, previous, everyMs, isStopping, tries } = run
  const last = outcome ?? previous
  const tried = `${tries.good} of ${tries.count} ${tries.count === 1 ? 'run' : 'runs'} ok`
  if (everyMs !== null && last !== null)
    return { is: 'repeating', says: `${tried}; ${verdictShown(last).says}` }
  if (outcome === null) return { is: 'running', says: isStopping ? 'stopping' : whileRunning(run) }
  const { is, says } = verdictShown(outcome)
  return { is, says: tries.count < 2 ? says : `${tried}; ${says}` }
}

/** Of one run. */
export function verdictShown(outcome: Outcome<ProbeResult>): ProbeStatus {
  if (!outcome.ok) return { is: 'failed', says: outcome.failure.what }
  const { ok, says } = verdictOf(outcome.value)
  return { is: ok === null ? 'ended' : ok ? 'good' : 'failed', says }
}

/** `3 of 12 sent, 0.08 ms`; `128 packets, seen on eth0, docker0`. */
function whileRunning(run: ProbeRun): string {
  const { request, progress, lines } = run
  switch (request.kind) {
    case 'ping':
      return request.findMtu ? (lines.at(-1)?.text ?? 'sending') : pinged(run)
    case 'capture':
      return captured(run)
    case 'listen':
      return lines.length === 0 ? 'listens' : `listens; ${lines.at(-1)?.text}`
    default:
      if (progress !== null) return `${progress.done} of ${progress.total}`
      return lines.at(-1)?.text ?? 'sending'
  }
}

function pinged({ request, answers, samples }: ProbeRun): string {
  const { sent, received } = answers
  if (sent === 0) return 'sending'
  const last = samples.at(-1) ?? null
  const count = request.kind === 'ping' && request.count !== null ? ` of ${request.count} sent` : ' sent'
  if (received === 0) return `${sent}${count}  LOST  no reply`
  const lost = sent - received === 0 ? '' : `, ${sent - received} lost`
  return `${sent}${count}${lost}, ${last === null ? 'LOST' : msText(last)}`
}

function captured({ captured: { total, links } }: ProbeRun): string {
  if (total === 0) return 'listens; nothing yet'
  const count = `${total} ${total === 1 ? 'packet' : 'packets'}`
  return `${count}, seen on ${[...links.keys()].join(', ')}`
}
