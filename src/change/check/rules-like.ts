/** Rules and tables of a namespace's firewall that are what a fact tells of. */
import { isUnknown, unknown, type Known } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Fact } from '../../model/plan.ts'
import type { Backend, NfFamily, NfTable, Rule } from '../../model/ruleset.ts'

type FactOf<K extends Fact['kind']> = Extract<Fact, { readonly kind: K }>

/** Those of the chain that have the comment. */
export function rulesLike(netns: Netns, fact: Omit<FactOf<'rule'>, 'there'>): Known<readonly Rule[]> {
  const table = tableIn(netns, fact.backend, fact.family, fact.table)
  if (isUnknown(table)) return table
  const chain = table?.chains.find(({ name }) => name === fact.chain)
  return chain?.rules.filter(({ comment }) => comment === fact.comment) ?? []
}

/** How many rules each chain has; null: the table is not there. */
export function tableRules(
  netns: Netns,
  fact: Pick<FactOf<'nft-table'>, 'family' | 'name'>,
): Known<ReadonlyMap<string, number> | null> {
  const table = tableIn(netns, 'nft', fact.family, fact.name)
  if (isUnknown(table)) return table
  return table === null ? null : new Map(table.chains.map(({ name, rules }) => [name, rules.length]))
}

/** null: it is not there. */
export function tableIn(
  netns: Netns,
  backend: Backend,
  family: NfFamily,
  name: string,
): Known<NfTable | null> {
  const { firewall } = netns
  if (firewall === null) return unknown('the rules were not read')
  const found = firewall.tables.find(
    (each) => each.backend === backend && each.family === family && each.name === name,
  )
  if (found !== undefined) return found
  const unread = firewall.unread.find(
    (each) =>
      each.backend === backend &&
      (each.family === null || each.family === family) &&
      (each.table === null || each.table === name),
  )
  return unread === undefined ? null : unknown(unread.unknown)
}
