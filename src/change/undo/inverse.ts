/** The steps that take a step back, or do it once more. */
import type { Fact, Step, Touch } from '../../model/plan.ts'

/**
 * One for each command of its inverse. That it is as before is told by the first, which brings the thing itself back: the others, of which
 * no fact tells, are then run again where they may not have run, and have failed where they failed. `now`: what is true of what the step did. What does it once more is the step's own command, and goes with the first of them: undone
 * in reverse it comes last, and leads from any point of the way to where the step led. An irreversible one gives none.
 */
export function inverseOf(step: Step, now: readonly Fact[]): readonly Step[] {
  const { undo, touches } = step
  if ('irreversible' in undo) return []
  return undo.map((command, at) => ({
    title: `take back: ${step.title}${undo.length === 1 ? '' : ` (${at + 1} of ${undo.length})`}`,
    command,
    undo: at === 0 ? [step.command] : [],
    before: at === 0 ? now : [],
    after: at === 0 ? step.before : [],
    touches: touches.map(turned),
  }))
}

/** What taking it back does there. */
export function turned(touch: Touch): Touch {
  const how = { add: 'delete', delete: 'add', change: 'change', use: 'use' } as const
  const { what, ...rest } = touch
  const back = what === 'up' ? 'down' : what === 'down' ? 'up' : what
  return { ...rest, how: how[touch.how], ...(back === undefined ? {} : { what: back }) }
}
