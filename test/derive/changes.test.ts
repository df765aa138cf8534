import { expect, test } from 'vitest'
import { changes } from '../../src/derive/changes.ts'
import type { Link } from '../../src/model/link.ts'
import type { Netns } from '../../src/model/netns.ts'
import { address, link, loopback, netns, port, route } from '../support/world.ts'

const at = '2026-11-21T14:01:10.000Z'

/** The sentences, as the screen has them. */
function says(before: Netns | null, after: Netns | null): readonly string[] {
  return changes(before, after, at, () => 'host').map((one) => `${one.subject} ${one.says}`)
}

const bridge = link('bridge', { ifindex: 4, name: 'docker0' })
const veth = { ifindex: 5, name: 'veth8c1', master: 4, port } as const
function host(links: readonly Link[], fields: Partial<Netns> = {}): Netns {
  return netns(100, 'host', { links, ...fields })
}

test('a namespace appears and goes', () => {
  const one = host([])
  expect(changes(null, one, at, () => 'web')).toEqual([
    { at, netns: '100', netnsName: 'web', subject: 'web', ifindex: null, says: 'appeared' },
  ])
  expect(says(one, null)).toEqual(['host is gone'])
  expect(says(null, null)).toEqual([])
  expect(says(one, one)).toEqual([])
})

test.each<[string, Partial<Link>, Partial<Link>, readonly string[]]>([
  ['loses its bridge', {}, { master: null, port: null }, ['veth8c1 lost master docker0']],
  ['gets a bridge', { master: null, port: null }, {}, ['veth8c1 got master docker0']],
  ['is set down', {}, { flags: ['BROADCAST'], operstate: 'DOWN' }, ['veth8c1 DOWN (was UP)']],
  ['loses carrier', {}, { operstate: 'DOWN' }, ['veth8c1 NO-CARRIER (was UP)']],
  ['gets another mtu', {}, { mtu: 1400 }, ['veth8c1 mtu 1500→1400']],
  ['is renamed', {}, { name: 'vethnew' }, ['vethnew was renamed from veth8c1']],
  ['gets an alias', {}, { alias: 'x' }, ['veth8c1 alias none→x']],
  [
    'is blocked by the bridge',
    {},
    { port: { ...port, state: 'blocking' } },
    ['veth8c1 port forwarding→blocking'],
  ],
  [
    'is set down, so that its bridge disables it',
    {},
    { flags: ['BROADCAST'], operstate: 'DOWN', port: { ...port, state: 'disabled' } },
    ['veth8c1 DOWN (was UP)'],
  ],
  [
    'is disabled by somebody',
    {},
    { port: { ...port, state: 'disabled' } },
    ['veth8c1 port forwarding→disabled'],
  ],
  ['counts', {}, { carrierUpCount: 99, promiscuity: 3 }, []],
])('a link %s', (_what, before, after, expected) => {
  const one = host([loopback(), bridge, link('veth', { ...veth, ...(before as object) })])
  const two = host([loopback(), bridge, link('veth', { ...veth, ...(after as object) })])
  expect(says(one, two)).toEqual(expected)
})

test('links come and go; what goes with them is not told apart', () => {
  const one = host([bridge, link('veth', veth)], {
    addresses: [address(5, '10.0.0.1/24')],
    routes: [
      route({ dst: '10.0.0.0/24', oif: 5, protocol: 'kernel' }),
      route({ dst: '10.5.0.0/16', oif: 5 }),
    ],
  })
  const two = host([bridge])
  expect(says(one, two)).toEqual(['veth8c1 removed'])
  expect(says(two, one)).toEqual([
    'veth8c1 added (veth)',
    'veth8c1 address 10.0.0.1/24 added',
    'route 10.5.0.0/16 dev veth8c1 added',
  ])
})

test('an ifindex that another link uses again is not a rename', () => {
  const one = host([link('veth', { ...veth, lladdr: '02:00:00:00:00:01' })])
  const two = host([link('veth', { ...veth, name: 'vethother', lladdr: '02:00:00:00:00:02' })])
  expect(says(one, two)).toEqual(['veth8c1 removed', 'vethother added (veth)'])
})

test('a link-local address is news only where somebody else than the kernel gave it', () => {
  const linkLocal = (protocol: string | null) =>
    host([bridge], { addresses: [address(4, 'fe80::1/64', { scope: 'link', protocol })] })
  expect(says(host([bridge]), linkLocal('kernel_ll'))).toEqual([])
  expect(says(linkLocal(null), host([bridge]))).toEqual([])
  expect(says(host([bridge]), linkLocal('200'))).toEqual(['docker0 address fe80::1/64 added'])
})

