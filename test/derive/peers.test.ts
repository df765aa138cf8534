import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { isResolved, peers, type LinkRef, type Peer } from '../../src/derive/peers.ts'
import { hiddenNetnsId, netnsId, nsid, type NetnsId } from '../../src/model/ids.ts'
import type { Link } from '../../src/model/link.ts'
import type { Netns } from '../../src/model/netns.ts'
import { bridgedPair, link, netns } from '../support/world.ts'
import { generated } from './generated-host.ts'

const place = (ref: { readonly netns: string; readonly ifindex: number }): string =>
  `${ref.netns} ${ref.ifindex}`

test('a container pairs with its port on the bridge, both ways', () => {
  const world = bridgedPair()
  const { peerOf } = peers(world.netns)
  expect(peerOf(netnsId(100), 5)).toEqual({ netns: '200', ifindex: 2, name: 'eth0' })
  expect(peerOf(netnsId(200), 2)).toEqual({ netns: '100', ifindex: 5, name: 'veth0' })
  expect(peerOf(netnsId(100), 4)).toBeNull()
})

test('two containers with the same ifindexes are told apart by nsid', () => {
  const container = (ino: number, ifindex: number): Netns =>
    netns(ino, `c${ino}`, {
      links: [link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex, nsid: nsid(0) } })],
      nsids: [{ nsid: nsid(0), id: netnsId(100) }],
    })
  const host = netns(100, 'host', {
    links: [
      link('veth', { ifindex: 5, name: 'vetha', lower: { ifindex: 2, nsid: nsid(0) } }),
      link('veth', { ifindex: 6, name: 'vethb', lower: { ifindex: 2, nsid: nsid(1) } }),
    ],
    nsids: [
      { nsid: nsid(0), id: netnsId(300) },
      { nsid: nsid(1), id: netnsId(200) },
    ],
  })
  const { peerOf } = peers([host, container(200, 6), container(300, 5)])
  expect(peerOf(netnsId(100), 5)).toMatchObject({ netns: '300' })
  expect(peerOf(netnsId(100), 6)).toMatchObject({ netns: '200' })
})

test('a pair within one namespace needs no nsid', () => {
  const own = netns(100, 'host', {
    links: [
      link('veth', { ifindex: 5, name: 'a', lower: { ifindex: 6, nsid: null } }),
      link('veth', { ifindex: 6, name: 'b', lower: { ifindex: 5, nsid: null } }),
    ],
  })
  expect(peers([own]).peerOf(netnsId(100), 5)).toMatchObject({ name: 'b' })
})

test('an old kernel leaves the ifindex out where both are equal', () => {
  const end = (ino: number, other: number): Netns =>
    netns(ino, `n${ino}`, {
      links: [link('veth', { ifindex: 7, name: 'eth0', lower: { ifindex: 0, nsid: nsid(3) } })],
      nsids: [{ nsid: nsid(3), id: netnsId(other) }],
    })
  expect(peers([end(1, 2), end(2, 1)]).peerOf(netnsId(1), 7)).toMatchObject({ netns: '2', ifindex: 7 })
})

test('the peer of a hidden namespace is found by the nsid that the host has for it', () => {
  const hidden = hiddenNetnsId(netnsId(100), 5)
  const host = netns(100, 'host', {
    links: [link('veth', { ifindex: 9, name: 'v', lower: { ifindex: 2, nsid: nsid(5) } })],
    nsids: [{ nsid: nsid(5), id: null }],
  })
  const far: Netns = {
    ...netns(0, 'x'),
    id: hidden,
    links: [link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex: 9, nsid: nsid(0) } })],
    nsids: { unknown: 'no file leads there' },
  }
  const { peerOf } = peers([host, far])
  expect(peerOf(netnsId(100), 9)).toMatchObject({ netns: hidden, name: 'eth0' })
  expect(peerOf(hidden, 2)).toMatchObject({ netns: '100', name: 'v' })
  expect(peers([host]).peerOf(netnsId(100), 9)).toMatchObject({ candidates: [], netns: null, ifindex: 2 })
})

test('an unreadable namespace is named, and nothing is guessed', () => {
  const host = netns(100, 'host', {
    links: [link('veth', { ifindex: 9, name: 'v', lower: { ifindex: 2, nsid: nsid(0) } })],
    nsids: [{ nsid: nsid(0), id: netnsId(200) }],
  })
  const closed = netns(200, 'closed', { links: { unknown: 'permission denied' } })
  const peer = peers([host, closed]).peerOf(netnsId(100), 9)
  expect(peer).toMatchObject({ netns: '200', ifindex: 2, candidates: [] })
  expect(peer).toHaveProperty('unknown', expect.stringContaining('permission denied'))
})

test('a link that points elsewhere is not taken for the peer', () => {
  const host = netns(100, 'host', {
    links: [
      link('veth', { ifindex: 5, name: 'stale', lower: { ifindex: 2, nsid: nsid(0) } }),
      link('veth', { ifindex: 6, name: 'real', lower: { ifindex: 2, nsid: nsid(0) } }),
    ],
    nsids: [{ nsid: nsid(0), id: netnsId(200) }],
  })
  const container = netns(200, 'c', {
    links: [link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex: 6, nsid: nsid(0) } })],
    nsids: [{ nsid: nsid(0), id: netnsId(100) }],
  })
  const { peerOf } = peers([host, container])
  expect(peerOf(netnsId(100), 5)).toMatchObject({ candidates: [{ netns: '200', ifindex: 2, name: 'eth0' }] })
  expect(peerOf(netnsId(100), 6)).toMatchObject({ netns: '200', ifindex: 2 })
})

