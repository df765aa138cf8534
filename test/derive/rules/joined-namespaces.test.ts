import { expect, test } from 'vitest'
import { addressNames } from '../../../src/derive/rules/address-names.ts'
import { netnsId, nsid, type NetnsId } from '../../../src/model/ids.ts'
import { address, bridgedPair, link, loopback, netns } from '../../support/world.ts'

test('an address is named after who can be reached, never after a stranger of the same machine', () => {
  const pair = bridgedPair()
  const stranger = netns(300, 'stranger', {
    links: [loopback(), link('device', { ifindex: 2, name: 'eth0' })],
    addresses: [address(2, '172.17.0.9/16'), address(2, '10.0.0.1/8')],
  })
  const third = netns(400, 'third', {
    links: [loopback(), link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex: 9, nsid: nsid(7) } })],
    addresses: [address(2, '172.17.0.4/16')],
  })
  const named = (at: string, from: NetnsId) =>
    addressNames({ ...pair, netns: [...pair.netns, stranger, third] })
      .ownersOf(at, from)
      .map(({ name }) => name)
  const [host, redis] = [netnsId(100), netnsId(200)]
  expect(named('172.17.0.2', host)).toEqual(['redis123'])
  expect(named('172.17.0.1', redis)).toEqual(['host'])
  expect(named('172.17.0.1', host)).toEqual(['this host'])
  expect(named('172.17.0.9', host)).toEqual([])
  expect(named('10.0.0.1', netnsId(300))).toEqual(['this namespace'])
  // Where its pair leads is not known: it may be meant.
  expect(named('172.17.0.4', host)).toEqual(['third'])
})
