/** What a packet meets at a hook: certain where everything is known, both ways open where it is not. */
import { describe, expect, test } from 'vitest'
import { anyPacket, type Packet } from '../../../src/derive/packet/packet.ts'
import { outcomesAt } from '../../../src/derive/packet/verdict.ts'
import type { Chain, Firewall, Match, NfTable, Rule, Statement } from '../../../src/model/ruleset.ts'

function rule(statement: Statement, ...matches: readonly Match[]): Omit<Rule, 'number'> {
  const text = `${JSON.stringify(matches)} ${statement.kind}`
  return { handle: null, matches, statements: [statement], text, packets: 0, bytes: 0, comment: null }
}

function chain(
  name: string,
  fields: Partial<Omit<Chain, 'rules'>>,
  ...rules: readonly Omit<Rule, 'number'>[]
): Chain {
  const base = {
    handle: null,
    type: null,
    hook: null,
    priority: null,
    devices: [],
    policy: null,
    packets: 0,
    bytes: 0,
  }
  return { ...base, name, ...fields, rules: rules.map((each, at) => ({ ...each, number: at + 1 })) }
}

function table(
  name: string,
  family: NfTable['family'],
  chains: readonly Chain[],
  sets: NfTable['sets'] = [],
): NfTable {
  return { backend: 'nft', family, name, handle: null, flags: [], chains, sets, flowtables: [] }
}

function firewall(...tables: readonly NfTable[]): Firewall {
  return { generation: 1, tables, unread: [], ipsets: [], ipvs: [] }
}

const forward = { type: 'filter', hook: 'forward', priority: 0, policy: 'accept' } as const
const from = (value: string, not = false): Match => ({
  kind: 'address',
  side: 'source',
  not,
  values: [value],
})
const comesBy = (name: string, not = false): Match => ({ kind: 'interface', side: 'in', not, values: [name] })
const opaque: Match = { kind: 'opaque', text: '-m u32 …' }
const packet: Packet = {
  ...anyPacket,
  iif: 'br0',
  oif: 'eth0',
  source: '10.0.0.2',
  destination: '192.0.2.1',
  state: 'NEW',
}

function ends(...tables: readonly NfTable[]): string {
  const { passes, acceptedAt, droppedAt } = outcomesAt(firewall(...tables), 'forward', packet)
  if (!passes) return 'dropped'
  return droppedAt.length === 0 ? 'passes' : acceptedAt.length === 0 ? 'dropped' : 'depends'
}

describe('one base chain', () => {
  test.each<[string, Chain, string]>([
    ['no rule, policy accept', chain('f', forward), 'passes'],
    ['no rule, policy DROP as iptables writes it', chain('f', { ...forward, policy: 'DROP' }), 'dropped'],
    ['a rule that fits', chain('f', forward, rule({ kind: 'drop' }, from('10.0.0.0/8'))), 'dropped'],
    ['a rule that does not', chain('f', forward, rule({ kind: 'drop' }, from('172.16.0.0/12'))), 'passes'],
    ['its opposite', chain('f', forward, rule({ kind: 'drop' }, from('172.16.0.0/12', true))), 'dropped'],
    ['a range', chain('f', forward, rule({ kind: 'drop' }, from('10.0.0.1-10.0.0.9'))), 'dropped'],
    ['a link by its beginning', chain('f', forward, rule({ kind: 'drop' }, comesBy('br*'))), 'dropped'],
    [
      'the first that fits decides',
      chain('f', forward, rule({ kind: 'accept' }), rule({ kind: 'drop' })),
      'passes',
    ],
    ['a match that nobody understands', chain('f', forward, rule({ kind: 'drop' }, opaque)), 'depends'],
    [
      '… beside one that does not fit',
      chain('f', forward, rule({ kind: 'drop' }, opaque, comesBy('eth9'))),
      'passes',
    ],
    ['a set that was not looked into', chain('f', forward, rule({ kind: 'drop' }, from('@bad'))), 'depends'],
    [
      'return in a base chain is its policy',
      chain('f', { ...forward, policy: 'drop' }, rule({ kind: 'return' }), rule({ kind: 'accept' })),
      'dropped',
    ],
    ['reject', chain('f', forward, rule({ kind: 'reject', with: null })), 'dropped'],
    [
      'a log ends nothing',
      chain(
        'f',
        { ...forward, policy: 'drop' },
        rule({ kind: 'log', prefix: null }),
        rule({ kind: 'accept' }),
      ),
      'passes',
    ],
  ])('%s', (_, only, wanted) => {
    expect(ends(table('filter', 'ip', [only]))).toBe(wanted)
  })
})

