/** Which row of the tree a rule is: where its chain stands by itself, else below the first jump that leads there. */
import type { RuleRef } from '../../model/rule-ref.ts'
import type { Chain, Firewall, NfTable } from '../../model/ruleset.ts'
import { baseChains } from './chain-order.ts'
import type { Compiled } from './chain-sizes.ts'
import { structureOf } from './structure.ts'

/** The row's key; null: there is no such rule. */
export function locateRule(firewall: Firewall, ref: RuleRef): string | null {
  const table = firewall.tables.find(
    ({ backend, family, name }) => backend === ref.backend && family === ref.family && name === ref.table,
  )
  const chain = table?.chains.find(({ name }) => name === ref.chain)
  if (table === undefined || chain === undefined || chain.rules.length < ref.number || ref.number < 1)
    return null
  const compiled = structureOf(table).compile(chain)
  const item = itemOf(compiled, ref.number - 1)
  const way = wayTo(table, chain)
  return way === null ? null : [way, `#${item}`].join('/')
}

/** The keys of the rows that a row stands below. */
export function keysAbove(key: string): readonly string[] {
  const parts = key.split('/#')
  return parts.slice(1).map((_, depth) => parts.slice(0, depth + 1).join('/#'))
}

function itemOf({ items }: Compiled, rule: number): number {
  return items === null ? rule : items.findIndex((item) => item.rule === rule && item.element === null)
}

/** The key of the row that a chain's rules stand below. */
function wayTo(table: NfTable, wanted: Chain): string | null {
  const key = `${table.backend} ${table.family} ${table.name}`
  const { compile, called } = structureOf(table)
  if (wanted.hook !== null || !called.has(wanted.name)) return `${key} ${wanted.name}`
  const seen = new Set<string>()
  const search = (compiled: Compiled): string | null => {
    if (compiled.name === wanted.name) return ''
    if (seen.has(compiled.name)) return null
    seen.add(compiled.name)
    for (const { at, below } of compiled.calls) {
      const rest = typeof below === 'object' ? search(below) : null
      if (rest !== null) return `/#${at}${rest}`
    }
    return null
  }
  for (const base of baseChains(table)) {
    const way = search(compile(base))
    if (way !== null) return `${key} ${base.name}${way}`
  }
  return null
}