test('addresses and routes that change on a link that stays', () => {
  const base = {
    addresses: [address(4, '172.17.0.1/16')],
    routes: [route({ dst: 'default', gateway: '172.17.0.254', oif: 4 })],
  }
  const one = host([bridge], base)
  expect(says(one, host([bridge], { ...base, addresses: [] }))).toEqual([
    'docker0 address 172.17.0.1/16 removed',
  ])
  expect(says(one, host([bridge], { ...base, routes: [] }))).toEqual([
    'route default via 172.17.0.254 dev docker0 removed',
  ])
  const counted = host([bridge], {
    ...base,
    routes: base.routes.map((each) => ({ ...each, expires: 5, flags: ['linkdown'] })),
  })
  expect(says(one, counted)).toEqual([])
  const duplicate = host([bridge], {
    ...base,
    addresses: base.addresses.map((each) => ({ ...each, flags: ['dadfailed'] })),
  })
  expect(says(one, duplicate)).toEqual(['docker0 address 172.17.0.1/16 is a duplicate (dadfailed)'])
})

test('neighbours, FDB entries and local routes are no news', () => {
  const neighbour = {
    ifindex: 4,
    family: 'inet',
    dst: '172.17.0.9',
    lladdr: null,
    state: 'FAILED',
    flags: [],
    used: 1,
    confirmed: 1,
    updated: 1,
  } as const
  expect(says(host([bridge]), host([bridge], { neighbours: [neighbour] }))).toEqual([])
  expect(
    says(host([bridge]), host([bridge], { routes: [route({ dst: '10.0.0.1', table: 255, type: 'local' })] })),
  ).toEqual([])
})

test('a table that could not be read is neither empty nor new', () => {
  const one = host([bridge], { addresses: [address(4, '172.17.0.1/16')] })
  const closed: Netns = {
    ...one,
    links: { unknown: 'EPERM' },
    addresses: { unknown: 'EPERM' },
    readable: { unknown: 'EPERM' },
  }
  expect(says(one, closed)).toEqual(['host cannot be read any more: EPERM'])
  expect(says(closed, one)).toEqual(['host can be read again'])
})

const details = (sysctls: Readonly<Record<string, string>>): Netns['details'] => ({
  sysctls,
  sockets: [],
  qdiscs: [],
  filters: [],
  xfrmPolicies: [],
  programs: [],
  counters: {},
})

test('sysctls are compared where both looks read them', () => {
  const one = host([], { details: details({ 'ipv4.ip_forward': '1', 'netfilter.nf_conntrack_count': '5' }) })
  const two = host([], { details: details({ 'ipv4.ip_forward': '0', 'netfilter.nf_conntrack_count': '6' }) })
  expect(says(one, two)).toEqual(['ip_forward 1→0'])
  const all = (value: string): Netns =>
    host([link('device', { ifindex: 2, name: 'eth0' }), link('device', { ifindex: 3, name: 'eth1' })], {
      details: details({
        'ipv4.ip_forward': value,
        'ipv4.conf.all.forwarding': value,
        'ipv4.conf.default.forwarding': value,
      }),
    })
  expect(says(all('1'), all('0'))).toEqual(['ip_forward 1→0'])
  const single = host([], { details: details({ 'ipv4.ip_forward': '1', 'ipv4.conf.all.forwarding': '0' }) })
  expect(says(all('1'), { ...single, links: all('1').links })).toEqual(['ipv4.conf.all.forwarding 1→0'])
  expect(says(one, host([]))).toEqual([])
})

test('forwarding of all links at once is one change', () => {
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
  const links = (forwarding: number): readonly Link[] => [
    link('device', { ifindex: 2, name: 'eth0', inet: { ...conf, forwarding } }),
    link('device', { ifindex: 3, name: 'eth1', inet: { ...conf, forwarding } }),
  ]
  expect(says(host(links(1)), host(links(0)))).toEqual(['forwarding 1→0'])
  const written = (value: 0 | 1): Netns =>
    host(links(value), { details: details({ 'ipv4.ip_forward': String(value) }) })
  expect(says(written(1), written(0))).toEqual(['ip_forward 1→0'])
  const [first] = links(0)
  const [, second] = links(1)
  expect(says(host(links(1)), host([first!, second!]))).toEqual(['eth0 forwarding 1→0'])
})
