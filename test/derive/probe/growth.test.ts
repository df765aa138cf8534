import { expect, test } from 'vitest'
import { growthOf } from '../../../src/derive/probe/growth.ts'
import type { NetnsDetails } from '../../../src/model/netns.ts'
import type { Firewall, Rule } from '../../../src/model/ruleset.ts'
import type { World } from '../../../src/model/world.ts'
import { chain, firewall, nftTable } from '../../support/ruleset.ts'
import { netns, world } from '../../support/world.ts'

const unread = { unknown: 'not asked' }
const drop: Rule['statements'] = [{ kind: 'drop' }]
const reject: Rule['statements'] = [{ kind: 'reject', with: null }]
const accept: Rule['statements'] = [{ kind: 'accept' }]

/** Two namespaces, the host first: what its rules and its counters say. */
function counted(rules: Firewall | null, counters: Readonly<Record<string, number>> = {}): World {
  const details: NetnsDetails = {
    sysctls: unread,
    sockets: unread,
    qdiscs: unread,
    filters: unread,
    xfrmPolicies: unread,
    programs: unread,
    counters,
  }
  const host = netns(1, 'host', {
    firewall: rules,
    details,
    names: [{ name: 'host', source: 'host', path: null }],
  })
  return world([host, netns(2, 'web')])
}

const ofChain = (rules: readonly Partial<Rule>[], packets: number | null = null) =>
  firewall([
    {
      ...nftTable('ip', 'filter', [chain('FORWARD', rules, { policy: 'DROP', packets })]),
      backend: 'iptables-nft',
    },
  ])
const ids = (of: World) => of.netns.map(({ id }) => id)
const names = (before: World, after: World, sent: number | null) =>
  growthOf(before, after, ids(after), sent === null ? null : { least: sent, most: sent }).map(
    ({ name, by }) => `${name} +${by}`,
  )

test('who drops stands first, by what was sent; who only counted last', () => {
  const rules = (a: number, b: number, c: number, d: number) =>
    ofChain(
      [
        { statements: accept, text: 'a', packets: a },
        { statements: drop, text: 'b', packets: b },
        { statements: reject, text: 'c', packets: c },
        { statements: accept, text: 'd', packets: d },
      ],
      7,
    )
  const before = counted(rules(10, 10, 10, 10), { 'IpExt.InNoRoutes': 1, 'TcpExt.TCPTimeouts': 4 })
  const after = counted(rules(14, 19, 14, 13), { 'IpExt.InNoRoutes': 3, 'TcpExt.TCPTimeouts': 8 })
  expect(names(before, after, 4)).toEqual([
    'filter FORWARD 3 REJECT +4',
    'filter FORWARD 2 DROP +9',
    'IpExt.InNoRoutes +2',
    'TcpExt.TCPTimeouts +4',
    'filter FORWARD 1 ACCEPT +4',
    'filter FORWARD 4 ACCEPT +3',
  ])
  // Where nobody knows how much was sent, what counted least is likeliest.
  expect(names(before, after, null).slice(0, 2)).toEqual([
    'filter FORWARD 3 REJECT +4',
    'filter FORWARD 2 DROP +9',
  ])
})

test('each says whose it is, what it means, and how to see it', () => {
  const rules = (packets: number) =>
    ofChain([
      {
        statements: drop,
        packets,
        text: 'x',
        matches: [{ kind: 'address', side: 'destination', not: false, values: ['10.0.0.9'] }],
      },
    ])
  const before = counted(rules(0), { 'TcpExt.IPReversePathFilter': 0 })
  const after = counted(rules(1), { 'TcpExt.IPReversePathFilter': 1 })
  const grown = growthOf(before, after, ids(after), null)
  expect(grown).toEqual([
    {
      netns: { id: '1', name: 'host' },
      what: 'rule',
      name: 'filter FORWARD 1 DROP',
      by: 1,
      says: 'packets to 10.0.0.9 are dropped',
      command: 'iptables-nft -t filter -vnL FORWARD --line-numbers',
    },
    {
      netns: { id: '1', name: 'host' },
      what: 'drops',
      name: 'TcpExt.IPReversePathFilter',
      by: 1,
      says: 'came in by another link than the way back (rp_filter)',
      command: 'nstat -asz TcpExtIPReversePathFilter',
    },
  ])
})

test('a policy that drops counts as a rule; one that accepts does not', () => {
  expect(names(counted(ofChain([], 3)), counted(ofChain([], 5)), 2)).toEqual([
    'filter FORWARD policy DROP +2',
  ])
  // What iptables-nft prints as 0 is read as not counted; that it was 0 is known once it counts.
  expect(names(counted(ofChain([], null)), counted(ofChain([], 2)), 2)).toEqual([
    'filter FORWARD policy DROP +2',
  ])
  expect(names(counted(ofChain([], null)), counted(ofChain([], null)), 2)).toEqual([])
  const accepts = (packets: number) =>
    counted(firewall([nftTable('ip', 'filter', [chain('FORWARD', [], { policy: 'ACCEPT', packets })])]))
  expect(names(accepts(3), accepts(5), 2)).toEqual([])
})

test('a rule that is another by now, a counter that began anew, and rules that were not read tell nothing', () => {
  const one = (fields: Partial<Rule>) => counted(ofChain([{ statements: drop, ...fields }]))
  expect(names(one({ text: 'a', packets: 5 }), one({ text: 'b', packets: 9 }), null)).toEqual([])
  expect(names(one({ text: 'a', packets: 5 }), one({ text: 'a', packets: 2 }), null)).toEqual([])
  expect(names(one({ text: 'a', packets: null }), one({ text: 'a', packets: null }), null)).toEqual([])
  expect(names(counted(null), one({ text: 'a', packets: 9 }), null)).toEqual([])
  const handled = (packets: number, handle: number) => one({ text: 'a', packets, handle })
  expect(names(handled(1, 4), handled(2, 5), null)).toEqual([])
})

test('families other than ip are named, and nft shows them', () => {
  const of = (packets: number) =>
    counted(firewall([nftTable('inet', 'guard', [chain('in', [{ statements: drop, packets }])])]))
  const [first] = growthOf(of(0), of(1), ids(of(1)), null)
  expect(first).toMatchObject({ name: 'inet guard in 1 DROP', command: 'nft -a list chain inet guard in' })
})
