/** Where a rule's verdict leads: the chains of its jump, goto, or verdict map. */
import type { NfTable, Rule } from '../../model/ruleset.ts'
import { setNamed } from './rule-context.ts'

export type MapElement = {
  /** `docker0`, `10.96.0.1 . tcp . 443`. */
  readonly key: string
  /** `accept`, `jump filter-forward-in__docker0`. */
  readonly verdict: string
}

/** The chain that a rule itself jumps or goes to. */
export function jumpTarget({ statements }: Rule): string | null {
  for (const statement of statements)
    if (statement.kind === 'jump' || statement.kind === 'goto') return statement.chain
  return null
}

/** What stands in the verdict map that a rule asks, inline or named. */
export function mapElements({ statements }: Rule, table: NfTable): readonly MapElement[] {
  return statements.flatMap((statement) => {
    if (statement.kind !== 'vmap') return []
    if (statement.map === null) return statement.elements
    const elements = setNamed(table, statement.map)?.elements ?? []
    return elements.map(({ key, value }) => ({ key, verdict: value ?? '' }))
  })
}

/** `jump x` and `goto x` → x; null for every other verdict. */
export function chainOfVerdict(verdict: string): string | null {
  return /^(?:jump|goto) (\S+)$/.exec(verdict)?.[1] ?? null
}
