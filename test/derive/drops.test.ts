import { expect, test } from 'vitest'
import { protocolCounters } from '../../src/derive/drop-counters.ts'
import { dropsOf } from '../../src/derive/drops.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { NetnsDetails } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { link, loopback, netns, world } from '../support/world.ts'

const unread = { unknown: 'not asked' }
const details: NetnsDetails = {
  sysctls: unread,
  sockets: unread,
  qdiscs: [
    { ifindex: 2, kind: 'tbf', handle: '8001:', parent: 'root', options: '', drops: 12, backlog: 0 },
    { ifindex: 2, kind: 'noqueue', handle: '0:', parent: 'root', options: '', drops: null, backlog: null },
  ],
  filters: unread,
  xfrmPolicies: unread,
  programs: unread,
  counters: { 'Ip.InDiscards': 3, 'Ip.InReceives': 900, 'TcpExt.ListenDrops': 0 },
}
const stats = {
  rxBytes: 1,
  rxPackets: 1,
  rxErrors: 0,
  rxDropped: 4,
  rxMissed: 0,
  multicast: 0,
  rxNohandler: null,
  txBytes: 1,
  txPackets: 1,
  txErrors: 0,
  txDropped: 0,
  txCarrier: 0,
  collisions: 0,
}

function lossy(rxDropped: number, fields: Partial<World> = {}): World {
  const eth0 = link('veth', { ifindex: 2, name: 'eth0', stats: { ...stats, rxDropped } })
  const entries = ['FAILED', 'FAILED', 'REACHABLE'].map((state, at) => ({
    ifindex: 2,
    family: 'inet' as const,
    dst: `10.0.0.${at}`,
    lladdr: null,
    state,
    flags: [],
    used: null,
    confirmed: null,
    updated: null,
  }))
  return world(
    [
      netns(1, 'web', {
        links: [loopback(), eth0],
        neighbours: entries,
        details,
        conntrack: { count: 1, max: 10, stats: { insert_failed: 5, found: 9 }, entries: [] },
      }),
    ],
    { softnet: { processed: 9, dropped: 1 }, sysctls: { 'ipv4.neigh.default.gc_thresh3': '3' }, ...fields },
  )
}

const find = (found: ReturnType<typeof dropsOf>, subject: string | null, counter: string) =>
  found.drops.find((drop) => drop.subject === subject && drop.counter === counter)

test('every counter of loss, and none of the others', () => {
  const found = dropsOf(lossy(4), netnsId(1), null)
  expect(find(found, 'eth0', 'rxDropped')).toMatchObject({ group: 'link', value: 4, growth: null })
  expect(find(found, 'eth0', 'rxNohandler')).toBeUndefined()
  expect(find(found, 'eth0', 'rxPackets')).toBeUndefined()
  expect(find(found, 'eth0', 'tbf 8001:')).toMatchObject({ group: 'qdisc', value: 12 })
  expect(found.drops.filter(({ group }) => group === 'qdisc')).toHaveLength(1)
  expect(find(found, null, 'Ip.InDiscards')).toMatchObject({ group: 'protocol', value: 3 })
  expect(find(found, null, 'TcpExt.ListenDrops')).toMatchObject({ value: 0 })
  expect(find(found, null, 'Ip.InReceives')).toBeUndefined()
  expect(find(found, null, 'insert_failed')).toMatchObject({ group: 'conntrack', value: 5 })
  expect(find(found, null, 'found')).toBeUndefined()
  expect(find(found, null, 'dropped')).toMatchObject({ group: 'softnet', value: 1 })
  expect(find(found, null, 'FAILED')).toMatchObject({ group: 'neighbour', value: 2 })
  // As many as gc_thresh3 allows.
  expect(find(found, null, 'IPv4 table')).toMatchObject({ value: 3 })
  expect(found.unread).toEqual([])
})

test('growth between two looks; a link that was made anew did not shrink', () => {
  const grown = dropsOf(lossy(9), netnsId(1), lossy(4))
  expect(find(grown, 'eth0', 'rxDropped')?.growth).toBe(5)
  expect(find(grown, null, 'Ip.InDiscards')?.growth).toBe(0)
  expect(find(dropsOf(lossy(1), netnsId(1), lossy(4)), 'eth0', 'rxDropped')?.growth).toBe(0)
})

test('what could not be read is a reason, never a 0', () => {
  const refused = { unknown: 'permission denied' }
  const given = world([netns(1, 'web', { links: refused, neighbours: refused })], { softnet: refused })
  const { drops, unread } = dropsOf(given, netnsId(1), null)
  expect(drops).toEqual([])
  expect(unread).toEqual([
    { what: 'link', reason: 'permission denied' },
    { what: 'qdisc', reason: 'was not read' },
    { what: 'protocol', reason: 'was not read' },
    { what: 'conntrack', reason: 'was not read' },
    { what: 'neighbour', reason: 'permission denied' },
    { what: 'softnet', reason: 'permission denied' },
  ])
})

test('the counters are named as the files of the kernel have them', () => {
  for (const name of Object.keys(protocolCounters)) {
    expect(name).toMatch(/^(Ip|Icmp|Tcp|Udp|TcpExt|IpExt|Ip6|Icmp6|Udp6)\.[A-Z][A-Za-z0-9]+$/)
  }
})
