/** What a second reading keeps of the first, and what it must not keep. */
import { describe, expect, test } from 'vitest'
import { asRead, firewallAsBefore } from '../../../src/collect/firewall/as-before.ts'
import { parseIptablesSave } from '../../../src/collect/firewall/parse-iptables-save.ts'
import type { Firewall, NfTable, Rule } from '../../../src/model/ruleset.ts'

const saved = (rules: readonly string[], chains: readonly string[] = [':DOCKER - [0:0]']): string =>
  ['*nat', ':PREROUTING ACCEPT [3:180]', ...chains, ...rules, 'COMMIT', ''].join('\n')

const first = saved([
  '[3:180] -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER',
  '[1:60] -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80',
  '[0:0] -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8081 -j DNAT --to-destination 172.17.0.4:80',
])

const firewallOf = (tables: readonly NfTable[], generation: number | null): Firewall => ({
  generation,
  tables,
  unread: [],
  ipsets: [],
  ipvs: [],
})

/** As the kernel's handles would be added. */
const withHandles = (table: NfTable): NfTable => ({
  ...table,
  chains: table.chains.map((chain) => ({
    ...chain,
    rules: chain.rules.map((rule) => ({ ...rule, handle: rule.handle ?? 100 + rule.number })),
  })),
})

function read(text: string, generation: number | null, before: Firewall | null = null): Firewall {
  const last = before === null ? null : asRead(before, generation)
  const tables = parseIptablesSave(text, 'iptables-nft', 'ip', last).tables
  const firewall = firewallOf(
    tables.map((table) =>
      table.chains.some((chain) => chain.rules[0]?.handle === null) ? withHandles(table) : table,
    ),
    generation,
  )
  return before === null ? firewall : firewallAsBefore(firewall, before)
}

const rulesOf = (firewall: Firewall): readonly Rule[] =>
  firewall.tables.flatMap((table) => table.chains.flatMap((chain) => chain.rules))

describe('reading again', () => {
  test('what says the same is the same object', () => {
    const one = read(first, 7)
    expect(read(first, 7, one)).toBe(one)
  })

  test('other counters: a new rule that shares what it asks for, and nothing else is new', () => {
    const one = read(first, 7)
    const two = read(first.replace('[1:60]', '[2:120]'), 7, one)
    const [before, after] = [rulesOf(one), rulesOf(two)]
    expect(after.map((rule) => rule.packets)).toEqual([3, 2, 0])
    expect(after[1]?.matches).toBe(before[1]?.matches)
    expect(after[1]?.statements).toBe(before[1]?.statements)
    expect(after[1]?.handle).toBe(101)
    expect(after[0]).toBe(before[0])
    expect(after[2]).toBe(before[2])
    expect(two.tables[0]?.chains[0]).toBe(one.tables[0]?.chains[0])
  })

  test('it says what a reading without a memory says', () => {
    const changes = [
      first.replace('[3:180] -A', '[4:240] -A').replace(':PREROUTING ACCEPT', ':PREROUTING DROP'),
      saved(['[1:60] -A DOCKER -j RETURN']),
      first.replace('8080', '8090'),
      first.replace('*nat', '*mangle'),
      saved([]),
      first.replace(/^\[0:0\] -A DOCKER.*\n/m, ''),
    ]
    for (const text of changes) expect(read(text, 8, read(first, 7))).toEqual(read(text, 8))
  })

  test.each([
    [':PREROUTING ACCEPT', ':PREROUTING DROP'],
    [':PREROUTING ACCEPT [3:180]', ':PREROUTING ACCEPT [4:180]'],
    [':PREROUTING ACCEPT [3:180]', ':PREROUTING ACCEPT [3:181]'],
    ['[1:60] -A', '[2:60] -A'],
    ['[1:60] -A', '[1:61] -A'],
  ])('one thing alone is new: %s, then %s', (was, is) => {
    const text = first.replace(was, is)
    expect(read(text, 7, read(first, 7))).toEqual(read(text, 7))
  })

  test('handles of another generation are not kept', () => {
    const one = read(first, 7)
    const tables = parseIptablesSave(first, 'iptables-nft', 'ip', asRead(one, 8)).tables
    expect(tables[0]?.chains.flatMap(({ rules }) => rules.map(({ handle }) => handle))).toEqual([
      null,
      null,
      null,
    ])
  })

  test('a jump whose chain is gone is no jump any more', () => {
    const words = ['[0:0] -A PREROUTING -j DOCKER']
    const two = read(saved(words, []), 8, read(saved(words), 7))
    expect(rulesOf(two)[0]?.statements).toEqual([{ kind: 'opaque', text: 'DOCKER' }])
  })

  test('tables of nft are kept too, and their rules share when only counters differ', () => {
    const nft = (packets: number): Firewall =>
      firewallOf(
        structuredClone(
          read(first, 7).tables.map((table) => ({
            ...table,
            backend: 'nft' as const,
            chains: table.chains.map((chain) => ({
              ...chain,
              rules: chain.rules.map((rule, at) => (at === 0 ? { ...rule, packets } : rule)),
            })),
          })),
        ),
        7,
      )
    const one = nft(1)
    expect(firewallAsBefore(nft(1), one)).toBe(one)
    const two = firewallAsBefore(nft(2), one)
    expect(two).toEqual(nft(2))
    expect(rulesOf(two)[0]?.statements).toBe(rulesOf(one)[0]?.statements)
    expect(rulesOf(two)[2]).toBe(rulesOf(one)[2])
  })
})

test('matches that many rules have are there once', () => {
  const [, one, two] = rulesOf(read(first, 7))
  expect(one?.matches).toEqual(expect.arrayContaining([{ kind: 'protocol', not: false, values: ['tcp'] }]))
  expect(one?.matches[0]).toBe(two?.matches[0])
  expect(one?.matches[1]).toBe(two?.matches[1])
  expect(one?.matches[2]).not.toEqual(two?.matches[2])
})
