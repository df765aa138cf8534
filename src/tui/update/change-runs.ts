/** A change is made by a child of this program: what it tells of its steps, and what came of it. */
import { quoted } from '../../lib/quoted.ts'
import { openForm, planFor } from '../changing/argv-of-form.ts'
import { titleOf } from '../changing/form.ts'
import {
  confirmsIn,
  isRunning,
  mostRuns,
  resultOf,
  type ChangeAnswer,
  type ChangeFailure,
  type ChangeRun,
  type ChangeTold,
} from '../changing/change-state.ts'
import type { State } from '../state.ts'
import { changeFormOpened } from './change-form.ts'
import { noted } from './log-entries.ts'
import { saying, type Step } from './step.ts'

/** Ctrl-S: the one place where a change begins. */
export function applied(state: State): Step {
  const { mode, changes } = state
  if (mode.type !== 'change-form') return [state]
  const { argv, form } = openForm(mode)
  const plan = planFor(state, argv)
  if (argv === null || plan?.answer?.ok !== true) return [state]
  const { result } = plan.answer
  const id = changes.asked + 1
  const run: ChangeRun = {
    id,
    argv,
    title: result.title === '' ? titleOf(form, mode.values) : result.title,
    began: state.now,
    steps: result.steps,
    current: null,
    waits: null,
    ended: null,
    confirm: null,
  }
  return [
    {
      ...state,
      mode: { type: 'change-run', run: id, scroll: 0, isFull: mode.isFull },
      changes: { asked: id, plan: null, runs: [...changes.runs, run].slice(-mostRuns) },
    },
    { type: 'make-change', id, argv: [...argv, '--yes'] },
  ]
}

export function changePlanned(state: State, id: number, answer: ChangeAnswer): State {
  const { changes, mode } = state
  if (changes.plan?.id !== id) return state
  const next: State = { ...state, changes: { ...changes, plan: { ...changes.plan, answer } } }
  const asksToConfirm =
    !answer.ok &&
    [answer.failure, ...answer.failure.others].some(({ hint }) => hint?.includes('--confirm-within') === true)
  return mode.type === 'change-form' && asksToConfirm && !mode.isProtected
    ? { ...next, mode: { ...mode, isProtected: true } }
    : next
}

function withRun(state: State, id: number, change: (run: ChangeRun) => ChangeRun): State {
  const runs = state.changes.runs.map((run) => (run.id === id ? change(run) : run))
  return { ...state, changes: { ...state.changes, runs } }
}

export function changeTold(state: State, id: number, told: ChangeTold): State {
  return withRun(state, id, (run) => {
    if (told.type === 'waits') return { ...run, waits: told.what }
    const at = told.number - 1
    const steps =
      at < run.steps.length
        ? run.steps.map((step, place) => (place === at ? told.step : step))
        : at === run.steps.length
          ? [...run.steps, told.step]
          : run.steps
    return { ...run, steps, waits: null, current: told.step.outcome === 'not run' ? at : null }
  })
}

export function changeEnded(state: State, id: number, answer: ChangeAnswer): State {
  const run = state.changes.runs.find((each) => each.id === id)
  if (run === undefined) return state
  const ended = withRun(state, id, (each) => ({
    ...each,
    steps: answer.ok && answer.result.steps.length > 0 ? answer.result.steps : each.steps,
    current: null,
    waits: null,
    ended: { answer, at: state.now },
  }))
  const says = saidOf(answer)
  const isShown = state.mode.type === 'change-run' && state.mode.run === id
  const log = { ok: isDone(answer), says, ms: Math.max(0, state.now - run.began), stderr: null }
  const logged = noted(ended, `vethscope ${run.argv.map(quoted).join(' ')}`, log, 'command')
  return isShown ? logged : saying(logged, isDone(answer) ? 'done' : 'error', `${run.title}: ${says}`)
}

function isDone(answer: ChangeAnswer): boolean {
  return answer.ok && answer.result.applied && answer.result.verified && answer.result.error === undefined
}

/** What came of it, in a few words. */
export function saidOf(answer: ChangeAnswer): string {
  if (!answer.ok) return answer.failure.what
  const { result } = answer
  if (!result.applied) return result.error?.what ?? 'not done'
  if (!result.verified) return 'done, and not all is as it should be'
  if (result.host !== undefined) return 'done'
  return result.id === null ? 'nothing had to be done' : `done, change ${result.id}`
}

export function runShown(state: State): ChangeRun | null {
  const { mode, changes } = state
  return mode.type === 'change-run' ? (changes.runs.find(({ id }) => id === mode.run) ?? null) : null
}

export function canUndoShown(state: State): true | string {
  const run = runShown(state)
  const result = run === null ? null : resultOf(run)
  if (run === null || isRunning(run)) return 'it is still being made'
  // Numbers of changes are of the host that has them in its journal.
  if (result?.host !== undefined)
    return `a part of it is a change of ${result.host}: it goes as it was made, with remove`
  return result?.applied === true && result.id !== null ? true : 'nothing of it is in effect'
}

/** Its undo is a change like any other: planned, shown, and made with Ctrl-S. */
export function undoOfShown(state: State): State {
  const run = runShown(state)
  const id = run === null ? null : (resultOf(run)?.id ?? null)
  return id === null ? state : changeFormOpened(state, 'undo', { id: String(id) })
}

/** Enter: keeps what waits to be confirmed, else closes. */
export function runAccepted(state: State): Step {
  const run = runShown(state)
  const id = run === null ? null : (resultOf(run)?.id ?? null)
  if (run === null || id === null || confirmsIn(run, state.now) === null) {
    return [{ ...state, mode: { type: 'browse' } }]
  }
  if (run.confirm === 'asked') return [state]
  return [
    withRun(state, run.id, (each) => ({ ...each, confirm: 'asked' })),
    { type: 'confirm-change', id: run.id, argv: ['confirm', String(id)] },
  ]
}

/** `failure`: why it could not be kept; null: it is. */
export function changeConfirmed(state: State, id: number, failure: ChangeFailure | null): State {
  return withRun(state, id, (run) => ({ ...run, confirm: failure ?? 'confirmed' }))
}

/** One that waits to be kept, else the latest. */
export function runReopened(state: State): State {
  const { runs } = state.changes
  const run = runs.findLast((each) => (confirmsIn(each, state.now) ?? 0) > 0) ?? runs.at(-1)
  return run === undefined
    ? state
    : { ...state, mode: { type: 'change-run', run: run.id, scroll: 0, isFull: false } }
}

/** As a script, with what takes it back behind. */
export function scriptOf(steps: ChangeRun['steps']): string {
  const undo = steps.toReversed().flatMap((step) => ('irreversible' in step.undo ? [] : step.undo))
  return [
    ...steps.map(({ command }) => command),
    '',
    '# undo:',
    ...undo.map((line) => line.replace(/^/gm, '# ')),
  ].join('\n')
}

export function scriptCopied(state: State): Step {
  const { mode } = state
  const run = runShown(state)
  const plan = mode.type === 'change-form' ? planFor(state, openForm(mode).argv) : null
  const steps = run?.steps ?? (plan?.answer?.ok === true ? plan.answer.result.steps : [])
  if (steps.length === 0) return [saying(state, 'refused', 'there are no commands to copy yet')]
  return [
    saying(state, 'done', steps.length === 1 ? 'copied 1 command' : `copied ${steps.length} commands`),
    { type: 'copy', text: scriptOf(steps) },
  ]
}
