/**
 * What `nft -j` hides of iptables' extensions, `nft -a list ruleset` may say in words, where nft was built with
 * libxtables (Debian's is): `dnat to 172.30.0.2:80`. The words become the rule's text, and translations are typed.
 */
import type { NfTable, Rule, Statement } from '../../model/ruleset.ts'
import { destination } from './iptables-targets.ts'

/** By table and handle. */
export type NftWords = ReadonlyMap<string, string>

export function nftWords(text: string): NftWords {
  const words = new Map<string, string>()
  let table = ''
  for (const line of text.split('\n')) {
    const named = /^table (\S+ .+) \{(?: # handle \d+)?$/.exec(line)?.[1]
    if (named !== undefined) table = named
    const [, rule, handle] = /^\t\t(.*) # handle (\d+)$/.exec(line) ?? []
    if (rule !== undefined && handle !== undefined) words.set(`${table}\0${handle}`, rule.trim())
  }
  return words
}

/** Whether a rule has an expression of which `nft -j` prints only the name. */
export function isHidden({ matches, statements }: Rule): boolean {
  return [...matches, ...statements].some((each) => each.kind === 'opaque' && each.text.startsWith('xt '))
}

export function withWords(table: NfTable, words: NftWords): NfTable {
  return {
    ...table,
    chains: table.chains.map((chain) => ({
      ...chain,
      rules: chain.rules.map((rule) => {
        const said = isHidden(rule) ? words.get(`${table.family} ${table.name}\0${rule.handle}`) : undefined
        return said === undefined
          ? rule
          : worded(rule, said.replace(/counter packets \d+ bytes \d+/, 'counter'))
      }),
    })),
  }
}

function worded(rule: Rule, text: string): Rule {
  return {
    ...rule,
    text,
    statements: rule.statements.map((statement) => typed(statement, text) ?? statement),
  }
}

/** The last words of the rule, and only if the hidden target is of that name: a log's prefix can say anything. */
function typed(statement: Statement, text: string): Statement | null {
  const target = statement.kind === 'opaque' ? /^xt target "(\w+)"$/.exec(statement.text)?.[1] : undefined
  const [, kind, to, flags] = / (dnat|snat) to (\S+)(?: ([a-z,-]+))?$/.exec(text) ?? []
  if ((kind === 'dnat' || kind === 'snat') && target === kind.toUpperCase()) {
    return { kind, ...destination(to ?? ''), map: null, flags: listOf(flags) }
  }
  const [, plain, ports, more] = / (masquerade|redirect)(?: to :(\S+))?(?: ([a-z,-]+))?$/.exec(text) ?? []
  if ((plain === 'masquerade' || plain === 'redirect') && target === plain.toUpperCase()) {
    return { kind: plain, ports: ports ?? null, flags: listOf(more) }
  }
  return null
}

function listOf(flags: string | undefined): string[] {
  return flags === undefined ? [] : flags.split(',')
}
