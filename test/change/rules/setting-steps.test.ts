import { expect, test } from 'vitest'
import { hostSpot } from '../../../src/change/at.ts'
import { settingSteps, withKept } from '../../../src/change/rules/setting-steps.ts'
import type { Lab } from '../../../src/model/lab.ts'
import { link, loopback } from '../../support/world.ts'
import { context, hostWorld, lab, network, node, port } from './support-rules.ts'

const conf = {
  forwarding: 1,
  rpFilter: 0,
  acceptLocal: 0,
  routeLocalnet: 0,
  srcValidMark: 0,
  arpIgnore: 0,
  arpAnnounce: 0,
  arpFilter: 0,
  proxyArp: 0,
  ignoreRoutesWithLinkdown: 0,
  logMartians: 0,
}

/** With bridge br0, on which route_localnet is that. */
function spotWith(routeLocalnet: number) {
  const bridge = link('bridge', { ifindex: 3, name: 'br0', inet: { ...conf, routeLocalnet } })
  return hostSpot(hostWorld({ more: { links: [loopback(), bridge] } }), context)
}

const web = (ports: readonly (typeof port)[]) => node('web', 'a', '172.20.0.2/24', ports)
const given = network('a', { bridge: 'br0', ownsBridge: false, added: ['172.20.0.1/24'] })
const [closed, open] = [lab([given], [web([])]), lab([given], [web([port])])]
const written = (routeLocalnet: number, before: Lab, after: Lab) =>
  settingSteps(spotWith(routeLocalnet), { before, after }).map(({ command }) => command.input)

test('a bridge of somebody else on which it is off: on, and off again', () => {
  expect(written(0, closed, open)).toEqual(['1\n'])
  expect(withKept(spotWith(0), { before: closed, after: open })).toEqual(open)
  expect(written(1, open, closed)).toEqual(['0\n'])
})

test('where it was on already it is left, and stays on when the last port goes', () => {
  expect(written(1, closed, open)).toEqual([])
  const kept = withKept(spotWith(1), { before: closed, after: open })
  expect(kept.networks).toEqual([{ ...given, kept: ['route_localnet'] }])
  const after = { ...kept, nodes: closed.nodes }
  expect(written(1, kept, after)).toEqual([])
  expect(withKept(spotWith(1), { before: kept, after })).toEqual(closed)
  // The network goes, and its bridge stays.
  expect(written(1, kept, lab([]))).toEqual([])
})

test('one more port on such a bridge changes nothing of it', () => {
  const kept = withKept(spotWith(1), { before: closed, after: open })
  const more = { ...kept, nodes: [web([port, { ...port, hostPort: 8081 }])] }
  expect(withKept(spotWith(1), { before: kept, after: more })).toEqual(more)
})

test('of a bridge of ours nothing is kept: it may have it from `default`', () => {
  const ours = network('a', { bridge: 'br0' })
  const [before, after] = [lab([ours], [web([])]), lab([ours], [web([port])])]
  expect(withKept(spotWith(1), { before, after })).toEqual(after)
  expect(written(1, before, after)).toEqual([])
  // Somebody turned it off: nothing is left to turn off.
  expect(written(0, after, before)).toEqual([])
})
