import { expect, test } from 'vitest'
import { mergeHidden, type HiddenSighting } from '../../../src/collect/kernel/hidden.ts'
import { netnsId, nsid, type NetnsId } from '../../../src/model/ids.ts'
import type { Link } from '../../../src/model/link.ts'
import { address, link, loopback } from '../../support/world.ts'

const host = netnsId(100)
const other = netnsId(200)

/** Its eth0 is the other end of the host's veth5, its eth1 of the other namespace's veth6. */
const inside: readonly Link[] = [
  loopback(),
  link('veth', {
    ifindex: 2,
    name: 'eth0',
    lladdr: '02:00:00:00:00:02',
    lower: { ifindex: 5, nsid: nsid(0) },
  }),
  link('veth', {
    ifindex: 3,
    name: 'eth1',
    lladdr: '02:00:00:00:00:03',
    lower: { ifindex: 6, nsid: nsid(1) },
  }),
]
const outside = new Map<NetnsId, readonly Link[]>([
  [host, [link('veth', { ifindex: 5, name: 'veth5', lower: { ifindex: 2, nsid: nsid(9) } })]],
  [other, [link('veth', { ifindex: 6, name: 'veth6', lower: { ifindex: 3, nsid: nsid(4) } })]],
])
const linksOf = (id: NetnsId) => outside.get(id) ?? []

const sighting = (seer: NetnsId, number: number, links: readonly Link[] = inside): HiddenSighting => ({
  seer,
  nsid: number,
  seen: {
    links,
    addresses: [address(2, '10.0.0.2/24')],
    nsids: [
      { nsid: nsid(0), id: null },
      { nsid: nsid(1), id: null },
    ],
  },
})

test('two that see the same links see one namespace', () => {
  const [hidden, ...more] = mergeHidden([sighting(host, 9), sighting(other, 4)], linksOf)
  expect(more).toEqual([])
  expect(hidden?.netns.id).toBe('hidden:100:9')
  expect(hidden?.seenBy).toEqual([
    { seer: host, nsid: 9 },
    { seer: other, nsid: 4 },
  ])
  expect(hidden?.netns.names).toEqual([{ name: 'hidden-9', source: 'hidden', path: null }])
  expect(hidden?.netns.readable).toMatchObject({
    unknown: expect.stringContaining('no file leads to it') as string,
  })
})

test('its own numbers follow from the links that point back by the number we came through', () => {
  const [both] = mergeHidden([sighting(host, 9), sighting(other, 4)], linksOf)
  expect(both?.netns.nsids).toEqual([
    { nsid: 0, id: host },
    { nsid: 1, id: other },
  ])
  const [wrongNumber] = mergeHidden([sighting(host, 8)], linksOf)
  expect(wrongNumber?.netns.nsids).toEqual([
    { nsid: 0, id: null },
    { nsid: 1, id: null },
  ])
})

test('other links are another namespace, and bare loopbacks prove nothing', () => {
  const moved = [loopback(), link('veth', { ifindex: 2, name: 'eth0', lladdr: '02:00:00:00:00:99' })]
  expect(mergeHidden([sighting(host, 9), sighting(other, 4, moved)], linksOf)).toHaveLength(2)
  expect(
    mergeHidden([sighting(host, 9, [loopback()]), sighting(other, 4, [loopback()])], linksOf),
  ).toHaveLength(2)
})

test('routes and the rest are unknown with the reason', () => {
  const [hidden] = mergeHidden([sighting(host, 9)], linksOf)
  for (const table of ['routes', 'policyRules', 'neighbours', 'fdb'] as const) {
    expect(hidden?.netns[table]).toHaveProperty('unknown')
  }
  expect(hidden?.netns.addresses).toHaveLength(1)
})
