/** The keys of screen 6: again, again and again, otherwise, stop, save, compare. Each says why it can do nothing now. */
import type { Effect } from '../msg.ts'
import { comparedWith } from '../probes/compared-with.ts'
import { chosenRuns, liveRun, selectedRun } from '../probes/probe-selected.ts'
import { isUnderWay, type ProbeRun } from '../probes/probes-state.ts'
import { fileTime } from '../select/clock.ts'
import { verbOf } from '../select/probe-kinds.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { probeText } from '../view/probes/probe-text.ts'
import { probeFormOpened } from './probe-form.ts'
import { probeStarted, restarted, withRun } from './probes.ts'
import { hostInFile } from './snapshot.ts'
import { saying, type Step } from './step.ts'

const everyMs = 1000
const noProbe = 'no probe is selected'

function canSend(state: State): true | string {
  if (state.options.mode === 'replay') return 'a recording is not the host: nothing can be sent from it'
  return liveRun(state) === null ? noProbe : true
}

export const canProbeAgain = canSend

export function probedAgain(state: State): Step {
  const run = liveRun(state)
  return run === null ? [state] : probeStarted(state, run.request, run.what, { repeats: run.number })
}

export function canRepeat(state: State): true | string {
  const run = liveRun(state)
  const can = canSend(state)
  if (can !== true || run === null) return can
  return isEndless(run) ? 'this one runs until it is stopped' : true
}

/** A ping of one second each until it is stopped says the same already. */
function isEndless({ request }: ProbeRun): boolean {
  if (request.kind === 'ping') return request.count === null && !request.findMtu
  if (request.kind === 'listen') return request.count === null && request.timeoutMs === null
  if (request.kind !== 'capture') return false
  return request.count === null && request.durationMs === null && request.maxBytes === null
}

/** Every second from now on; of one that does so already no more. */
export function repeatTurned(state: State): Step {
  const run = liveRun(state)
  if (run === null) return [state]
  const { number, request } = run
  if (run.everyMs !== null)
    return [saying(withRun(state, number, stillRepeating), 'note', `${number} is not repeated any more`)]
  const said = saying(state, 'note', `${number} runs again 1 s after each end; K stops it`)
  if (run.outcome === null) return [withRun(said, number, (each) => ({ ...each, everyMs }))]
  return [
    withRun(said, number, (each) => ({ ...restarted(each, state.now), everyMs })),
    { type: 'probe', number, request },
  ]
}

function stillRepeating(run: ProbeRun): ProbeRun {
  return { ...run, everyMs: null }
}

export const canEditProbe = canSend

export function probeEdited(state: State): Step {
  const run = liveRun(state)
  if (run === null) return [state]
  const { kind } = run.request
  const verb = `${verbOf(kind)} `
  const text = run.what.startsWith(verb) ? run.what.slice(verb.length) : run.what
  return [probeFormOpened(state, kind, text, run.from.id)]
}

export function canStopProbe(state: State): true | string {
  const runs = chosenRuns(state)
  if (runs.length === 0) return noProbe
  if (runs.some((run) => isUnderWay(run) && !run.isStopping)) return true
  return runs.some(isUnderWay) ? 'it is being stopped' : 'it ended already'
}

/** All that are marked, else the selected one. */
export function probesStopped(state: State): Step {
  const runs = chosenRuns(state).filter(isUnderWay)
  const next = runs.reduce((before, { number }) => withRun(before, number, stopping), state)
  const running = runs.filter(({ outcome }) => outcome === null)
  return [next, ...running.map(({ number }): Effect => ({ type: 'end-probe', number }))]
}

function stopping(run: ProbeRun): ProbeRun {
  return { ...run, everyMs: null, isStopping: run.outcome === null }
}

export function canSaveProbe(state: State): true | string {
  const run = liveRun(state)
  if (run === null) return noProbe
  const { request, outcome } = run
  if (request.kind !== 'capture' || outcome !== null) return true
  return request.keepMs > 0
    ? true
    : 'this capture keeps no packets that could be saved; its own file has them'
}

/** Of a capture that runs the packets themselves; of all else what it told, as text. */
export function probeSaved(state: State): Step {
  const run = liveRun(state)
  if (run === null) return [state]
  const { number, request, outcome } = run
  const host = hostInFile(shown(state).world?.hostName ?? 'host')
  const name = `vethscope-${host}-${request.kind}-${fileTime(state.now)}`
  if (request.kind === 'capture' && outcome === null) {
    const file = `${name}.pcapng`
    return [
      saying(state, 'note', `saving ${file} …`),
      { type: 'order-probe', number, order: { type: 'save', file } },
    ]
  }
  const file = `${name}.txt`
  return [
    saying(state, 'note', `writing ${file} …`),
    { type: 'save-text', file, text: probeText(run, state) },
  ]
}

export function canCompare(state: State): true | string {
  const run = state.screen === 'probes' ? selectedRun(state) : null
  if (run === null) return noProbe
  if (run.outcome === null) return 'it has not ended yet'
  return comparedWith(state, run) === null ? `no other ${run.request.kind} ended before it` : true
}

export function compareOpened(state: State): State {
  return { ...state, mode: { type: 'compare', scroll: 0 } }
}
