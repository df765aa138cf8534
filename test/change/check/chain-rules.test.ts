/** Facts about rules of a chain of iptables. */
import { expect, test } from 'vitest'
import { checkChainRules } from '../../../src/change/check/chain-rules.ts'
import { unknown } from '../../../src/model/known.ts'
import type { Fact } from '../../../src/model/plan.ts'
import type { Firewall } from '../../../src/model/ruleset.ts'
import { rulesOf } from '../../derive/engine-rules/support-engine.ts'
import { netns } from '../../support/world.ts'

const rules = rulesOf({
  ip: '*nat\n:DOCKER - [0:0]\n-A DOCKER -i br0 -j RETURN\n-A DOCKER -j ACCEPT\nCOMMIT\n',
})

function check(
  lines: readonly string[],
  there: boolean,
  chain = 'DOCKER',
  firewall: Firewall | null = rules,
) {
  const fact: Extract<Fact, { readonly kind: 'chain-rules' }> = {
    kind: 'chain-rules',
    at: 'host',
    backend: 'iptables-nft',
    family: 'ip',
    table: 'nat',
    chain,
    lines,
    there,
  }
  return checkChainRules(fact, netns(100, 'host', { firewall }))
}

test('the chain itself', () => {
  expect([check([], true), check([], false)]).toEqual([true, false])
  expect([check([], true, 'GONE'), check([], false, 'GONE')]).toEqual([false, true])
})

test('all of them, or none of them; some are neither', () => {
  expect(check(['-j ACCEPT', '-i br0 -j RETURN'], true)).toBe(true)
  expect(check(['-j ACCEPT', '-i br1 -j RETURN'], true)).toBe(false)
  expect(check(['-j ACCEPT', '-i br1 -j RETURN'], false)).toBe(false)
  expect(check(['-i br1 -j RETURN'], false)).toBe(true)
  expect(check(['-j ACCEPT'], false, 'GONE')).toBe(true)
})

test('rules that were not read are no rules that are gone', () => {
  expect(check(['-j ACCEPT'], false, 'DOCKER', null)).toEqual(unknown('the rules were not read'))
  const unread = {
    ...rules,
    tables: [],
    unread: [{ backend: 'iptables-nft', family: null, table: null, unknown: 'no iptables-save', hint: null }],
  } as const
  expect(check(['-j ACCEPT'], false, 'DOCKER', unread)).toEqual(unknown('no iptables-save'))
})
