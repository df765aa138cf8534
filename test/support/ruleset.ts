/**
 * Rulesets by hand. Those of iptables are written as iptables-save prints them, in the few options that the tests
 * need: anything else is opaque, as it is for the reader.
 */
import type { Chain, Firewall, Match, NfTable, NftSet, Rule, Statement } from '../../src/model/ruleset.ts'

export function rule(number: number, fields: Partial<Rule> = {}): Rule {
  return {
    number,
    handle: null,
    matches: [],
    statements: [],
    text: '',
    packets: 0,
    bytes: 0,
    comment: null,
    ...fields,
  }
}

export function chain(name: string, rules: readonly Partial<Rule>[], fields: Partial<Chain> = {}): Chain {
  return {
    name,
    handle: null,
    type: null,
    hook: null,
    priority: null,
    devices: [],
    policy: null,
    packets: null,
    bytes: null,
    rules: rules.map((each, at) => rule(at + 1, each)),
    ...fields,
  }
}

export function nftTable(
  family: NfTable['family'],
  name: string,
  chains: readonly Chain[],
  sets: readonly NftSet[] = [],
): NfTable {
  return { backend: 'nft', family, name, handle: null, flags: [], chains, sets, flowtables: [] }
}

export function firewall(tables: readonly NfTable[], fields: Partial<Firewall> = {}): Firewall {
  return { generation: 1, tables, unread: [], ipsets: [], ipvs: [], ...fields }
}

export function nftMap(name: string, elements: Readonly<Record<string, string>>): NftSet {
  const all = Object.entries(elements)
  return {
    name,
    kind: 'map',
    type: '',
    flags: [],
    elements: all.map(([key, value]) => ({ key, value, timeout: null, comment: null })),
  }
}

const base: Readonly<Record<string, readonly [hook: string, natPriority: number, priority: number]>> = {
  PREROUTING: ['prerouting', -100, -300],
  INPUT: ['input', 100, 0],
  FORWARD: ['forward', 0, 0],
  OUTPUT: ['output', -100, 0],
  POSTROUTING: ['postrouting', 100, 0],
}

/** `-A DOCKER ! -i docker0 -p tcp --dport 80 -j DNAT --to-destination 172.17.0.2:80`, line by line. */
export function iptables(
  name: string,
  text: string,
  fields: Partial<Pick<NfTable, 'backend' | 'family'>> = {},
): NfTable {
  const chains = new Map<string, Partial<Rule>[]>()
  for (const line of text.split('\n').map((each) => each.trim())) {
    const created = /^(?:-N|-P|:)\s*(\S+)/.exec(line)?.[1]
    if (created !== undefined) chains.set(created, chains.get(created) ?? [])
    const added = /^-A (\S+) ?(.*)$/.exec(line)
    if (added === null) continue
    const rules = chains.get(added[1] ?? '') ?? []
    rules.push(iptablesRule(added[2] ?? ''))
    chains.set(added[1] ?? '', rules)
  }
  return {
    backend: 'iptables-nft',
    family: 'ip',
    name,
    handle: null,
    flags: [],
    chains: [...chains].map(([chainName, rules]) => {
      const [hook, natPriority, priority] = base[chainName] ?? [null, 0, 0]
      const type = name === 'nat' ? 'nat' : 'filter'
      if (hook === null) return chain(chainName, rules)
      return chain(chainName, rules, {
        type,
        hook,
        priority: name === 'nat' ? natPriority : priority,
        policy: 'ACCEPT',
      })
    }),
    sets: [],
    flowtables: [],
    ...fields,
  }
}

