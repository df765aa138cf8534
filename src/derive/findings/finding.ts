/** A check. `unknown` is an answer: whoever meets a piece that could not be read never says "fine". */
import type { Pieces } from '../../lib/in-pieces.ts'
import type { Finding, Unchecked } from '../../model/finding.ts'
import type { FindingContext } from './context.ts'

export type Check = {
  readonly id: string
  /** What is looked for, in a few words. */
  readonly title: string
  readonly check: (context: FindingContext) => Pieces<readonly (Finding | Unchecked)[]>
}

export function isUnchecked(found: Finding | Unchecked): found is Unchecked {
  return 'unknown' in found
}
