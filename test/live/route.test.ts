/**
 * What predictRoute works out from tables that were read, against what the kernel itself answers (`ip -j route get`),
 * on a host with rules, marks, several tables, refusing routes, several ways, nexthop objects and IPv6.
 */
import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openReader } from '../../src/collect/open-reader.ts'
import { readNetns as assembled } from '../../src/collect/assemble.ts'
import type { FoundNetns } from '../../src/collect/reader.ts'
import type { RouteAnswer, RouteQuery } from '../../src/derive/route-answer.ts'
import { predictRoute } from '../../src/derive/route.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Netns } from '../../src/model/netns.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

/** The namespace `a` of the played host, read as the program reads it. */
async function readNetns(path: string): Promise<Netns> {
  const { dev, ino } = statSync(path, { bigint: true })
  const found: FoundNetns = {
    id: netnsId(ino),
    dev: Number(dev),
    ino,
    names: [{ name: 'a', source: 'named', path }],
    holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [] },
    paths: [path],
  }
  const opened = await openReader('netlink')
  if (!opened.ok) throw new Error(opened.failure.what)
  const { reader } = opened.value
  await reader.know([found])
  const read = await reader.readTables(found)
  const details = await reader.readDetails(found, [])
  reader.close()
  if ('unknown' in read) throw new Error(read.unknown)
  if ('unknown' in details) throw new Error(details.unknown)
  return { ...assembled(found, read, '0'), details }
}

type Answer = {
  readonly type?: string
  readonly dev?: string
  readonly gateway?: string
  readonly via?: { readonly host: string }
  readonly prefsrc?: string
}

/** What the kernel says: a route, or the words of its refusal. */
function askKernel(host: TestHost, query: RouteQuery): Answer | string {
  const more = [
    ...(query.from === undefined ? [] : ['from', query.from]),
    ...(query.iif === undefined ? [] : ['iif', query.iif]),
    ...(query.oif === undefined ? [] : ['oif', query.oif]),
    ...(query.mark === undefined ? [] : ['mark', String(query.mark)]),
    ...(query.tos === undefined ? [] : ['tos', `0x${query.tos.toString(16)}`]),
    ...(query.ipProto === undefined ? [] : ['ipproto', String(query.ipProto)]),
    ...(query.dport === undefined ? [] : ['dport', String(query.dport)]),
  ]
  const family = query.dst.includes(':') ? '-6' : '-4'
  const { code, stdout, stderr } = host.try([
    'ip',
    '-n',
    'a',
    family,
    '-j',
    'route',
    'get',
    query.dst,
    ...more,
  ])
  if (code !== 0) return stderr.replace('RTNETLINK answers: ', '').trim()
  return (JSON.parse(stdout) as readonly Answer[])[0] ?? 'nothing'
}

/** The kernel's refusals by what predictRoute calls them (fib_props, net/ipv4/fib_semantics.c). */
const refusals: Readonly<Record<string, readonly string[]>> = {
  // Also for a source that is not ours, which newer kernels do not call invalid.
  'Network is unreachable': ['none', 'unreachable', 'dropped'],
  'No route to host': ['unreachable', 'dropped'],
  'Permission denied': ['prohibit'],
  'Invalid argument': ['blackhole', 'dropped'],
  'Invalid cross-device link': ['dropped'],
}

function compare(kernel: Answer | string, ours: RouteAnswer): void {
  const context = JSON.stringify({ kernel, ours: { ...ours, route: ours.route?.dst }, steps: ours.steps })
  if (typeof kernel === 'string') {
    expect(refusals[kernel] ?? [`no meaning for "${kernel}"`], context).toContain(ours.verdict)
    return
  }
  expect(ours.verdict, context).toBe(kernel.type ?? 'unicast')
  if (kernel.dev === undefined) return
  const gateway = kernel.gateway ?? kernel.via?.host ?? null
  const way = ours.ways.find((one) => one.link === kernel.dev && one.gateway === gateway)
  expect(way, context).toBeDefined()
  // IPv6 prints the source it would choose even where one was given.
  if (kernel.prefsrc !== undefined && ours.source.why !== 'as asked')
    expect(way?.source, context).toBe(kernel.prefsrc)
}

