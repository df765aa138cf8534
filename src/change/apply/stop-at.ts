/**
 * For tests alone: VETHSCOPE_STOP_AT names a moment of a change (`after-step-line:2`, steps counted from 1) at which the
 * program kills itself, as power cuts, the OOM killer and `kill -9` do at moments of their own. What a journal is worth shows only there, and no
 * test can hit such a moment from outside.
 */

type Moment =
  | 'before-running'
  | 'before-begin'
  | 'after-begin'
  /** Nothing is written of the step. */
  | 'before-step'
  | 'after-step-line'
  /** Its command was started and is not waited for. */
  | 'during'
  /** Its command ended, and nothing is written of that. */
  | 'after-command'
  | 'after-step'
  | 'before-end'
  | 'after-end'
  /** The same of the inverse, also in cleanup. */
  | 'before-undo'
  | 'after-undo-line'
  | 'during-undo'
  | 'after-undo-command'
  | 'after-undo'

export function stopAt(moment: Moment, step?: number): void {
  const wanted = process.env['VETHSCOPE_STOP_AT']
  if (wanted === undefined) return
  if (wanted === (step === undefined ? moment : `${moment}:${step + 1}`)) process.kill(process.pid, 'SIGKILL')
}
