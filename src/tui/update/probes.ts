/** What starts a probe, and what its messages do to the state. Pure: the runtime has the helper process. */
import type { Outcome } from '../../lib/failure.ts'
import type { ProbeEvent, ProbeRequest } from '../../model/probe.ts'
import type { ProbeResult } from '../../model/probe-result.ts'
import type { Effect } from '../msg.ts'
import { withEvents } from '../probes/probe-events.ts'
import { nextRunOf } from '../probes/next-run.ts'
import { isUnderWay, mostRuns, newRun, type ProbeRun } from '../probes/probes-state.ts'
import { verdictShown } from '../probes/probe-status.ts'
import type { State } from '../state.ts'
import { leaving } from './jump.ts'
import { saying, type Step } from './step.ts'

/** Starts it, and shows it on screen 6; `what`: as the list has it. */
export function probeStarted(
  state: State,
  request: ProbeRequest,
  what: string,
  again: Partial<Pick<ProbeRun, 'repeats' | 'everyMs'>> = {},
): Step {
  const number = state.probes.last + 1
  const run: ProbeRun = { ...newRun(number, request, what, state.now), ...again }
  const probes = { ...state.probes, runs: trimmed([run, ...state.probes.runs]), last: number }
  return [
    { ...atProbe(state, number), probes },
    { type: 'probe', number, request },
  ]
}

/** Screen 6 with this one selected; Backspace leads back. A filter that would hide it is taken away by itself. */
function atProbe(state: State, number: number): State {
  const there = state.screen === 'probes' ? state : { ...leaving(state), screen: 'probes' as const }
  const own = { ...state.tables.probes, filter: '', selected: String(number), at: 0, top: 0, gone: null }
  return {
    ...there,
    mode: { type: 'browse' },
    tables: { ...state.tables, probes: { ...own, focus: 'rows' } },
  }
}

function trimmed(runs: readonly ProbeRun[]): readonly ProbeRun[] {
  const dropped = new Set(
    runs
      .filter((run) => !isUnderWay(run))
      .slice(mostRuns)
      .map(({ number }) => number),
  )
  return dropped.size === 0 ? runs : runs.filter(({ number }) => !dropped.has(number))
}

export function probeTold(state: State, number: number, events: readonly ProbeEvent[]): State {
  const told = events.findLast((event) => event.type === 'told')
  const next = withRun(state, number, (run) => withEvents(run, events, state.now))
  return told?.type === 'told' ? saying(next, told.ok ? 'done' : 'error', told.text) : next
}

export function probeEnded(state: State, number: number, outcome: Outcome<ProbeResult>): State {
  return withRun(state, number, (run) => {
    const { count, good } = run.tries
    const { is, says } = verdictShown(outcome)
    const tries = { count: count + 1, good: good + (is === 'failed' ? 0 : 1) }
    const ended: ProbeRun = { ...run, outcome, endedAt: state.now, isStopping: false, tries }
    if (run.everyMs === null && count === 0) return ended
    // Of many runs each leaves a line of what it came to.
    const line = { type: 'line', at: state.now, text: says, tone: is === 'failed' ? 'bad' : 'good' } as const
    return withEvents(ended, [line], state.now)
  })
}

/** Those whose time to run again has come. */
export function probesRepeated(state: State): Step {
  const due = state.probes.runs.filter((run) => (nextRunOf(run) ?? Infinity) <= state.now)
  if (due.length === 0) return [state]
  const next = due.reduce(
    (before, { number }) => withRun(before, number, (run) => restarted(run, state.now)),
    state,
  )
  return [next, ...due.map(({ number, request }): Effect => ({ type: 'probe', number, request }))]
}

export function restarted(run: ProbeRun, now: number): ProbeRun {
  return { ...run, outcome: null, previous: run.outcome, endedAt: null, startedAt: now, progress: null }
}

export function withRun(state: State, number: number, change: (run: ProbeRun) => ProbeRun): State {
  const { probes } = state
  return {
    ...state,
    probes: { ...probes, runs: probes.runs.map((run) => (run.number === number ? change(run) : run)) },
  }
}
