/** What finds a rule: its comment, the prefix that it logs with; and a chain by its name. */
import type { Netns } from '../model/netns.ts'
import type { Chain, Firewall, NfTable, Rule } from '../model/ruleset.ts'
import type { FindIndex } from './find-index.ts'
import type { Found } from '../model/found.ts'
import { netnsRef } from './netns-name.ts'
import { chainNote } from './rules/chain-notes.ts'
import { ruleContext } from './rules/rule-context.ts'
import { ruleWords } from './rules/rule-words.ts'
import type { Token } from './tokens.ts'

type Place = { readonly table: NfTable; readonly chain: Chain; readonly rule: Rule }

type RuleIndex = {
  readonly byComment: ReadonlyMap<string, readonly Place[]>
  /** What a log line begins with, and the rule that writes it. */
  readonly logging: readonly (readonly [prefix: string, place: Place])[]
  readonly byChain: ReadonlyMap<string, readonly Omit<Place, 'rule'>[]>
}

const memo = new WeakMap<Firewall, RuleIndex>()
const enough = 20

/** Only in namespaces whose rules were read. */
export function findRules(index: FindIndex, token: Token): readonly Found[] {
  const found: Found[] = []
  for (const netns of index.world.netns) {
    if (netns.firewall === null) continue
    const rules = indexOf(netns.firewall)
    const logged = token.alone ? rules.logging.filter(([prefix]) => token.text.includes(prefix)) : []
    // `[UFW BLOCK]` and `[UFW` may both be prefixes: the longest is who wrote it.
    const longest = Math.max(0, ...logged.map(([prefix]) => prefix.length))
    for (const [prefix, place] of logged)
      if (prefix.length === longest) found.push(foundRule(index, prefix, netns, place, `logs ${prefix}: `))
    for (const place of rules.byComment.get(token.text) ?? [])
      found.push(foundRule(index, token.text, netns, place, ''))
    for (const { table, chain } of rules.byChain.get(token.text) ?? [])
      found.push(foundChain(index, token.text, netns, table, chain))
    if (found.length >= enough) break
  }
  return found.slice(0, enough)
}

function indexOf(firewall: Firewall): RuleIndex {
  const kept = memo.get(firewall)
  if (kept !== undefined) return kept
  const byComment = new Map<string, Place[]>()
  const byChain = new Map<string, Omit<Place, 'rule'>[]>()
  const logging: (readonly [string, Place])[] = []
  for (const table of firewall.tables) {
    for (const chain of table.chains) {
      append(byChain, chain.name, { table, chain })
      for (const rule of chain.rules) {
        if (rule.comment !== null) append(byComment, rule.comment, { table, chain, rule })
        for (const statement of rule.statements) {
          const prefix = statement.kind === 'log' ? (statement.prefix?.trim() ?? '') : ''
          if (prefix.length >= 3) logging.push([prefix, { table, chain, rule }])
        }
      }
    }
  }
  const made = { byComment, byChain, logging }
  memo.set(firewall, made)
  return made
}

function foundRule(index: FindIndex, token: string, netns: Netns, place: Place, before: string): Found {
  const { table, chain, rule } = place
  const words =
    netns.firewall === null
      ? rule.text
      : ruleWords(rule, ruleContext(index.world, netns.id, netns.firewall, place))
  return {
    token,
    what: 'rule',
    says: `${before}rule ${rule.number} of ${chain.name} in table ${table.name} (${table.family}, ${table.backend}): ${words}`,
    ref: {
      netns: netns.id,
      rule: {
        netns: netns.id,
        backend: table.backend,
        family: table.family,
        table: table.name,
        chain: chain.name,
        number: rule.number,
      },
    },
    owner: netnsRef(index.names, netns.id),
  }
}

function foundChain(index: FindIndex, token: string, netns: Netns, table: NfTable, chain: Chain): Found {
  const note = chainNote(chain.name)
  const count = `${chain.rules.length} ${chain.rules.length === 1 ? 'rule' : 'rules'}`
  return {
    token,
    what: 'chain',
    says: `chain ${chain.name} in table ${table.name} (${table.family}, ${table.backend}), ${count}${note === null ? '' : `; ${note}`}`,
    ref: { netns: netns.id, name: chain.name },
    owner: netnsRef(index.names, netns.id),
  }
}

function append<V>(map: Map<string, V[]>, key: string, value: V): void {
  const list = map.get(key)
  if (list === undefined) map.set(key, [value])
  else list.push(value)
}
