/** When a change of a test kills itself: the moments of a step (src/change/apply/stop-at.ts; steps are counted from 1), and which of them a run tries. */

export const stepMoments = [
  'before-step',
  'after-step-line',
  'during',
  'after-command',
  'after-step',
] as const
export const undoMoments = [
  'before-undo',
  'after-undo-line',
  'during-undo',
  'after-undo-command',
  'after-undo',
] as const

/** VETHSCOPE_EVERY_STEP=1: every moment of every step, not a few by the seed. */
export const isWhole = (process.env['VETHSCOPE_EVERY_STEP'] ?? '') !== ''
/** Another one each time, and where a commit is judged always the same (property-seed.ts). VETHSCOPE_SEED repeats one run. */
export const seed = Number(
  process.env['VETHSCOPE_SEED'] ?? (process.env['CI'] === 'true' ? 261_121 : Date.now() % 1_000_000),
)
