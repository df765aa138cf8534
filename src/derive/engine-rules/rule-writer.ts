/** Chains as a row of `iptables -N`, `-A` and `-I` leaves them. A rule that is there already is not written again, as engines do. */
import type { EngineChain, EngineRule, RuleFamily } from './engine-rules.ts'

export type RuleWriter = {
  /** A chain of the engine's own. */
  readonly make: (table: string, name: string) => void
  /** `-A`. */
  readonly append: (table: string, chain: string, text: string) => void
  /** `-I`. */
  readonly insert: (table: string, chain: string, text: string) => void
  /** To the head, also where it is there already. */
  readonly raise: (table: string, chain: string, text: string) => void
  readonly chains: () => readonly EngineChain[]
}

export function ruleWriter(family: RuleFamily): RuleWriter {
  const chains = new Map<string, { table: string; name: string; isOwn: boolean; rules: EngineRule[] }>()
  const chain = (table: string, name: string, isOwn: boolean) => {
    const key = `${table} ${name}`
    const found = chains.get(key)
    if (found !== undefined) return found
    const made = { table, name, isOwn, rules: [] }
    chains.set(key, made)
    return made
  }
  const has = (rules: readonly EngineRule[], text: string): boolean =>
    rules.some((rule) => rule.text === text)
  return {
    make: (table, name) => void chain(table, name, true),
    append: (table, name, text) => {
      const { rules } = chain(table, name, false)
      if (!has(rules, text)) rules.push({ text, put: 'end' })
    },
    insert: (table, name, text) => {
      const { rules } = chain(table, name, false)
      if (!has(rules, text)) rules.unshift({ text, put: 'head' })
    },
    raise: (table, name, text) => {
      const made = chain(table, name, false)
      made.rules = [{ text, put: 'head' }, ...made.rules.filter((rule) => rule.text !== text)]
    },
    chains: () => Array.from(chains.values(), (each) => ({ ...each, family })),
  }
}
