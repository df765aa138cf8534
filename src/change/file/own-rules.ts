/**
 * Rules of ours as a command of a plan writes them (rules/table-text.ts, rules/iptables-text.ts), as far as the next plan looks at
 * them: comments, links, and what becomes of a packet.
 */
import { emptyChain } from '../../model/empty-chain.ts'
import type { Chain, Match, Rule, Statement } from '../../model/ruleset.ts'

/** Of `table ip vethscope { … }`; a chain is told by its name alone: nobody asks where ours are hooked in. */
export function chainsOfNft(text: string): readonly Chain[] {
  const chains = new Map<string, string[]>()
  let rules: string[] | null = null
  for (const line of text.split('\n').map((each) => each.trim())) {
    const name = /^chain (\S+) \{$/.exec(line)?.[1]
    if (name !== undefined) {
      rules = []
      chains.set(name, rules)
    } else if (line === '}') rules = null
    else if (rules !== null && line !== '' && !/^type .* hook /.test(line)) rules.push(line)
  }
  return [...chains].map(([name, lines]) =>
    chainOf(
      name,
      lines.map((line, at) => ruleOfNft(line, at + 1)),
    ),
  )
}

/** Of an iptables-restore input: table → chain → rules; a chain without rules was emptied, one that is null goes. */
export function chainsOfIptables(text: string): ReadonlyMap<string, ReadonlyMap<string, Chain | null>> {
  const tables = new Map<string, Map<string, Chain | null>>()
  let chains = new Map<string, Chain | null>()
  for (const line of text.split('\n')) {
    const table = /^\*(\S+)/.exec(line)?.[1]
    const made = /^:(\S+) -/.exec(line)?.[1]
    const gone = /^-X (\S+)/.exec(line)?.[1]
    const [, chain, rule] = /^-A (\S+) (.*)$/.exec(line) ?? []
    if (table !== undefined) {
      chains = new Map()
      tables.set(table, chains)
    } else if (made !== undefined) chains.set(made, chainOf(made, []))
    else if (gone !== undefined) chains.set(gone, null)
    else if (chain !== undefined && rule !== undefined) {
      const rules = chains.get(chain)?.rules ?? []
      chains.set(chain, chainOf(chain, [...rules, ruleOfIptables(rule, rules.length + 1)]))
    }
  }
  return tables
}

export function chainOf(name: string, rules: readonly Rule[]): Chain {
  return { ...emptyChain(name), rules }
}

export function ruleOf(fields: Partial<Rule>): Rule {
  return {
    number: 1,
    handle: null,
    matches: [],
    statements: [],
    text: '',
    packets: null,
    bytes: null,
    comment: null,
    ...fields,
  }
}

function ruleOfNft(text: string, number: number): Rule {
  const comment = /comment "([^"]*)"$/.exec(text)?.[1] ?? null
  const rest = text.replace(/\s*comment "[^"]*"$/, '')
  const matches = [...rest.matchAll(/\b(i|o)ifname (!= )?(\{[^}]*\}|"[^"]*")/g)].map(
    ([, side, not, names = '']): Match => ({
      kind: 'interface',
      side: side === 'i' ? 'in' : 'out',
      not: not !== undefined,
      values: names.replaceAll(/[{}"\s]/g, '').split(','),
    }),
  )
  return ruleOf({ number, text, comment, matches, statements: verdictOf(rest.split(' ').at(-1) ?? '', rest) })
}

function ruleOfIptables(text: string, number: number): Rule {
  const matches = [...text.matchAll(/(! )?-(i|o) (\S+)/g)].map(([, not, side, name = '']): Match => ({
    kind: 'interface',
    side: side === 'i' ? 'in' : 'out',
    not: not !== undefined,
    values: [name],
  }))
  const target = /-j (\S+)/.exec(text)?.[1]?.toLowerCase() ?? ''
  const comment = /--comment (\S+)/.exec(text)?.[1] ?? null
  return ruleOf({ number, text, comment, matches, statements: verdictOf(target, text) })
}

function verdictOf(word: string, text: string): readonly Statement[] {
  switch (word) {
    case 'accept':
    case 'drop':
    case 'return':
      return [{ kind: word }]
    case 'masquerade':
      return [{ kind: word, ports: null, flags: [] }]
    default:
      return / dnat to |-j DNAT/.test(text)
        ? [{ kind: 'dnat', address: null, ports: null, map: null, flags: [] }]
        : []
  }
}
