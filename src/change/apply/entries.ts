/** The journal's lines put together: a change each, oldest first. */
import type { ChangeState } from '../../model/change-result.ts'
import type { Entry, Says, StepState } from './entry.ts'
import type { Line } from './line.ts'

type Draft = Omit<Entry, 'steps' | 'undoneBy'> & { readonly steps: readonly StepState[] }

export function entriesOf(lines: readonly Line[]): readonly Entry[] {
  const drafts = new Map<number, Draft>()
  for (const line of lines) {
    const before = line.type === 'begin' ? begun(line) : drafts.get(line.id)
    if (before !== undefined) drafts.set(line.id, after(before, line))
  }
  return inEffect([...drafts.values()])
}

function begun({ id, at, plan, confirmBefore }: Extract<Line, { readonly type: 'begin' }>): Draft {
  const steps = plan.steps.map(() => 'not run' as const)
  return { id, at, plan, steps, says: new Map(), state: 'unfinished', left: [], confirmBefore }
}

function after(draft: Draft, line: Line): Draft {
  const step = (number: number, state: StepState): Draft => ({
    ...draft,
    steps: draft.steps.map((each, at) => (at === number ? state : each)),
  })
  switch (line.type) {
    case 'step':
    case 'undo':
      return step(line.step, 'started')
    case 'ran':
      return said(step(line.step, line.ok ? 'done' : 'failed'), line)
    case 'undone':
      // What it made is gone, and so is what was said of that.
      return said({ ...step(line.step, 'undone'), says: without(draft.says, line.step) }, line)
    case 'left':
      return { ...step(line.step, 'left'), left: [...draft.left, line.says] }
    case 'back':
      // Also of one that had ended, and was not confirmed.
      return { ...draft, state: 'unfinished', goesBack: true }
    case 'end':
      return {
        ...draft,
        state: line.state === 'applied' && draft.confirmBefore !== null ? 'unconfirmed' : line.state,
        left: line.left,
      }
    case 'confirmed':
      return { ...draft, state: draft.state === 'unconfirmed' ? 'applied' : draft.state, confirmBefore: null }
    default:
      return draft
  }
}

function said(draft: Draft, { step, says }: { readonly step: number; readonly says?: string }): Draft {
  return says === undefined ? draft : { ...draft, says: new Map([...draft.says, [step, says]]) }
}

function without(says: Says, step: number): Says {
  return new Map([...says].filter(([at]) => at !== step))
}

/** From the newest back: an undo that was itself undone does not count. */
function inEffect(drafts: readonly Draft[]): readonly Entry[] {
  const undoneBy = new Map<number, number>()
  for (const { id, plan, state } of drafts.toReversed()) {
    const counts = (state === 'applied' || state === 'unconfirmed') && !undoneBy.has(id)
    if (counts && plan.undoes !== undefined && !undoneBy.has(plan.undoes)) undoneBy.set(plan.undoes, id)
  }
  return drafts.map((draft) => {
    const by = undoneBy.get(draft.id) ?? null
    const state: ChangeState = by === null ? draft.state : 'undone'
    return { ...draft, state, undoneBy: by }
  })
}