/** A World whose namespaces were read at different moments, with links that were moved in between. */
function torn(hostTable: boolean): readonly Netns[] {
  const end = (ino: number, ifindex: number, far: number): Netns =>
    netns(ino, `n${ino}`, {
      links: [link('veth', { ifindex, name: 'eth0', lower: { ifindex: far, nsid: nsid(0) } })],
      nsids: [{ nsid: nsid(0), id: netnsId(100) }],
    })
  const host = netns(100, 'host', {
    links: [link('veth', { ifindex: 5, name: 'v5', lower: { ifindex: 2, nsid: nsid(1) } })],
    nsids: hostTable ? [{ nsid: nsid(1), id: netnsId(200) }] : [],
  })
  return [host, end(200, 2, 5), end(300, 2, 5), end(400, 3, 5)]
}

test('of several links that claim the same peer the one is taken that it names itself', () => {
  const { peerOf } = peers(torn(true))
  expect(peerOf(netnsId(100), 5)).toMatchObject({ netns: '200', ifindex: 2 })
  expect(peerOf(netnsId(200), 2)).toMatchObject({ netns: '100', ifindex: 5 })
  for (const [netns, ifindex] of [
    ['300', 2],
    ['400', 3],
  ] as const) {
    expect(isResolved(peerOf(netnsId(netns), ifindex))).toBe(false)
  }
})

test('where it names none, those whose ifindex it names are candidates, and none is taken', () => {
  const { peerOf } = peers(torn(false))
  const peer = peerOf(netnsId(100), 5)
  expect(isResolved(peer)).toBe(false)
  expect(peer).toMatchObject({ candidates: [{ netns: '200' }, { netns: '300' }] })
  for (const [netns, ifindex] of [
    ['200', 2],
    ['300', 2],
    ['400', 3],
  ] as const) {
    expect(isResolved(peerOf(netnsId(netns), ifindex))).toBe(false)
  }
  // With the rival gone the back pointer is the only one, and enough.
  const alone = peers(torn(false).filter((one) => one.id !== '300'))
  expect(alone.peerOf(netnsId(100), 5)).toMatchObject({ netns: '200', ifindex: 2 })
  expect(alone.peerOf(netnsId(200), 2)).toMatchObject({ netns: '100', ifindex: 5 })
})

test('lower devices are found in the same and in another namespace, and know what stands on them', () => {
  const host = netns(100, 'host', {
    links: [
      link('device', { ifindex: 2, name: 'eth0' }),
      link('vlan', { ifindex: 3, name: 'eth0.10', lower: { ifindex: 2, nsid: null } }),
      link('vxlan', { ifindex: 4, name: 'vx0', lower: { ifindex: 0, nsid: null } }),
    ],
  })
  const container = netns(200, 'c', {
    links: [link('macvlan', { ifindex: 7, name: 'eth0', lower: { ifindex: 2, nsid: nsid(0) } })],
    nsids: [{ nsid: nsid(0), id: netnsId(100) }],
  })
  const { lowerOf, uppersOf, peerOf } = peers([host, container])
  expect(lowerOf(netnsId(100), 3)).toMatchObject({ netns: '100', name: 'eth0' })
  expect(lowerOf(netnsId(200), 7)).toMatchObject({ netns: '100', name: 'eth0' })
  expect(lowerOf(netnsId(100), 4)).toBeNull()
  expect(peerOf(netnsId(200), 7)).toBeNull()
  expect(uppersOf(netnsId(100), 2).map((ref) => ref.name)).toEqual(['eth0.10', 'eth0'])
})

function everyEnd(world: readonly Netns[]): readonly LinkRef[] {
  return world.flatMap((each) =>
    (each.links as readonly Link[])
      .filter((one) => one.kind === 'veth')
      .map((one) => ({ netns: each.id, ifindex: one.ifindex, name: one.name })),
  )
}

test('no world makes a wrong pair, and our peer’s peer is us', () => {
  fc.assert(
    fc.property(generated, ({ world, truth, deleted }) => {
      const { peerOf } = peers(world)
      for (const end of everyEnd(world)) {
        const peer: Peer = peerOf(end.netns, end.ifindex)
        const real = truth.get(place(end)) ?? ''
        if (isResolved(peer)) {
          expect(place(peer)).toBe(real)
          expect(deleted.has(real)).toBe(false)
          expect(peerOf(peer.netns, peer.ifindex)).toMatchObject({ netns: end.netns, ifindex: end.ifindex })
          continue
        }
        expect(peer?.unknown).not.toBe('')
        if (!deleted.has(real)) expect(peer?.candidates.map(place)).toContain(real)
      }
    }),
    { numRuns: 2000 },
  )
})

test('with complete tables every pair is found', () => {
  fc.assert(
    fc.property(generated, ({ world, truth, deleted }) => {
      const ids = new Map(world.map((each) => [each.id, each]))
      // Fill in what was taken away: an nsid that a link uses leads to where its pair truly is.
      const full = world.map((each): Netns => {
        const table = new Map<number, NetnsId>()
        for (const one of each.links as readonly Link[]) {
          const real = truth.get(`${each.id} ${one.ifindex}`)?.split(' ')[0]
          if (one.lower?.nsid !== null && one.lower !== null && real !== undefined) {
            table.set(one.lower.nsid, real as NetnsId)
          }
        }
        return { ...each, nsids: [...table].map(([number, id]) => ({ nsid: nsid(number), id })) }
      })
      expect(ids.size).toBe(world.length)
      const { peerOf } = peers(full)
      for (const end of everyEnd(full)) {
        const real = truth.get(place(end)) ?? ''
        if (!deleted.has(real)) expect(isResolved(peerOf(end.netns, end.ifindex))).toBe(true)
      }
    }),
    { numRuns: 500 },
  )
})
