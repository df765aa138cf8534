/** What test/live/route.test.ts cannot ask this kernel: vrfs, tables that could not be read, routers that do not answer. */
import { expect, test } from 'vitest'
import { predictRoute } from '../../src/derive/route.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { PolicyRule } from '../../src/model/route.ts'
import { address, link, loopback, netns, policyRule, route, usualRules } from '../support/world.ts'

function rule(priority: number, fields: Partial<PolicyRule> = {}): PolicyRule {
  return policyRule({ priority, ...fields })
}

function host(fields: Partial<Netns> = {}): Netns {
  return netns(100, 'host', {
    links: [
      loopback(),
      link('device', { ifindex: 2, name: 'eth0' }),
      link('device', { ifindex: 3, name: 'eth1' }),
    ],
    addresses: [address(2, '192.0.2.2/24'), address(3, '10.0.0.1/8')],
    policyRules: usualRules,
    routes: [
      route({ dst: 'default', gateway: '192.0.2.1', oif: 2 }),
      route({ dst: '192.0.2.0/24', oif: 2, scope: 'link', protocol: 'kernel', prefSrc: '192.0.2.2' }),
    ],
    ...fields,
  })
}

test('what came in without a source: not known rather than dropped, and what to add', () => {
  for (const iif of ['lo', 'eth1']) {
    const { verdict, reason } = predictRoute(host(), { dst: '8.8.8.8', iif })
    expect(verdict).toBe('unknown')
    expect(reason).toBe(
      `whether ${iif} takes it depends on its source (martian source): add from and an address`,
    )
  }
})

test('in words: rule, table, way, neighbour, source', () => {
  const neighbours = [
    {
      ifindex: 2,
      family: 'inet' as const,
      dst: '192.0.2.1',
      lladdr: '52:54:00:00:00:01',
      state: 'REACHABLE',
      flags: [],
      used: null,
      confirmed: null,
      updated: null,
    },
  ]
  const answer = predictRoute(host({ neighbours }), { dst: '8.8.8.8' })
  expect(answer.steps).toEqual([
    'this namespace sends to 8.8.8.8',
    'rule 0: from all lookup local: table local has nothing for it',
    'rule 32766: from all lookup main',
    'table main: default via 192.0.2.1 dev eth0',
    'out by eth0 by way of 192.0.2.1; neighbour 192.0.2.1 52:54:00:00:00:01 REACHABLE',
    "source 192.0.2.2: the address of eth0 in the gateway's network 192.0.2.2/24",
  ])
  expect(answer).toMatchObject({ verdict: 'unicast', table: 254, source: { address: '192.0.2.2' } })
})

test.each<[string, Partial<Netns>]>([
  ['routes', { routes: { unknown: 'EPERM' } }],
  ['policy rules', { policyRules: { unknown: 'EPERM' } }],
  ['links', { links: { unknown: 'EPERM' } }],
])('%s that could not be read make it unknown, with the reason', (what, fields) => {
  const answer = predictRoute(host(fields), { dst: '8.8.8.8' })
  expect(answer.verdict).toBe('unknown')
  expect(answer.reason).toContain(what)
  expect(answer.reason).toContain('EPERM')
})

test('nexthop objects that could not be read make only their routes unknown', () => {
  const routes = [
    route({ dst: '10.0.0.0/8', nexthopId: 7 }),
    route({ dst: 'default', gateway: '192.0.2.1', oif: 2 }),
  ]
  const one = host({ routes, nexthopObjects: { unknown: 'EPERM' } })
  expect(predictRoute(one, { dst: '10.1.1.1' })).toMatchObject({ verdict: 'unknown', reason: 'EPERM' })
  expect(predictRoute(one, { dst: '8.8.8.8' })).toMatchObject({ verdict: 'unicast' })
})

