import { expect, test } from 'vitest'
import { checkFact } from '../../../src/change/check/check-fact.ts'
import { sayDifference } from '../../../src/change/check/say-difference.ts'
import type { Files } from '../../../src/change/check/seen.ts'
import { isUnknown, unknown } from '../../../src/model/known.ts'
import type { FdbEntry, Neighbour } from '../../../src/model/neighbour.ts'
import type { Inet6Conf, InetConf } from '../../../src/model/link.ts'
import type { NetnsDetails } from '../../../src/model/netns.ts'
import type { Fact } from '../../../src/model/plan.ts'
import { chain } from '../../support/ruleset.ts'
import { address, link, loopback, netns, port, route, world } from '../../support/world.ts'

const inet = { forwarding: 1, rpFilter: 2, routeLocalnet: 0 } as InetConf
const inet6 = { disableIpv6: 1 } as Inet6Conf

const neighbour = (fields: Partial<Neighbour>): Neighbour => ({
  ifindex: 4,
  family: 'inet',
  dst: '172.19.0.9',
  lladdr: '02:00:00:00:00:09',
  state: 'PERMANENT',
  flags: [],
  used: null,
  confirmed: null,
  updated: null,
  ...fields,
})

const fdb = (fields: Partial<FdbEntry>): FdbEntry => ({
  ifindex: 4,
  lladdr: '02:00:00:00:00:09',
  vlan: null,
  master: null,
  dst: null,
  vni: null,
  port: null,
  via: null,
  state: 'permanent',
  flags: [],
  nexthopId: null,
  ...fields,
})

const host = netns(100, 'host', {
  names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
  links: [
    loopback(),
    link('bridge', {
      ifindex: 4,
      name: 'lab0',
      alias: 'vethscope:lab0',
      lladdr: '02:42:00:00:00:01',
      mtu: 1450,
    }),
    link('veth', { ifindex: 5, name: 'veth.100', master: 4, port: { ...port, isolated: true }, inet, inet6 }),
  ],
  addresses: [address(4, '172.19.0.1/16'), address(4, 'fd00::1/64')],
  routes: [
    route({ dst: 'default', gateway: '172.19.0.254', oif: 4 }),
    route({
      dst: '10.9.0.0/16',
      table: 100,
      metric: 7,
      nexthops: [hop(4, '172.19.0.7'), hop(5, '172.19.0.8')],
    }),
    route({ dst: 'fd01::/64', family: 'inet6', gateway: 'fd00::2', oif: 4, metric: 1024 }),
    route({ dst: '10.8.0.1/32', gateway: '172.19.0.254', oif: 4, cached: true }),
  ],
  neighbours: [neighbour({}), neighbour({ dst: '172.19.0.10', state: 'REACHABLE' })],
  fdb: [
    fdb({}),
    fdb({ lladdr: '02:00:00:00:00:0a', state: '' }),
    fdb({ ifindex: 5, lladdr: '00:00:00:00:00:00', dst: '192.0.2.1' }),
  ],
  details: {
    sysctls: { 'ipv4.ip_forward': '1', 'ipv4.ip_local_port_range': '32768 60999' },
  } as unknown as NetnsDetails,
  firewall: {
    generation: 1,
    tables: [
      {
        backend: 'nft',
        family: 'ip',
        name: 'vethscope',
        handle: 1,
        flags: [],
        sets: [],
        flowtables: [],
        chains: [chain('nat', [{}, {}]), chain('drops', [])],
      },
      {
        backend: 'iptables-nft',
        family: 'ip',
        name: 'filter',
        handle: 2,
        flags: [],
        sets: [],
        flowtables: [],
        chains: [chain('FORWARD', [{ comment: 'vethscope:lab0' }])],
      },
    ],
    unread: [
      {
        backend: 'iptables-legacy',
        family: null,
        table: null,
        unknown: 'no iptables-legacy-save',
        hint: null,
      },
    ],
    ipsets: [],
    ipvs: [],
  },
})

function hop(oif: number, gateway: string) {
  return { oif, gateway, weight: 1, flags: [] }
}

const web = netns(200, 'web', { links: unknown('permission denied') })
const seen = world([host, web])
const files: Files = new Map<string, string | null>([
  ['/run/x', 'text\n'],
  ['/run/none', null],
])
const more: Files = new Map([
  ...files,
  ['/run', { is: 'folder', isEmpty: false }],
  ['/empty', { is: 'folder', isEmpty: true }],
  ['/run/link', { is: 'other' }],
])

const at = 'host'
const to = { kind: 'route', at, table: 254, via: null, link: null, metric: null, there: true } as const
const inChain = {
  kind: 'rule',
  at,
  backend: 'iptables-nft',
  family: 'ip',
  table: 'filter',
  chain: 'FORWARD',
  there: true,
} as const

