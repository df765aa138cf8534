/** What is kept of a ruleset when only its counters were read again. */
import { expect, test } from 'vitest'
import { rulesWindow } from '../../../src/derive/rules/rules-window.ts'
import { structureOf } from '../../../src/derive/rules/structure.ts'
import type { NfTable, Rule } from '../../../src/model/ruleset.ts'
import { dockerWorld, hostId } from '../../support/docker-world.ts'
import { firewall, iptables } from '../../support/ruleset.ts'

const nat = (): NfTable =>
  iptables(
    'nat',
    `-P PREROUTING
  -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  -A DOCKER -i docker0 -j RETURN
  -A DOCKER ! -i docker0 -p tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80`,
  )

const mapped = (table: NfTable, change: (rule: Rule) => Rule): NfTable => ({
  ...table,
  chains: table.chains.map((chain) => ({ ...chain, rules: chain.rules.map(change) })),
})

test('other counters, the same structure; another rule, another one', () => {
  const table = nat()
  const structure = structureOf(table)
  expect(structureOf(mapped(table, (rule) => ({ ...rule, packets: 5 })))).toBe(structure)
  const other = mapped(table, (rule) =>
    rule.number === 2 ? { ...rule, statements: [{ kind: 'accept' }], text: '-j ACCEPT' } : rule,
  )
  expect(structureOf(other)).not.toBe(structure)
  const { chains } = table
  expect(structureOf({ ...table, chains: chains.slice(0, 1) })).not.toBe(structure)
})

test('windows show the counters of the newest reading, also where words are looked for', () => {
  const table = nat()
  for (const text of [undefined, 'dnat']) {
    const packetsAt = (packets: number): readonly (number | null)[] => {
      const rules = firewall([mapped(table, (rule) => ({ ...rule, packets }))])
      const filter = text === undefined ? {} : { text }
      const value = rulesWindow(dockerWorld(rules), hostId, { filter, folded: [], from: 0, count: 50 })
      if ('unknown' in value) throw new Error(value.unknown)
      return value.rows.filter(({ kind }) => kind === 'rule').map((row) => row.packets)
    }
    const count = text === undefined ? 3 : 1
    expect(packetsAt(1)).toEqual(Array(count).fill(1))
    expect(packetsAt(2)).toEqual(Array(count).fill(2))
  }
})

test('what was found by words is looked for again when a rule is new', () => {
  const asked = { filter: { text: 'dnat' }, folded: [], from: 0, count: 50 }
  const sizeOf = (table: NfTable): number => {
    const value = rulesWindow(dockerWorld(firewall([table])), hostId, asked)
    return 'unknown' in value ? -1 : value.size
  }
  const table = nat()
  expect(sizeOf(table)).toBe(3)
  expect(sizeOf(mapped(table, (rule) => ({ ...rule, text: '-j RETURN' })))).toBe(0)
})
