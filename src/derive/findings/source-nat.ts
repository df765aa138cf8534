/** The rules that may change a packet's source: a few among thousands, and asked for once a bridge and once a port. */
import type { Firewall, NfTable, Rule, Statement } from '../../model/ruleset.ts'

export type SourceNat = { readonly table: NfTable; readonly rule: Rule; readonly certain: boolean }

const memo = new WeakMap<Firewall, readonly SourceNat[]>()

/** `certain`: not one whose statement is opaque, which may do anything. */
export function sourceNats(firewall: Firewall): readonly SourceNat[] {
  const kept = memo.get(firewall)
  if (kept !== undefined) return kept
  const made: SourceNat[] = []
  for (const table of firewall.tables) {
    for (const chain of table.chains) {
      for (const rule of chain.rules) {
        const certain = rule.statements.some(({ kind }) => kind === 'masquerade' || kind === 'snat')
        if (certain || rule.statements.some(({ kind }) => kind === 'opaque'))
          made.push({ table, rule, certain })
      }
    }
  }
  memo.set(firewall, made)
  return made
}

/** An opaque one that says so. */
export function namesTranslation(statement: Statement): boolean {
  return statement.kind === 'opaque' && /masquerade|snat/i.test(statement.text)
}
