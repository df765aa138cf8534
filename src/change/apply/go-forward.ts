/** Step by step, each written down before it runs. The first failure stops. */
import { sanitise } from '../../lib/sanitise.ts'
import type { ChangeResult } from '../../model/change-result.ts'
import { shellText } from '../script.ts'
import type { StepState } from './entry.ts'
import { hold } from './look.ts'
import type { Making } from './making.ts'
import { endOf, isDone } from './run-command.ts'
import { saidBy } from './said-by.ts'
import { stopAt } from './stop-at.ts'

export type Forward = {
  readonly states: readonly StepState[]
  /** null: all is done. */
  readonly stopped: Stop | null
}

export type Stop = {
  readonly why: string
  readonly at: number | null
  readonly error?: ChangeResult['error']
}

/** Of what a tool says; its reason is in the first lines. */
const mostStderr = 4000

/**
 * `states`: what was done before (cleanup carries an undo on). A step that may have run is not run again where what it
 * should bring about is true.
 */
export async function goForward(making: Making, states: readonly StepState[]): Promise<Forward> {
  const { plan, id, append, signal, tell } = making
  let now = [...states]
  const stopped = (why: string, at: number | null, error?: ChangeResult['error']): Forward => ({
    states: now,
    stopped: { why, at, ...(error === undefined ? {} : { error }) },
  })
  for (const [step, { title, command, after }] of plan.steps.entries()) {
    if (now[step] === 'done' || now[step] === 'left') continue
    if (signal.aborted) return stopped('it was stopped', null)
    const maybeDone = now[step] !== 'not run'
    if (maybeDone && (await hold(making, after)) === true) {
      now = now.with(step, 'done')
      append({ type: 'ran', id, step, ok: true, exitCode: null, stderr: '' })
      continue
    }
    stopAt('before-step', step)
    const announced = append({ type: 'step', id, step })
    if (!announced.ok) return stopped(announced.failure.what, null)
    stopAt('after-step-line', step)
    now = now.with(step, 'started')
    tell(step, 'not run')
    const result = await making.run(command, () => stopAt('during', step))
    stopAt('after-command', step)
    const says = saidBy(making, step, [result])
    const stderr = result.stderr.slice(0, mostStderr)
    const { exitCode } = result
    // What an undo removes may have gone with something else.
    const mayFail = maybeDone || plan.undoes !== undefined
    const ok = isDone(command, result) || (mayFail && (await hold(making, after)) === true)
    now = now.with(step, ok ? 'done' : 'failed')
    tell(step, ok ? 'done' : 'failed')
    const noted = append({ type: 'ran', id, step, ok, exitCode, stderr, ...says })
    stopAt('after-step', step)
    if (!ok) {
      const what = `could not ${title}: ${sanitise(endOf({ ...result, stderr }))}`
      const said = stderr === '' ? (result.problem ?? '') : stderr
      return stopped(what, step, { what, command: shellText(command), exitCode, stderr: said })
    }
    if (!noted.ok) return stopped(noted.failure.what, null)
  }
  return { states: now, stopped: null }
}