const holds: readonly Fact[] = [
  { kind: 'netns', name: 'web', there: true },
  { kind: 'netns', name: 'db', there: false },
  {
    kind: 'link',
    at,
    name: 'lab0',
    there: true,
    is: {
      kind: 'bridge',
      up: true,
      mtu: 1450,
      master: null,
      alias: 'vethscope:lab0',
      lladdr: '02:42:00:00:00:01',
    },
  },
  {
    kind: 'link',
    at,
    name: 'veth.100',
    there: true,
    is: { master: 'lab0', isolated: true, hairpin: false, alias: null },
  },
  { kind: 'link', at, name: 'lab1', there: false },
  { kind: 'link', at: '/run/netns/db', name: 'eth0', there: false },
  { kind: 'address', at, link: 'lab0', address: '172.19.0.1/16', there: true },
  { kind: 'address', at, link: 'lab0', address: 'FD00:0::1/64', there: true },
  { kind: 'address', at, link: 'lab0', address: '172.19.0.1/24', there: false },
  { kind: 'address', at, link: 'gone', address: '172.19.0.1/24', there: false },
  { ...to, destination: 'default' },
  { ...to, destination: '0.0.0.0/0', metric: 0, via: '172.19.0.254', link: 'lab0' },
  { ...to, destination: '::/0', there: false },
  { ...to, destination: 'default', via: 'fd00::2', there: false },
  { ...to, destination: '10.9.0.0/16', table: 100, via: '172.19.0.8', link: 'veth.100', metric: 7 },
  { ...to, destination: '10.9.0.0/16', table: 100, via: '172.19.0.8', link: 'lab0', there: false },
  { ...to, destination: 'fd01:0:0::/64', via: 'FD00::2' },
  { ...to, destination: '10.8.0.1/32', there: false },
  { kind: 'neighbour', at, link: 'lab0', address: '172.19.0.9', lladdr: '02:00:00:00:00:09', there: true },
  { kind: 'neighbour', at, link: 'lab0', address: '172.19.0.10', lladdr: null, there: false },
  { kind: 'fdb', at, link: 'lab0', lladdr: '02:00:00:00:00:09', dst: null, there: true },
  { kind: 'fdb', at, link: 'lab0', lladdr: '02:00:00:00:00:0a', dst: null, there: false },
  { kind: 'fdb', at, link: 'veth.100', lladdr: '00:00:00:00:00:00', dst: '192.0.2.1', there: true },
  { kind: 'sysctl', at, name: 'ipv4.ip_forward', value: '1' },
  { kind: 'sysctl', at, name: 'ipv4.ip_local_port_range', value: '32768\t60999\n' },
  { kind: 'sysctl', at, name: 'ipv4.conf.veth.100.rp_filter', value: '2' },
  { kind: 'sysctl', at, name: 'ipv6.conf.veth.100.disable_ipv6', value: '1' },
  { kind: 'file', path: '/run/x', text: 'text\n' },
  { kind: 'file', path: '/run/none', text: null },
  { kind: 'folder', path: '/run', there: true },
  { kind: 'folder', path: '/run/none', there: false },
  { kind: 'folder', path: '/run/none', there: false, orUsed: true },
  { ...inChain, comment: 'vethscope:lab0' },
  { ...inChain, chain: 'DOCKER-USER', comment: 'vethscope:lab0', there: false },
  { kind: 'nft-table', at, family: 'ip', name: 'vethscope', rules: { nat: 2, drops: 0 } },
  { kind: 'nft-table', at, family: 'ip6', name: 'vethscope', rules: null },
  { kind: 'nft-table', at: 'ino:999', family: 'ip6', name: 'vethscope', rules: null },
]

test.each(holds)('holds: %j', (fact) => {
  expect(checkFact(fact, seen, more)).toBe(true)
  // What is there cannot also be absent, and the other way round.
  if ('there' in fact) expect(checkFact({ ...fact, there: !fact.there }, seen, more)).toBe(false)
})

