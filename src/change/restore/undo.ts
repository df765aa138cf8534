/** What takes something back: commands in an order, or why nothing can. */
import type { Command, Step } from '../../model/plan.ts'

export type Undo = Step['undo']

/** One after the other. What cannot be brought back of any of them cannot be brought back of all. */
export function inOrder(...parts: readonly Undo[]): Undo {
  const reasons = parts.flatMap((part) => ('irreversible' in part ? [part.irreversible] : []))
  if (reasons.length > 0) return { irreversible: [...new Set(reasons)].join('; ') }
  return parts.flatMap((part): readonly Command[] => ('irreversible' in part ? [] : part))
}

export function irreversible(reasons: readonly string[]): Undo {
  return reasons.length === 0 ? [] : { irreversible: [...new Set(reasons)].join('; ') }
}