test('addresses and neighbours that could not be read are told apart from none', () => {
  const answer = predictRoute(host({ addresses: { unknown: 'EPERM' }, neighbours: { unknown: 'EACCES' } }), {
    dst: '8.8.8.8',
  })
  expect(answer.verdict).toBe('unicast')
  expect(answer.source).toEqual({ address: null, why: 'not known: EPERM' })
  expect(answer.ways[0]?.neighbour).toEqual({ unknown: 'EACCES' })
})

test('what is forwarded is unknown where the sysctls that decide were not read', () => {
  const query = { dst: '8.8.8.8', from: '10.0.0.9', iif: 'eth1' }
  expect(predictRoute(host(), query)).toMatchObject({ verdict: 'unknown', route: { dst: 'default' } })
  expect(predictRoute(host(), query).reason).toContain('forwarding')
})

test('no rule that leads to a route: none', () => {
  expect(predictRoute(host({ routes: [] }), { dst: '8.8.8.8' })).toMatchObject({ verdict: 'none' })
  expect(predictRoute(host({ policyRules: [] }), { dst: '192.0.2.9' })).toMatchObject({ verdict: 'none' })
})

test('a vrf has its own table, by its own name or by a link in it', () => {
  const one = host({
    links: [
      loopback(),
      link('device', { ifindex: 2, name: 'eth0' }),
      link('device', { ifindex: 3, name: 'eth1', master: 9, slaveKind: 'vrf' }),
      link('vrf', { ifindex: 9, name: 'red', vrf: { table: 10 } }),
    ],
    policyRules: [...usualRules, rule(1000, { l3mdev: true, table: null })],
    routes: [
      route({ dst: 'default', gateway: '192.0.2.1', oif: 2 }),
      route({ dst: 'default', gateway: '10.0.0.254', oif: 3, table: 10 }),
    ],
  })
  expect(predictRoute(one, { dst: '8.8.8.8' })).toMatchObject({ table: 254, ways: [{ link: 'eth0' }] })
  expect(predictRoute(one, { dst: '8.8.8.8', oif: 'red' })).toMatchObject({
    table: 10,
    ways: [{ link: 'eth1' }],
  })
  expect(predictRoute(one, { dst: '8.8.8.8', oif: 'eth1' })).toMatchObject({
    table: 10,
    ways: [{ link: 'eth1' }],
  })
})

test('a host passes over an IPv6 router that does not answer, a router does not', () => {
  const failed = {
    ifindex: 2,
    family: 'inet6' as const,
    dst: 'fd00:1::1',
    lladdr: null,
    state: 'FAILED',
    flags: [],
    used: null,
    confirmed: null,
    updated: null,
  }
  const one = (forwarding: string | null): Netns =>
    host({
      policyRules: usualRules.map((each) => ({ ...each, family: 'inet6' as const })),
      routes: [
        route({ dst: '2001:db8::/32', gateway: 'fd00:1::1', oif: 2, metric: 1024 }),
        route({ family: 'inet6', dst: 'default', gateway: 'fd00:2::1', oif: 3, metric: 1024 }),
      ],
      neighbours: [failed],
      details:
        forwarding === null
          ? null
          : {
              sysctls: { 'ipv6.conf.all.forwarding': forwarding },
              sockets: [],
              qdiscs: [],
              filters: [],
              xfrmPolicies: [],
              programs: [],
              counters: {},
            },
    })
  expect(predictRoute(one('0'), { dst: '2001:db8::1' })).toMatchObject({ ways: [{ gateway: 'fd00:2::1' }] })
  expect(predictRoute(one('1'), { dst: '2001:db8::1' })).toMatchObject({ ways: [{ gateway: 'fd00:1::1' }] })
  expect(predictRoute(one(null), { dst: '2001:db8::1' })).toMatchObject({ verdict: 'unknown' })
})