const differs: readonly (readonly [Fact, string])[] = [
  [{ kind: 'netns', name: 'db', there: true }, 'there is no netns db'],
  [{ kind: 'netns', name: 'web', there: false }, 'netns web is there'],
  [{ kind: 'link', at: '/run/netns/db', name: 'eth0', there: true }, 'there is no netns db'],
  [{ kind: 'link', at, name: 'lab1', there: true }, 'link lab1 is not in host'],
  [{ kind: 'link', at, name: 'lab0', there: false }, 'link lab0 is in host'],
  [
    { kind: 'link', at, name: 'lab0', there: true, is: { mtu: 1500, up: false } },
    'link lab0 in host has up true, not false and mtu 1450, not 1500',
  ],
  [
    { kind: 'link', at, name: 'veth.100', there: true, is: { master: 'lab1' } },
    'link veth.100 in host has master lab0, not lab1',
  ],
  [
    { kind: 'address', at, link: 'lab0', address: '172.19.0.2/16', there: true },
    'address 172.19.0.2/16 is not on lab0 in host',
  ],
  [
    { kind: 'address', at, link: 'lab0', address: '172.19.0.1/16', there: false },
    'address 172.19.0.1/16 is on lab0 in host',
  ],
  [
    { ...to, destination: '10.1.0.0/16', via: '192.0.2.1', link: 'lab0' },
    'route 10.1.0.0/16 via 192.0.2.1 dev lab0 is not in host',
  ],
  [
    { kind: 'neighbour', at, link: 'lab0', address: '172.19.0.9', lladdr: '02:00:00:00:00:01', there: true },
    'neighbour 172.19.0.9 lladdr 02:00:00:00:00:01 is not on lab0 in host',
  ],
  [{ kind: 'sysctl', at, name: 'ipv4.ip_forward', value: '0' }, 'ipv4.ip_forward is 1 in host, not 0'],
  [
    { kind: 'sysctl', at, name: 'ipv4.conf.gone.forwarding', value: '0' },
    'ipv4.conf.gone.forwarding is not there in host',
  ],
  [{ kind: 'file', path: '/run/x', text: 'other' }, '/run/x holds something else'],
  [{ kind: 'file', path: '/run/x', text: null }, '/run/x is there'],
  [{ kind: 'file', path: '/run/none', text: 'a' }, '/run/none is not there'],
  [{ kind: 'file', path: '/run/link', text: 'a' }, '/run/link is no regular file'],
  [{ kind: 'file', path: '/run/link', text: null }, '/run/link is there'],
  [{ kind: 'folder', path: '/run/x', there: true }, 'there is no folder /run/x'],
  [{ kind: 'folder', path: '/run', there: false }, '/run is there'],
  [{ kind: 'folder', path: '/empty', there: false, orUsed: true }, '/empty is there'],
  [
    { ...inChain, comment: 'other' },
    'rule "other" is not in chain FORWARD of ip filter (iptables-nft) in host',
  ],
  [
    { kind: 'nft-table', at, family: 'ip', name: 'vethscope', rules: { nat: 3, drops: 0 } },
    'chain nat of nft table ip vethscope in host has 2 rules, not 3',
  ],
  [
    { kind: 'nft-table', at, family: 'ip', name: 'vethscope', rules: { nat: 2 } },
    'nft table ip vethscope in host also has chain drops',
  ],
  [
    { kind: 'nft-table', at, family: 'ip', name: 'vethscope', rules: null },
    'nft table ip vethscope is in host',
  ],
  [
    { kind: 'nft-table', at, family: 'inet', name: 'vethscope', rules: {} },
    'nft table inet vethscope is not in host',
  ],
]

test.each(differs)('differs: %j: %s', (fact, says) => {
  expect(checkFact(fact, seen, more)).toBe(false)
  expect(sayDifference(fact, seen, more)).toBe(says)
})

const unknowns: readonly (readonly [Fact, string])[] = [
  [
    { kind: 'link', at: '/run/netns/web', name: 'eth0', there: true },
    'cannot tell whether link eth0 is in web: the links could not be read: permission denied',
  ],
  [
    { kind: 'address', at: '/run/netns/web', link: 'eth0', address: '10.0.0.1/8', there: false },
    'cannot tell whether address 10.0.0.1/8 is not on eth0 in web: the links could not be read: permission denied',
  ],
  [
    { kind: 'sysctl', at: '/run/netns/web', name: 'ipv4.ip_forward', value: '1' },
    'cannot tell whether ipv4.ip_forward is 1 in web: the sysctls were not read',
  ],
  [
    { kind: 'sysctl', at, name: 'ipv4.tcp_syncookies', value: '1' },
    'cannot tell whether ipv4.tcp_syncookies is 1 in host: ipv4.tcp_syncookies is not among the sysctls that are read',
  ],
  [
    { ...inChain, backend: 'iptables-legacy', comment: 'x', there: false },
    'cannot tell whether rule "x" is not in chain FORWARD of ip filter (iptables-legacy) in host: no iptables-legacy-save',
  ],
  [
    { kind: 'nft-table', at: '/run/netns/web', family: 'ip', name: 'vethscope', rules: null },
    'cannot tell whether nft table ip vethscope is not there in web: the rules were not read',
  ],
  [
    { kind: 'file', path: '/elsewhere', text: null },
    'cannot tell whether /elsewhere is not there: /elsewhere was not read',
  ],
]

test.each(unknowns)('unknown: %j: %s', (fact, says) => {
  expect(isUnknown(checkFact(fact, seen, more))).toBe(true)
  expect(sayDifference(fact, seen, more)).toBe(says)
})

test('a namespace of the same path in somebody else’s mount namespace is another one', () => {
  const theirs = netns(300, 'x', {
    names: [],
    holders: {
      processes: [],
      threads: [],
      fds: [],
      sockets: [],
      mounts: [{ path: '/run/netns/db', mountNamespace: '4026530000' }],
    },
  })
  expect(checkFact({ kind: 'netns', name: 'db', there: false }, world([host, theirs]), files)).toBe(true)
})

test('a folder that may be used is as good as gone while others have something in it', () => {
  const gone = (path: string) => checkFact({ kind: 'folder', path, there: false, orUsed: true }, seen, more)
  expect([gone('/run'), gone('/empty'), gone('/run/link')]).toEqual([true, false, false])
})