describe('chains that lead to chains', () => {
  const dropAll = { ...forward, policy: 'drop' } as const
  const jump = (name: string): Statement => ({ kind: 'jump', chain: name })
  test.each<[string, readonly Chain[], string]>([
    [
      'accepted inside',
      [chain('f', dropAll, rule(jump('a'))), chain('a', {}, rule({ kind: 'accept' }))],
      'passes',
    ],
    [
      'comes back and goes on',
      [
        chain('f', dropAll, rule(jump('a')), rule({ kind: 'accept' })),
        chain('a', {}, rule({ kind: 'return' }), rule({ kind: 'drop' })),
      ],
      'passes',
    ],
    [
      'goto does not come back',
      [chain('f', dropAll, rule({ kind: 'goto', chain: 'a' }), rule({ kind: 'accept' })), chain('a', {})],
      'dropped',
    ],
    [
      'in a circle, which the kernel refuses',
      [chain('f', forward, rule(jump('a'))), chain('a', {}, rule(jump('a')))],
      'passes',
    ],
    ['into a chain that is not there', [chain('f', forward, rule(jump('gone')))], 'passes'],
    [
      'only perhaps',
      [chain('f', dropAll, rule(jump('a'), opaque)), chain('a', {}, rule({ kind: 'accept' }))],
      'depends',
    ],
  ])('%s', (_, chains, wanted) => {
    expect(ends(table('filter', 'ip', chains))).toBe(wanted)
  })

  test('thousands of jumps to one chain are one walk of it', () => {
    const many = Array.from({ length: 3000 }, () => rule(jump('a'), opaque))
    const inner = Array.from({ length: 3000 }, () => rule({ kind: 'drop' }, comesBy('eth9')))
    const started = performance.now()
    expect(ends(table('filter', 'ip', [chain('f', forward, ...many), chain('a', {}, ...inner)]))).toBe(
      'passes',
    )
    expect(performance.now() - started).toBeLessThan(2000)
  })
})

test('accept ends its own chain only, drop ends all; the smaller priority comes first', () => {
  const accepts = table('filter', 'ip', [chain('f', forward, rule({ kind: 'accept' }))])
  const drops = (priority: number) =>
    table('fw', 'inet', [chain('late', { ...forward, priority, policy: 'drop' })])
  expect(ends(accepts, drops(10))).toBe('dropped')
  expect(ends(accepts, drops(-10))).toBe('dropped')
  const { acceptedAt } = outcomesAt(firewall(accepts, drops(-10)), 'forward', packet)
  expect(acceptedAt).toEqual([])
  const six = table('six', 'ip6', [chain('f', { ...forward, policy: 'drop' })])
  expect(ends(six)).toBe('passes')
})

test('a verdict map is looked up where its key is known', () => {
  const jumps = (key: string): Statement => ({
    kind: 'vmap',
    key: ['iifname'],
    map: null,
    elements: [{ key, verdict: 'jump in' }],
  })
  const chains = (key: string) => [
    chain('f', { ...forward, policy: 'drop' }, rule(jumps(key))),
    chain('in', {}, rule({ kind: 'accept' })),
  ]
  expect(ends(table('docker-bridges', 'ip', chains('br0')))).toBe('passes')
  expect(ends(table('docker-bridges', 'ip', chains('br1')))).toBe('dropped')
})
