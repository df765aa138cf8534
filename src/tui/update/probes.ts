/** What starts a probe, and what its messages do to the state. Pure: the runtime has the helper process. */
import type { Outcome } from '../../lib/failure.ts'
import type { ProbeEvent, ProbeRequest } from '../../model/probe.ts'
import type { ProbeResult } from '../../model/probe-result.ts'
import { mostLines, mostRuns, mostSamples, type ProbeRun } from '../probes/probes-state.ts'
import type { State } from '../state.ts'
import type { Step } from './step.ts'

/** Starts it; `what`: as the list has it. */
export function probeStarted(
  state: State,
  request: ProbeRequest,
  what: string,
  again: Partial<Pick<ProbeRun, 'repeats' | 'everyMs'>> = {},
): Step {
  const number = state.probes.last + 1
  const run: ProbeRun = {
    number,
    from: request.place.netns,
    what,
    request,
    startedAt: state.now,
    endedAt: null,
    lines: [],
    packets: [],
    samples: [],
    progress: null,
    outcome: null,
    isStopping: false,
    repeats: null,
    everyMs: null,
    ...again,
  }
  return [
    { ...state, probes: { runs: trimmed([run, ...state.probes.runs]), last: number } },
    { type: 'probe', number, request },
  ]
}

function trimmed(runs: readonly ProbeRun[]): readonly ProbeRun[] {
  const ended = runs.filter(({ outcome }) => outcome !== null)
  const dropped = new Set(ended.slice(mostRuns).map(({ number }) => number))
  return dropped.size === 0 ? runs : runs.filter(({ number }) => !dropped.has(number))
}

export function probeTold(state: State, number: number, events: readonly ProbeEvent[]): State {
  return changed(state, number, (run) => ({
    ...run,
    lines: latest(
      run.lines,
      events.flatMap((event) => (event.type === 'line' ? [event] : [])),
      mostLines,
    ),
    packets: latest(
      run.packets,
      events.flatMap((event) => (event.type === 'packet' ? [event.packet] : [])),
      mostLines,
    ),
    samples: latest(
      run.samples,
      events.flatMap((event) => (event.type === 'sample' ? [event.ms] : [])),
      mostSamples,
    ),
    progress: events.reduce<ProbeRun['progress']>(
      (before, event) => (event.type === 'progress' ? { done: event.done, total: event.total } : before),
      run.progress,
    ),
  }))
}

export function probeEnded(state: State, number: number, outcome: Outcome<ProbeResult>): State {
  return changed(state, number, (run) => ({ ...run, outcome, endedAt: state.now, isStopping: false }))
}

function changed(state: State, number: number, change: (run: ProbeRun) => ProbeRun): State {
  const { probes } = state
  return {
    ...state,
    probes: { ...probes, runs: probes.runs.map((run) => (run.number === number ? change(run) : run)) },
  }
}

function latest<T>(before: readonly T[], more: readonly T[], most: number): readonly T[] {
  return more.length === 0 ? before : [...before, ...more].slice(-most)
}