test('of one prefix the tos goes before the metric, in whatever order they were read', () => {
  const one = host({
    routes: [
      route({ dst: '10.0.0.0/8', gateway: '192.0.2.3', oif: 2, metric: 5 }),
      route({ dst: '10.0.0.0/8', gateway: '192.0.2.4', oif: 2, metric: 9, tos: 0x10 }),
      route({ dst: '10.0.0.0/8', gateway: '192.0.2.5', oif: 2, metric: 1 }),
    ],
  })
  expect(predictRoute(one, { dst: '10.9.9.9' }).ways[0]?.gateway).toBe('192.0.2.5')
  expect(predictRoute(one, { dst: '10.9.9.9', tos: 0x10 }).ways[0]?.gateway).toBe('192.0.2.4')
})

test('a route that knows only its nexthop object follows that', () => {
  const object = {
    id: 7,
    family: 'inet',
    oif: 2,
    gateway: '192.0.2.7',
    blackhole: false,
    fdb: false,
    group: [],
    flags: ['linkdown'],
    protocol: 'static',
    scope: 'global',
  }
  const one = (fields: object, details: Netns['details']): Netns =>
    host({
      routes: [route({ dst: 'default', nexthopId: 7 })],
      nexthopObjects: [{ ...object, ...fields }],
      details,
    })
  const sysctls = (value: string): Netns['details'] => ({
    sysctls: {
      'ipv4.conf.eth0.ignore_routes_with_linkdown': value,
      'ipv4.conf.all.ignore_routes_with_linkdown': '0',
    },
    sockets: [],
    qdiscs: [],
    filters: [],
    xfrmPolicies: [],
    programs: [],
    counters: {},
  })
  const ask = (netns: Netns) => predictRoute(netns, { dst: '8.8.8.8' })
  expect(ask(one({}, sysctls('0')))).toMatchObject({ verdict: 'unicast', ways: [{ gateway: '192.0.2.7' }] })
  expect(ask(one({}, sysctls('1')))).toMatchObject({ verdict: 'none' })
  expect(ask(one({}, null))).toMatchObject({ verdict: 'unknown' })
  expect(ask(one({ blackhole: true }, null))).toMatchObject({ verdict: 'blackhole' })
})

test('several ways are all told, with their weights, and each with its source', () => {
  const nexthops = [
    { oif: 2, gateway: '192.0.2.1', weight: 3, flags: [] },
    { oif: 3, gateway: '10.0.0.254', weight: 1, flags: [] },
  ]
  const answer = predictRoute(host({ routes: [route({ dst: 'default', nexthops })] }), { dst: '8.8.8.8' })
  expect(answer.ways.map(({ link, weight, source }) => [link, weight, source])).toEqual([
    ['eth0', 3, '192.0.2.2'],
    ['eth1', 1, '10.0.0.1'],
  ])
  expect(answer.source).toEqual({ address: null, why: 'depends on which way the packet takes' })
})

test('what the kernel has learnt for one destination is told', () => {
  const learnt = route({ dst: '8.8.8.8', gateway: '192.0.2.1', oif: 2, cached: true, mtu: 1400 })
  const answer = predictRoute(
    host({ routes: [route({ dst: 'default', gateway: '192.0.2.1', oif: 2 }), learnt] }),
    { dst: '8.8.8.8' },
  )
  expect(answer.route?.dst).toBe('default')
  expect(answer.steps.at(-1)).toContain('mtu 1400')
})

test.each([
  [{ dst: 'nonsense' }, 'not an address'],
  [{ dst: '8.8.8.8', from: 'fd00::1' }, 'different families'],
  [{ dst: '8.8.8.8', iif: 'nolink' }, 'no link "nolink"'],
])('a question that makes no sense is not answered: %j', (query, reason) => {
  const answer = predictRoute(host(), query)
  expect(answer.verdict).toBe('unknown')
  expect(answer.reason).toContain(reason)
})

test('a goto that leads nowhere goes on; one that leads back is not followed for ever', () => {
  const rules = [
    rule(10, { action: 'goto', goto: 500 }),
    rule(20, { action: 'goto', goto: 10 }),
    ...usualRules,
  ]
  expect(predictRoute(host({ policyRules: rules }), { dst: '8.8.8.8' })).toMatchObject({ verdict: 'unicast' })
})
