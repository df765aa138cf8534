import { expect, test } from 'vitest'
import { watchBetween } from '../../../src/derive/probe/watch-between.ts'
import type { Sought } from '../../../src/model/probe.ts'
import type { World } from '../../../src/model/world.ts'
import { address, link, netns, policyRule, route, world } from '../../support/world.ts'

/** Of every namespace one of the rules that it has is enough (ip-rule(8)). */
const rule = policyRule()

function node(ino: number, name: string, own: readonly string[], gateway?: string) {
  return netns(ino, name, {
    links: own.map((_, at) => link('veth', { ifindex: at + 2, name: `eth${at}` })),
    addresses: own.map((cidr, at) => address(at + 2, cidr)),
    policyRules: [rule],
    routes: [
      ...own.map((cidr, at) => route({ dst: cidr.replace(/\d+\/24/, '0/24'), oif: at + 2, scope: 'link' })),
      ...(gateway === undefined ? [] : [route({ dst: 'default', gateway, oif: own.length + 1 })]),
    ],
  })
}

/** web — r1 — r2 — db, each two a network; the host and aside are on none of their ways. */
const seen: World = world([
  netns(1, 'vm01'),
  node(2, 'web', ['10.1.0.2/24'], '10.1.0.1'),
  node(3, 'r1', ['10.1.0.1/24', '10.2.0.1/24'], '10.2.0.2'),
  node(4, 'r2', ['10.2.0.2/24', '10.3.0.1/24']),
  node(5, 'db', ['10.3.0.2/24']),
  node(6, 'aside', ['10.9.0.2/24']),
])
const to = (address: string): Sought => ({ text: address, address, family: 4, from: null })

function watched(from: string, ...targets: readonly Sought[]): readonly string[] {
  const start = seen.netns.find(({ names }) => names[0]?.name === from)
  if (start === undefined) throw new Error(from)
  const { netns } = watchBetween(seen, start, targets)
  return seen.netns.filter(({ id }) => netns.includes(id)).map(({ names }) => names[0]?.name ?? '')
}

test('where it starts, where it goes, the routers between them, and the host', () => {
  expect(watched('web', to('10.3.0.2'))).toEqual(['vm01', 'web', 'r1', 'r2', 'db'])
  expect(watched('r2', to('10.3.0.2'))).toEqual(['vm01', 'r2', 'db'])
})

test('an address that nobody has, one on the same link, and a name that is still to be resolved', () => {
  expect(watched('web', to('10.3.0.99'))).toEqual(['vm01', 'web', 'r1', 'r2'])
  expect(watched('web', to('10.1.0.1'))).toEqual(['vm01', 'web', 'r1'])
  const resolver = { from: '', resolvConf: null, hosts: null, nsswitch: null }
  expect(watched('web', { text: 'www.example.org', family: null, resolver })).toEqual(['vm01', 'web'])
})

test('routes that lead round in a circle come to an end', () => {
  const round = world([
    netns(1, 'vm01'),
    node(2, 'left', ['10.1.0.1/24'], '10.1.0.2'),
    node(3, 'right', ['10.1.0.2/24'], '10.1.0.1'),
  ])
  const [, left] = round.netns
  if (left === undefined) throw new Error('left')
  expect(watchBetween(round, left, [to('8.8.8.8')]).netns).toHaveLength(3)
})
