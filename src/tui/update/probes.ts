/** What starts a probe, and what its messages do to the state. Pure: the runtime has the helper process. */
import type { Outcome } from '../../lib/failure.ts'
import type { ProbeEvent, ProbeRequest } from '../../model/probe.ts'
import type { ProbeResult } from '../../model/probe-result.ts'
import { withEvents } from '../probes/probe-events.ts'
import { mostRuns, newRun, type ProbeRun } from '../probes/probes-state.ts'
import { verdictShown } from '../probes/probe-status.ts'
import type { State } from '../state.ts'
import { leaving } from './jump.ts'
import type { Step } from './step.ts'

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

/** Screen 6 with this one selected; Backspace leads back. */
function atProbe(state: State, number: number): State {
  const own = { ...state.tables.probes, selected: String(number), at: 0, top: 0, scroll: 0, gone: null }
  const there = state.screen === 'probes' ? state : { ...leaving(state), screen: 'probes' as const }
  return { ...there, mode: { type: 'browse' }, tables: { ...state.tables, probes: own } }
}

function trimmed(runs: readonly ProbeRun[]): readonly ProbeRun[] {
  const ended = runs.filter(({ outcome, everyMs }) => outcome !== null && everyMs === null)
  const dropped = new Set(ended.slice(mostRuns).map(({ number }) => number))
  return dropped.size === 0 ? runs : runs.filter(({ number }) => !dropped.has(number))
}

export function probeTold(state: State, number: number, events: readonly ProbeEvent[]): State {
  return changed(state, number, (run) => withEvents(run, events))
}

export function probeEnded(state: State, number: number, outcome: Outcome<ProbeResult>): State {
  return changed(state, number, (run) => {
    const { count, good } = run.tries
    const ended: ProbeRun = { ...run, outcome, endedAt: state.now, isStopping: false }
    const isGood = verdictShown(ended).is !== 'failed'
    return { ...ended, tries: { count: count + 1, good: good + (isGood ? 1 : 0) } }
  })
}

export function changed(state: State, number: number, change: (run: ProbeRun) => ProbeRun): State {
  const { probes } = state
  return {
    ...state,
    probes: { ...probes, runs: probes.runs.map((run) => (run.number === number ? change(run) : run)) },
  }
}
