import { expect, test } from 'vitest'
import { ruleChanges } from '../../../src/collect/firewall/rule-changes.ts'
import type { NfTable } from '../../../src/model/ruleset.ts'
import { chain, firewall, nftTable } from '../../support/ruleset.ts'

const texts = (...all: readonly string[]) => all.map((text) => ({ text }))
const nat = (...rules: readonly string[]): NfTable => ({
  ...nftTable('ip', 'nat', [chain('POSTROUTING', texts(...rules), { policy: 'ACCEPT' })]),
  backend: 'iptables-nft',
})

test('which rule went, which one came, and that one stands elsewhere', () => {
  const before = firewall([nat('-s 10.0.0.0/8 -j MASQUERADE', '-j RETURN', '-j RETURN')])
  expect(ruleChanges(before, firewall([nat('-j RETURN', '-j RETURN')]))).toEqual([
    'rule removed: nat POSTROUTING -s 10.0.0.0/8 -j MASQUERADE',
  ])
  expect(ruleChanges(before, firewall([nat('-s 10.0.0.0/8 -j MASQUERADE', '-j RETURN', '-j DROP')]))).toEqual(
    ['rule removed: nat POSTROUTING -j RETURN', 'rule added: nat POSTROUTING -j DROP'],
  )
  const turned = firewall([nat('-j RETURN', '-j RETURN', '-s 10.0.0.0/8 -j MASQUERADE')])
  expect(ruleChanges(before, turned)).toEqual(['rules in another order: nat POSTROUTING'])
  expect(ruleChanges(before, before)).toEqual([])
})

test('policies, chains and tables', () => {
  const filter = (policy: string, ...more: readonly ReturnType<typeof chain>[]) =>
    firewall([nftTable('inet', 'filter', [chain('input', [], { policy }), ...more])])
  expect(ruleChanges(filter('accept'), filter('drop'))).toEqual([
    'policy of inet filter input: accept to drop',
  ])
  expect(ruleChanges(filter('accept'), filter('accept', chain('web', texts('accept'))))).toEqual([
    'chain added: inet filter web',
    'rule added: inet filter web accept',
  ])
  expect(ruleChanges(filter('accept', chain('web', texts('accept'))), filter('accept'))).toEqual([
    'chain removed: inet filter web, with 1 rule',
  ])
  expect(ruleChanges(firewall([nat('-j RETURN')]), firewall([]))).toEqual(['table removed: nat, with 1 rule'])
  expect(ruleChanges(firewall([]), firewall([nat()]))).toEqual(['table added: nat'])
})

test('counters, quotas and elements of sets are no change of a rule', () => {
  const quota = (used: string) =>
    firewall([nftTable('ip', 'q', [chain('c', texts(`quota over 25 mbytes used ${used} drop`))])])
  expect(ruleChanges(quota('3 mbytes'), quota('900 kbytes'))).toEqual([])
  const counted = (packets: number) =>
    firewall([nftTable('ip', 'q', [chain('c', [{ text: 'accept', packets }], { packets })])])
  expect(ruleChanges(counted(1), counted(2))).toEqual([])
})

test('what could not be read in one of the two is neither gone nor new', () => {
  const unread = (family: 'ip' | null) =>
    firewall([], {
      unread: [{ backend: 'iptables-nft', family, table: null, unknown: 'timed out', hint: null }],
    })
  for (const one of [unread('ip'), unread(null)]) {
    expect(ruleChanges(firewall([nat('-j RETURN')]), one)).toEqual([])
    expect(ruleChanges(one, firewall([nat('-j RETURN')]))).toEqual([])
  }
})

test('of a thousand changes the first ones and how many more', () => {
  const many = firewall([nat(...Array.from({ length: 1000 }, (_, at) => `-s 10.0.${at}.0/24 -j DROP`))])
  const lines = ruleChanges(many, firewall([nat()]))
  expect(lines).toHaveLength(12)
  expect(lines.at(-1)).toBe('and 989 more changes of rules')
})
