/** How a probe does, in a word and a line: while it runs by what it told, then by its result. */
import { verdictOf } from '../../derive/probe/verdict.ts'
import { ms } from './times.ts'
import type { ProbeRun } from './probes-state.ts'

export type ProbeStatus = {
  /** `waiting`: it repeats, and rests between two runs. `ended`: neither good nor bad. */
  readonly is: 'running' | 'waiting' | 'good' | 'failed' | 'ended'
  readonly says: string
}

export function statusOf(run: ProbeRun): ProbeStatus {
  const { outcome, everyMs, isStopping } = run
  if (outcome === null) return { is: 'running', says: isStopping ? 'stopping' : whileRunning(run) }
  const { is, says } = verdictShown(run)
  const { count, good } = run.tries
  if (everyMs === null && count < 2) return { is, says }
  const tried = `${good} of ${count} ${count === 1 ? 'run' : 'runs'} ok`
  return { is: everyMs === null ? is : 'waiting', says: `${tried}; ${says}` }
}

/** Of the last run. */
export function verdictShown({ outcome }: ProbeRun): ProbeStatus {
  if (outcome === null) return { is: 'running', says: '' }
  if (!outcome.ok) return { is: 'failed', says: outcome.failure.what }
  const { ok, says } = verdictOf(outcome.value)
  return { is: ok === null ? 'ended' : ok ? 'good' : 'failed', says }
}

/** `3 of 12, 0.08 ms`; `128 packets, seen on eth0, docker0`. */
function whileRunning(run: ProbeRun): string {
  const before = run.tries.count === 0 ? '' : `${run.tries.good} of ${run.tries.count} runs ok; `
  return `${before}${ownProgress(run)}`
}

function ownProgress(run: ProbeRun): string {
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
  return `${sent}${count}${lost}, ${last === null ? 'LOST' : ms(last)}`
}

function captured({ captured: { total, links } }: ProbeRun): string {
  if (total === 0) return 'listens; nothing yet'
  const count = `${total} ${total === 1 ? 'packet' : 'packets'}`
  return `${count}, seen on ${[...links.keys()].join(', ')}`
}