describe.runIf(requires({ root: true, tools: ['ip', 'nsenter', 'unshare'] }))('predictRoute', () => {
  let host: TestHost
  let netns: Netns

  function batchIn(name: string, family: '-6' | null, lines: readonly string[]): void {
    host.run(['ip', ...(family === null ? [] : [family]), '-n', name, '-batch', '-'], {
      input: lines.join('\n') + '\n',
    })
  }

  beforeAll(async () => {
    host = await playHost('router')
    host.ip('netns add a', 'netns add b')
    batchIn('a', null, [
      'link add eth0 type veth peer name e0 netns b',
      'link add eth1 type veth peer name e1 netns b',
      'link add eth2 type veth peer name e2 netns b',
      'link add eth3 type veth peer name e3 netns b',
      'link add eth4 type veth peer name e4 netns b',
      'link set lo up',
      'link set eth0 up',
      'link set eth1 up',
      'link set eth2 up',
      'link set eth3 up',
      'link set eth4 up',
    ])
    // A nexthop object on a link without carrier is refused, so the far ends come up before the routes.
    batchIn('b', null, [
      'link set lo up',
      'link set e0 up',
      'link set e1 up',
      'link set e2 up',
      'link set e3 up',
      'link set e4 up',
    ])
    batchIn('a', null, [
      'addr add 192.0.2.2/24 dev eth0',
      'addr add 192.0.2.3/24 dev eth0',
      'addr add 10.1.0.1/16 dev eth1',
      'addr add 10.1.7.1/24 dev eth1',
      'addr add 172.20.0.1/16 dev eth2 scope link',
      'addr add 192.0.99.1/24 dev eth0',
      'addr add fd00:24:ff::1/128 dev eth1 nodad',
      'route add 10.17.0.0/16 via 172.20.0.9',
      'route add 10.18.0.0/16 via 192.0.99.9',
      'addr add 198.51.100.1/32 dev lo',
      'addr add fd00:1::2/64 dev eth0 nodad',
      'addr add fd00:2::1/64 dev eth1 nodad',
      'addr add 2001:db8:9::1/64 dev eth1 nodad',
      'route add default via 192.0.2.1',
      'route add default via 10.1.0.254 metric 50',
      'route add 10.2.0.0/16 via 10.1.0.9',
      'route add 10.2.3.0/24 via 10.1.7.9 src 10.1.0.1',
      'route add 10.2.3.128/25 dev eth2',
      'route add 10.3.0.0/16 nexthop via 10.1.0.10 weight 3 nexthop via 192.0.2.10 weight 1',
      'addr add 10.99.0.1/24 dev eth4',
      'route add 10.16.0.0/16 nexthop via 10.99.0.9 weight 9 nexthop via 192.0.2.16 weight 1',
      'link set eth4 down',
      'route add blackhole 10.4.0.0/16',
      'route add unreachable 10.5.0.0/16',
      'route add prohibit 10.6.0.0/16',
      'route add throw 10.7.0.0/16 table 100',
      'route add 10.8.0.0/16 via 192.0.2.77 table 100',
      'route add default via 192.0.2.78 table 101',
      'route add 10.9.0.0/16 tos 0x10 via 192.0.2.20',
      'route add 10.9.0.0/16 via 192.0.2.21',
      'route add 10.10.0.0/16 via inet6 fd00:1::1 dev eth0',
      'route add 10.11.0.0/16 dev eth3 scope link',
      'route add local 10.12.0.0/16 dev lo',
      'nexthop add id 1 via 192.0.2.30 dev eth0',
      'nexthop add id 2 via 10.1.0.30 dev eth1',
      'nexthop add id 3 group 1,5/2',
      'nexthop add id 4 blackhole',
      'route add 10.13.0.0/16 nhid 3',
      'route add 10.14.0.0/16 nhid 4',
      'route add 10.15.0.0/16 nhid 1',
      'rule add pref 100 fwmark 0x1/0xff lookup 101',
      'rule add pref 110 to 10.8.0.0/15 lookup 100',
      'rule add pref 111 to 10.7.0.0/16 lookup 100',
      'rule add pref 120 from 10.1.7.1 lookup 101',
      'rule add pref 130 to 203.0.113.0/24 goto 200',
      'rule add pref 140 to 203.0.113.0/24 blackhole',
      'rule add pref 200 to 203.0.113.7 prohibit',
      'rule add pref 210 to 203.0.113.8 unreachable',
      'rule add pref 220 not to 10.0.0.0/8 lookup main suppress_prefixlength 0',
      'rule add pref 230 to 8.8.8.0/24 iif eth1 lookup 101',
      'rule add pref 235 not fwmark 0/0x700 lookup 101',
      'rule add pref 245 to 198.18.0.0/15 lookup 101',
      'rule add pref 240 ipproto tcp dport 443 lookup 101',
    ])
    batchIn('a', '-6', [
      'route add default via fd00:1::1',
      'route add fd00:20::/32 via fd00:2::9',
      'route add fd00:20:1::/48 nexthop via fd00:2::10 nexthop via fd00:1::10',
      'route add blackhole fd00:21::/32',
      'route add unreachable fd00:22::/32',
      'route add prohibit fd00:23::/32',
      'route add fd00:24::/32 via fd00:1::24 metric 10',
      'route add fd00:24::/32 via fd00:2::24 metric 5',
      'route add default via fd00:1::99 table 101',
      'rule add pref 100 fwmark 0x1/0xff lookup 101',
      'rule add pref 120 from fd00:2::1 lookup 101',
      'rule add pref 130 to fd00:25::/32 prohibit',
    ])
    netns = await readNetns(host.path('/run/netns/a'))
  })
  afterAll(() => host.end())

  const destinations = [
    '192.0.2.1',
    '192.0.2.2',
    '192.0.2.255',
    '10.1.0.5',
    '10.1.7.5',
    '10.1.7.255',
    '172.20.5.5',
    '198.51.100.1',
    '127.0.0.1',
    '127.9.9.9',
    '8.8.8.8',
    '10.2.0.1',
    '10.2.3.4',
    '10.2.3.200',
    '10.3.0.1',
    '10.3.0.2',
    '10.4.0.1',
    '10.5.0.1',
    '10.6.0.1',
    '10.7.0.1',
    '10.8.0.1',
    '10.9.0.1',
    '10.10.0.1',
    '10.11.0.1',
    '10.12.3.4',
    '10.13.0.1',
    '10.14.0.1',
    '10.15.0.1',
    '10.17.0.1',
    '10.18.0.1',
    '10.16.0.1',
    '10.16.0.2',
    '10.99.0.5',
    '198.18.0.1',
    '203.0.113.7',
    '203.0.113.8',
    '203.0.113.9',
    '224.0.0.5',
    '255.255.255.255',
  ]
  const destinations6 = [
    '::1',
    'fd00:1::1',
    'fd00:1::2',
    'fd00:2::7',
    '2001:db8:9::5',
    '2001:db8:77::1',
    'fd00:20::1',
    'fd00:20:1::1',
    'fd00:21::1',
    'fd00:22::1',
    'fd00:23::1',
    'fd00:24::1',
    'fd00:25::1',
    'fd00:99::1',
  ]

  test.each([...destinations, ...destinations6].map((dst) => ({ dst })))('sends to $dst', (query) => {
    compare(askKernel(host, query), predictRoute(netns, query))
  })

  const asked: readonly RouteQuery[] = [
    ...['8.8.8.8', '10.2.0.1', '10.4.0.1', '192.0.2.9', '203.0.113.7'].map((dst) => ({ dst, mark: 1 })),
    ...['8.8.8.8', '10.2.0.1'].map((dst) => ({ dst, mark: 0x101 })),
    { dst: '8.8.8.8', mark: 2 },
    { dst: '8.8.8.8', mark: 0x200 },
    ...['8.8.8.8', '10.2.0.1', '10.1.0.5'].map((dst) => ({ dst, from: '10.1.7.1' })),
    { dst: '8.8.8.8', from: '192.0.2.3' },
    { dst: '8.8.8.8', from: '203.0.113.99' },
    { dst: '10.9.0.1', tos: 0x10 },
    { dst: '10.9.0.1', tos: 0x08 },
    { dst: '10.8.0.1', tos: 0x10 },
    ...['8.8.8.8', '10.2.0.1', '10.4.0.1', '10.3.0.1'].map((dst) => ({ dst, oif: 'eth1' })),
    { dst: '8.8.8.8', oif: 'eth3' },
    { dst: '10.2.0.1', ipProto: 6, dport: 443 },
    { dst: '10.2.0.1', ipProto: 17, dport: 443 },
    ...['fd00:20::1', '2001:db8:77::1'].map((dst) => ({ dst, mark: 1 })),
    ...['fd00:20::1', '2001:db8:77::1'].map((dst) => ({ dst, from: 'fd00:2::1' })),
    ...['fd00:20::1', 'fd00:24::1'].map((dst) => ({ dst, oif: 'eth1' })),
    { dst: 'fd00:24::1', oif: 'eth0' },
    { dst: 'fd00:24::1', from: 'fd00:1::2', oif: 'eth0' },
  ]
  test.each(asked)('sends %o', (query) => {
    compare(askKernel(host, query), predictRoute(netns, query))
  })

  const received: readonly RouteQuery[] = [
    { dst: '10.2.0.1', from: '192.0.2.50', iif: 'eth0' },
    { dst: '8.8.8.8', from: '10.1.0.77', iif: 'eth1' },
    { dst: '192.0.2.2', from: '10.1.0.77', iif: 'eth1' },
    { dst: '198.51.100.1', from: '192.0.2.50', iif: 'eth0' },
    { dst: '10.4.0.1', from: '192.0.2.50', iif: 'eth0' },
    { dst: '10.6.0.1', from: '192.0.2.50', iif: 'eth0' },
    { dst: '10.2.0.1', from: '10.1.0.1', iif: 'eth0' },
    { dst: '10.2.0.1', from: '10.1.0.77', iif: 'eth0' },
    { dst: '10.2.0.1', from: '127.0.0.1', iif: 'eth0' },
    { dst: '127.0.0.1', from: '192.0.2.50', iif: 'eth0' },
    { dst: '10.2.0.1', from: '224.0.0.1', iif: 'eth0' },
    { dst: '192.0.2.255', from: '192.0.2.50', iif: 'eth0' },
    { dst: '203.0.113.9', from: '192.0.2.50', iif: 'eth0' },
  ]

  test.each([
    { forwarding: 0, filter: 0 },
    { forwarding: 1, filter: 0 },
    { forwarding: 1, filter: 1 },
    { forwarding: 1, filter: 2 },
  ])('forwards with ip_forward $forwarding and rp_filter $filter', async ({ forwarding, filter }) => {
    const set = (key: string, value: number): string => `echo ${value} > /proc/sys/net/${key}`
    host.run([
      'ip',
      'netns',
      'exec',
      'a',
      'sh',
      '-ec',
      [
        set('ipv4/ip_forward', forwarding),
        set('ipv4/conf/all/rp_filter', filter),
        set('ipv4/conf/eth0/rp_filter', 0),
        set('ipv4/conf/eth1/rp_filter', 0),
      ].join('; '),
    ])
    const now = await readNetns(host.path('/run/netns/a'))
    for (const query of received) compare(askKernel(host, query), predictRoute(now, query))
  })

  /** The kernel tells carrier changes on with a delay (net/core/link_watch.c). */
  async function waitForLinkdown(wanted: boolean): Promise<void> {
    const end = Date.now() + 10_000
    while (host.run(['ip', '-n', 'a', 'route', 'show', 'dev', 'eth1']).includes('linkdown') !== wanted) {
      if (Date.now() > end) throw new Error('the routes of eth1 stayed as they were')
      await new Promise((done) => setTimeout(done, 20))
    }
  }

  test('a way without carrier is passed over only where ignore_routes_with_linkdown says so', async () => {
    const far = (state: 'up' | 'down'): string => host.run(['ip', '-n', 'b', 'link', 'set', 'e1', state])
    try {
      for (const value of [0, 1]) {
        host.run([
          'ip',
          'netns',
          'exec',
          'a',
          'sh',
          '-ec',
          `echo ${value} > /proc/sys/net/ipv4/conf/all/ignore_routes_with_linkdown;
           echo ${value} > /proc/sys/net/ipv6/conf/eth1/ignore_routes_with_linkdown`,
        ])
        // Multipath weights are only worked out anew when a link changes (fib_rebalance), not by the sysctl.
        far('down')
        await waitForLinkdown(true)
        const now = await readNetns(host.path('/run/netns/a'))
        for (const dst of [...destinations, ...destinations6]) {
          compare(askKernel(host, { dst }), predictRoute(now, { dst }))
        }
        expect(predictRoute(now, { dst: '10.2.0.1' }).ways.map((way) => way.link)).toEqual([
          value === 0 ? 'eth1' : 'eth0',
        ])
        far('up')
        await waitForLinkdown(false)
      }
    } finally {
      far('up')
    }
  })
})
