/**
 * The rules that hold some words, as a flat list below their chains: each rule once, however many jumps lead to it.
 * Looked for is what the tool printed, which holds addresses, ports, links, chains and comments.
 */
import type { Chain, Firewall, NfTable, Rule } from '../../model/ruleset.ts'
import type { RulesFilter } from '../../model/rules-window.ts'
import { baseChains, inOrder } from './chain-order.ts'
import { jumpTarget, mapElements } from './verdict-target.ts'
import { isWanted, type RuleRow, type RulesTree } from './rules-tree.ts'
import { structureOf, type Structure } from './structure.ts'

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
  const matched = matchesIn(table, words)
  const rows = inReadingOrder(table).flatMap((chain): readonly RuleRow[] => {
    const rules = matched.get(chain.name) ?? []
    if (rules.length === 0 && !policyHolds(chain, words)) return []
    const place = { key: `${key} ${chain.name}`, depth: 0, table, chain }
    return [
      { kind: 'chain', ...place, called: true, unfolds: chain.rules.length === 0 ? 'empty' : 'open' },
      ...rules.flatMap((at): readonly RuleRow[] => {
        const rule = chain.rules[at]
        if (rule === undefined) return []
        return [{ kind: 'rule', ...place, key: `${place.key}/#${at}`, depth: 1, rule, unfolds: null }]
      }),
    ]
  })
  return rows.length === 0 ? [] : [{ kind: 'table', key, depth: 0, table }, ...rows]
}

const inReadingOrder = (table: NfTable): readonly Chain[] => [
  ...baseChains(table),
  ...table.chains.filter((chain) => chain.hook === null),
]

/** Who looks for `drop` means the policy too, which is no rule. Not kept: a policy changes while the rules stay the same. */
function policyHolds({ name, hook, policy }: Chain, words: readonly string[]): boolean {
  if (hook === null || policy === null || words.every((word) => word.startsWith('!'))) return false
  const text = `${name} policy ${policy}`.toLowerCase()
  return words.every((word) => holdsWord(text, word))
}

/** Which rules of a chain hold the words, by its name and their places. */
type Matched = ReadonlyMap<string, readonly number[]>

const memo = new WeakMap<Structure, { readonly words: string; readonly matched: Matched }>()

/** Words do not count up: what held them holds them until the rules are others. */
function matchesIn(table: NfTable, words: readonly string[]): Matched {
  const structure = structureOf(table)
  const asked = words.join(' ')
  const kept = memo.get(structure)
  if (kept?.words === asked) return kept.matched
  const matched = new Map(
    table.chains.flatMap((chain) => {
      const rules = chain.rules.flatMap((rule, at) => (holds(rule, table, chain, words) ? [at] : []))
      return rules.length === 0 ? [] : [[chain.name, rules] as const]
    }),
  )
  memo.set(structure, { words: asked, matched })
  return matched
}

function holds(rule: Rule, table: NfTable, chain: Chain, words: readonly string[]): boolean {
  const target = jumpTarget(rule) ?? ''
  const elements = mapElements(rule, table).map(({ key, verdict }) => `${key} ${verdict}`)
  const text = [chain.name, rule.text, rule.comment ?? '', target, ...elements].join(' ').toLowerCase()
  return words.every((word) => holdsWord(text, word))
}

function holdsWord(text: string, word: string): boolean {
  return word.startsWith('!') && word.length > 1 ? !text.includes(word.slice(1)) : text.includes(word)
}
