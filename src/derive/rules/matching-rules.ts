/**
 * The rules that hold some words, as a flat list below their chains: each rule once, however many jumps lead to it.
 * Looked for is what the tool printed, which holds addresses, ports, links, chains and comments.
 */
import type { Chain, Firewall, NfTable, Rule } from '../../model/ruleset.ts'
import type { RulesFilter } from '../../model/rules-window.ts'
import { baseChains, inOrder } from './chain-order.ts'
import { jumpTarget, mapElements } from './verdict-target.ts'
import { isWanted, type RuleRow, type RulesTree } from './rules-tree.ts'

export function matchingRules(firewall: Firewall, filter: RulesFilter, text: string): RulesTree {
  const words = text.toLowerCase().split(/\s+/).filter(Boolean)
  const tables = inOrder(firewall.tables).filter((table) => isWanted(table, filter))
  const rows = tables.flatMap((table) => rowsIn(table, words))
  return {
    size: rows.length,
    rows: (from, count) => rows.slice(from, from + count),
    positionOf: (key) => {
      const at = rows.findIndex((row) => row.key === key)
      return at === -1 ? null : at
    },
  }
}

function rowsIn(table: NfTable, words: readonly string[]): readonly RuleRow[] {
  const key = `${table.backend} ${table.family} ${table.name}`
  const base = baseChains(table)
  const chains = [...base, ...table.chains.filter((chain) => chain.hook === null)]
  const rows = chains.flatMap((chain) => {
    const rules = chain.rules.flatMap((rule, at): readonly RuleRow[] => {
      if (!holds(rule, table, chain, words)) return []
      const place = { key: `${key} ${chain.name}/#${at}`, depth: 1, table, chain }
      return [{ kind: 'rule', ...place, rule, unfolds: null }]
    })
    if (rules.length === 0) return []
    const place = { key: `${key} ${chain.name}`, depth: 0, table, chain }
    return [{ kind: 'chain', ...place, called: true, unfolds: 'open' } satisfies RuleRow, ...rules]
  })
  return rows.length === 0 ? [] : [{ kind: 'table', key, depth: 0, table }, ...rows]
}

function holds(rule: Rule, table: NfTable, chain: Chain, words: readonly string[]): boolean {
  const target = jumpTarget(rule) ?? ''
  const elements = mapElements(rule, table).map(({ key, verdict }) => `${key} ${verdict}`)
  const text = [chain.name, rule.text, rule.comment ?? '', target, ...elements].join(' ').toLowerCase()
  return words.every((word) =>
    word.startsWith('!') && word.length > 1 ? !text.includes(word.slice(1)) : text.includes(word),
  )
}
