import { expect, test } from 'vitest'
import { wayRules } from '../../src/derive/way-rules.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { Way } from '../../src/model/way-rule.ts'
import { dockerRules } from '../tui-unit/rules-world.ts'
import { netnsOf, worldOf } from '../support/fixture.ts'
import { chain, firewall, nftTable } from '../support/ruleset.ts'

const short = (netns: Netns, way: Way): unknown => {
  const { rules } = wayRules(netns, way)
  return 'unknown' in rules
    ? rules.unknown
    : rules.map(({ rule, does, maybe, packets }) => [
        rule.table,
        rule.chain,
        rule.number,
        does,
        maybe,
        packets,
      ])
}

function hostOf(): Netns {
  const world = dockerRules()
  return netnsOf(world, 'host')
}
const out = (netns: Netns): Way => ({ netns: netns.id, iif: 'docker0', oif: 'eth0', source: '172.17.0.3' })

test('what Docker lets out: the rule that accepts it, and the one that hides its address', () => {
  const host = hostOf()
  expect(short(host, out(host))).toEqual([
    ['filter', 'FORWARD', 5, 'ACCEPT', false, 15],
    ['nat', 'POSTROUTING', 1, 'MASQUERADE', false, 15],
  ])
})

test('an address of no network of Docker’s is let out, and not hidden', () => {
  const host = hostOf()
  expect(short(host, { ...out(host), source: '10.9.9.9' })).toEqual([
    ['filter', 'FORWARD', 5, 'ACCEPT', false, 15],
  ])
})

test('what no rule lets out is dropped by the policy, and goes no further', () => {
  const host = hostOf()
  expect(short(host, { ...out(host), iif: 'br-other', source: '10.9.9.9' })).toEqual([
    ['filter', 'FORWARD', 0, 'DROP', false, null],
  ])
})

test('a chain that is not counted says so, one that was not read is not known', () => {
  const host = hostOf()
  const fw = firewall([
    nftTable('inet', 'fw', [
      chain('fwd', [], { hook: 'forward', type: 'filter', priority: 0, policy: 'accept' }),
    ]),
  ])
  expect(short({ ...host, firewall: fw }, out(host))).toEqual([['fw', 'fwd', 0, 'ACCEPT', false, null]])
  expect(short({ ...host, firewall: null }, out(host))).toBe('its rules were not read')
  expect(
    short(
      { ...host, firewall: { ...fw, unread: [{ backend: 'nft', unknown: 'no nft' }] as never } },
      out(host),
    ),
  ).toBe('no nft')
})

test('the recorded Docker host hides what leaves its bridge', async () => {
  const host = netnsOf(await worldOf('docker'), 'host')
  const rules = short(host, out(host))
  expect(rules).toContainEqual(expect.arrayContaining(['POSTROUTING', 'MASQUERADE']))
})