type Reading = { readonly not: boolean; readonly value: string; readonly values: readonly string[] }
const matchers: Readonly<Record<string, (given: Reading) => Match>> = {
  '-s': ({ not, values }) => ({ kind: 'address', side: 'source', not, values }),
  '-d': ({ not, values }) => ({ kind: 'address', side: 'destination', not, values }),
  '-i': ({ not, value }) => ({ kind: 'interface', side: 'in', not, values: [value] }),
  '-o': ({ not, value }) => ({ kind: 'interface', side: 'out', not, values: [value] }),
  '-p': ({ not, value }) => ({ kind: 'protocol', not, values: [value] }),
  '--dport': ({ not, value }) => ({
    kind: 'port',
    side: 'destination',
    not,
    values: [value.replace(':', '-')],
  }),
  '--dports': ({ not, values }) => ({ kind: 'port', side: 'destination', not, values }),
  '--sport': ({ not, value }) => ({ kind: 'port', side: 'source', not, values: [value] }),
  '--dst-type': ({ not, value }) => ({ kind: 'addrtype', side: 'destination', not, values: [value] }),
  '--src-type': ({ not, value }) => ({ kind: 'addrtype', side: 'source', not, values: [value] }),
  '--ctstate': ({ not, values }) => ({ kind: 'ctstate', not, values }),
  '--mark': ({ not, value }) => {
    const [mark = '', mask] = value.split('/')
    return { kind: 'mark', of: 'packet', not, value: mark, mask: mask ?? null }
  },
}

function iptablesRule(text: string): Partial<Rule> {
  const words = text.match(/"[^"]*"|\S+/g) ?? []
  const matches: Match[] = []
  const opaque: string[] = []
  let statement: Statement | null = null
  let comment: string | null = null
  for (let at = 0, not = false; at < words.length; at++) {
    const word = words[at] ?? ''
    const value = words[at + 1] ?? ''
    const matcher = matchers[word]
    if (word === '!') not = true
    else if (word === '-m') at++
    else if (word === '-j' || word === '-g') {
      statement = iptablesTarget(word === '-j' ? 'jump' : 'goto', value, words.slice(at + 2))
      break
    } else if (word === '--comment') {
      comment = value.replaceAll('"', '')
      at++
    } else if (matcher === undefined) opaque.push(word)
    else {
      matches.push(matcher({ not, value, values: value.split(',') }))
      not = false
      at++
    }
  }
  if (opaque.length > 0) matches.push({ kind: 'opaque', text: opaque.join(' ') })
  return { text, matches, statements: statement === null ? [] : [statement], comment }
}

function iptablesTarget(kind: 'jump' | 'goto', name: string, rest: readonly string[]): Statement {
  const [option = '', value = ''] = rest
  const verdicts: Readonly<Record<string, Statement>> = {
    ACCEPT: { kind: 'accept' },
    DROP: { kind: 'drop' },
    RETURN: { kind: 'return' },
    REJECT: { kind: 'reject', with: value === '' ? null : value },
    MASQUERADE: { kind: 'masquerade', ports: null, flags: [] },
  }
  const verdict = verdicts[name]
  if (verdict !== undefined) return verdict
  if (name === 'REDIRECT') return { kind: 'redirect', ports: value === '' ? null : value, flags: [] }
  if (name === 'MARK') {
    const [mark = '', mask] = value.split('/')
    return { kind: 'mark', of: 'packet', value: mark, mask: mask ?? null }
  }
  if (name === 'LOG') return { kind: 'log', prefix: value.replaceAll('"', '') }
  if (name === 'DNAT' || name === 'SNAT') {
    const found = /^\[?(.*?)\]?(?::([\d-]+))?$/.exec(option.startsWith('--to') ? value : '')
    const plain = /^[0-9a-f:]+$/.test(value) && value.split(':').length > 2
    return {
      kind: name === 'DNAT' ? 'dnat' : 'snat',
      address: plain ? value : found?.[1] || null,
      ports: plain ? null : (found?.[2] ?? null),
      map: null,
      flags: [],
    }
  }
  return rest.length > 0 ? { kind: 'opaque', text: `-j ${name} ${rest.join(' ')}` } : { kind, chain: name }
}
