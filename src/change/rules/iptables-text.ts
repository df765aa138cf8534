/**
 * The rules of a lab in iptables' words, for hosts without nft: chains `VETHSCOPE-…` and a jump to each, as iptables-restore takes
 * them. What forbids stands in mangle: an accept in filter cannot pass it by, as it could not pass another base chain of nft.
 */
import { labMark } from '../../model/lab-words.ts'
import type { TableText } from './table-text.ts'

const places: Readonly<Record<string, readonly [table: string, hook: string | null]>> = {
  raw: ['raw', 'PREROUTING'],
  prerouting: ['nat', 'PREROUTING'],
  output: ['nat', 'OUTPUT'],
  guard: ['mangle', 'FORWARD'],
  postrouting: ['nat', 'POSTROUTING'],
  recorded: ['mangle', null],
}

/** From one text to the other: all of a table in one transaction, and nothing of the rest of it is touched. */
export function iptablesText(before: TableText, after: TableText): string {
  const [had, has] = [chainsOf(before), chainsOf(after)]
  const names = [...new Set([...had.keys(), ...has.keys()])]
  const tables = [...new Set(names.flatMap((name) => places[name]?.[0] ?? []))]
  return tables
    .map((table) => {
      const own = names.filter((name) => places[name]?.[0] === table)
      // Naming a chain makes it, or empties it; one that goes away has no jump any more by then.
      return [
        `*${table}`,
        ...own.map((name) => `:${chainName(name)} - [0:0]`),
        ...own.filter((name) => has.has(name) && !had.has(name)).flatMap((name) => jump('-I', name)),
        ...own.filter((name) => had.has(name) && !has.has(name)).flatMap((name) => jump('-D', name)),
        ...own.flatMap((name) =>
          (has.get(name) ?? []).flatMap((rule) =>
            iptablesRules(rule).map((each) => `-A ${chainName(name)} ${each}`),
          ),
        ),
        ...own.filter((name) => !has.has(name)).map((name) => `-X ${chainName(name)}`),
        'COMMIT',
        '',
      ].join('\n')
    })
    .join('')
}

export const recordedChain = 'VETHSCOPE-RECORDED'

function chainName(name: string): string {
  return `VETHSCOPE-${name.toUpperCase()}`
}

function jump(how: '-I' | '-D', name: string): readonly string[] {
  const hook = places[name]?.[1] ?? null
  return hook === null ? [] : [`${how} ${hook} -m comment --comment ${labMark}:chain -j ${chainName(name)}`]
}

/** Chain → rules, as nft has them, without what hooks the chain in. */
function chainsOf({ text }: TableText): ReadonlyMap<string, readonly string[]> {
  const chains = new Map<string, string[]>()
  let rules: string[] = []
  for (const line of (text ?? '').split('\n').map((each) => each.trim())) {
    const name = /^chain (\S+) \{$/.exec(line)?.[1]
    if (name !== undefined) {
      rules = []
      if (name in places) chains.set(name, rules)
    } else if (line !== '' && line !== '}' && !line.startsWith('type ') && !line.startsWith('table '))
      rules.push(line)
  }
  return chains
}

type Words = readonly (readonly string[])[]

/** One rule of table-text.ts: several where it names several links or addresses. */
function iptablesRules(rule: string): readonly string[] {
  const comment = /comment "([^"]*)"$/.exec(rule)?.[1] ?? labMark
  let rest = rule.replace(/\s*comment "[^"]*"$/, '')
  let all: Words = [[]]
  /** What is left out first: a link that is none of several has to be told one by one. */
  const before: string[][] = []
  const take = (pattern: RegExp): RegExpExecArray | null => {
    const found = pattern.exec(rest)
    if (found !== null) rest = rest.slice(found[0].length).trimStart()
    return found
  }
  const add = (...words: readonly string[]): void => {
    all = all.map((each) => [...each, ...words])
  }
  for (;;) {
    const names = take(/^(iifname|oifname|ip6? saddr|ip6? daddr) (!= )?(\{[^}]*\}|\S+)/)
    const port = names === null ? take(/^(tcp|udp) dport (\d+)/) : null
    if (names !== null) {
      const option =
        { iifname: '-i', oifname: '-o' }[names[1] ?? ''] ?? (names[1]?.endsWith('saddr') ? '-s' : '-d')
      const values = (names[3] ?? '').replaceAll(/[{}"\s]/g, '').split(',')
      if (names[2] === undefined) all = all.flatMap((each) => values.map((value) => [...each, option, value]))
      else if (values.length === 1) add('!', option, values[0] ?? '')
      else before.push(...all.flatMap((each) => values.map((value) => [...each, option, value])))
    } else if (port !== null) add('-p', port[1] ?? '', '--dport', port[2] ?? '')
    else if (take(/^fib daddr type local/) !== null) add('-m', 'addrtype', '--dst-type', 'LOCAL')
    else if (take(/^ct state established,related/) !== null)
      add('-m', 'conntrack', '--ctstate', 'ESTABLISHED,RELATED')
    else if (take(/^ct status dnat/) !== null) add('-m', 'conntrack', '--ctstate', 'DNAT')
    else break
  }
  const noted = ['-m', 'comment', '--comment', comment]
  const line = (matches: readonly string[], target: readonly string[]): string =>
    [...matches, ...noted, '-j', ...target].join(' ')
  return [
    ...before.map((matches) => line(matches, ['RETURN'])),
    ...all.map((matches) => line(matches, targetOf(rest))),
  ]
}

function targetOf(verdict: string): readonly string[] {
  const to = /^dnat to (\S+)$/.exec(verdict)?.[1]
  if (to !== undefined) return ['DNAT', '--to-destination', to]
  // Each of its rules counts.
  if (verdict === 'counter drop') return ['DROP']
  if (verdict === 'masquerade') return ['MASQUERADE']
  return ['RETURN']
}
