import { expect, test } from 'vitest'
import { cutsWayIn } from '../../../src/change/guard/cuts-way-in.ts'
import { wayInOf } from '../../../src/change/guard/way-in.ts'
import { netnsId, nsid } from '../../../src/model/ids.ts'
import type { Inet6Conf } from '../../../src/model/link.ts'
import type { Netns, NetnsDetails } from '../../../src/model/netns.ts'
import type { Fact, Touch } from '../../../src/model/plan.ts'
import type { Process } from '../../../src/model/process.ts'
import type { Socket } from '../../../src/model/socket.ts'
import type { World } from '../../../src/model/world.ts'
import { plan, step } from '../../support/plan.ts'
import { address, link, loopback, netns, port, route, usualRules, world } from '../../support/world.ts'

const socket = (local: string, remote: string, pid: number | null = null, localPort = 22): Socket => ({
  family: local.includes(':') ? 'inet6' : 'inet',
  protocol: 'tcp',
  local: { address: local, port: localPort },
  remote: { address: remote, port: 50022 },
  state: 'ESTAB',
  boundTo: null,
  v6only: null,
  uid: 0,
  inode: '1',
  recvQueue: 0,
  sendQueue: 0,
  process: pid === null ? null : { pid, name: 'sshd' },
})

const process = (pid: number, ppid: number, comm: string): Process => ({
  pid,
  ppid,
  startTime: 1,
  comm,
  uid: 0,
  cgroup: '/',
  netns: netnsId(100),
  namespaces: {},
})

const inet6 = { disableIpv6: 0, forwarding: 0, acceptRa: 1, acceptDad: 1, proxyNdp: 0 } as Inet6Conf

/** eth0 with 192.0.2.2 and 2001:db8:1::2, default routes by it, and eth1 to 198.51.100.0/24 behind 10.9.0.1. */
function host(fields: Partial<Netns> = {}, sockets: readonly Socket[] = []): Netns {
  return netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    links: [
      loopback(),
      link('device', { ifindex: 2, name: 'eth0', inet6 }),
      link('device', { ifindex: 3, name: 'eth1' }),
    ],
    addresses: [address(2, '192.0.2.2/24'), address(2, '2001:db8:1::2/64'), address(3, '10.9.0.2/24')],
    routes: [
      route({ dst: 'default', gateway: '192.0.2.1', oif: 2 }),
      route({ dst: '192.0.2.0/24', oif: 2, scope: 'link', prefSrc: '192.0.2.2', protocol: 'kernel' }),
      route({ dst: '10.9.0.0/24', oif: 3, scope: 'link', prefSrc: '10.9.0.2', protocol: 'kernel' }),
      route({ dst: '198.51.100.0/24', gateway: '10.9.0.1', oif: 3 }),
      route({ dst: 'default', family: 'inet6', gateway: 'fe80::1', oif: 2, protocol: 'ra', metric: 1024 }),
      route({ dst: '2001:db8:1::/64', oif: 2, protocol: 'kernel', metric: 256 }),
    ],
    policyRules: [...usualRules, ...usualRules.map((rule) => ({ ...rule, family: 'inet6' as const }))],
    details: { sysctls: {}, sockets } as unknown as NetnsDetails,
    ...fields,
  })
}

const ssh = { SSH_CONNECTION: '203.0.113.9 50022 192.0.2.2 22' }
const byEth1 = { SSH_CONNECTION: '198.51.100.9 50022 10.9.0.2 2222' }

type Made = { readonly touches?: readonly Touch[]; readonly after?: readonly Fact[] }

function cuts(made: Made | readonly Made[], env: Record<string, string> = {}, seen: World = world([host()])) {
  const steps = [made].flat().map((each) => step('do it', each))
  return cutsWayIn(seen, plan('x', steps), wayInOf(seen, env, 1000)).map(({ what }) => what)
}

const change = (name: string, what: NonNullable<Touch['what']>, at = 'host'): Made => ({
  touches: [{ path: [at, `link:${name}`], how: 'change', what }],
})
const to = (destination: string, fields: Partial<Extract<Fact, { kind: 'route' }>> = {}): Fact => ({
  kind: 'route',
  at: 'host',
  destination,
  table: 254,
  via: null,
  link: null,
  metric: null,
  there: true,
  ...fields,
})
const on = (name: string, text: string, there = true): Fact => ({
  kind: 'address',
  at: 'host',
  link: name,
  address: text,
  there,
})
const there = (name: string): Fact => ({ kind: 'link', at: 'host', name, there: true })

const session = 'your SSH session from 198.51.100.9 (10.9.0.2:2222)'

test('a change to the link that carries the session is named, with what carries what', () => {
  const [down, ...more] = cutsWayIn(
    world([host()]),
    plan('x', [step('set eth1 down', change('eth1', 'down'))]),
    wayInOf(world([host()]), byEth1, 1),
  )
  expect(more).toEqual([])
  expect(down).toEqual({
    kind: 'refused',
    subject: 'eth1',
    what: `eth1 carries ${session}; taking it down cuts you off`,
    hint: '--confirm-within 30 takes it back by itself unless you confirm',
  })
  expect(cuts(change('eth1', 'master'), byEth1)).toEqual([
    `eth1 carries ${session}; putting it on a bridge or taking it off cuts you off`,
  ])
  expect(cuts(change('eth1', 'mtu'), byEth1)).toEqual([
    `eth1 carries ${session}; changing its MTU may cut you off`,
  ])
  const gone: Made = { touches: [{ path: ['host', 'link:eth1'], how: 'delete' }] }
  expect(cuts(gone, byEth1)).toEqual([`eth1 carries ${session}; deleting it cuts you off`])
})

test('what leaves it as it is may be done', () => {
  expect(cuts([change('eth1', 'up'), change('eth1', 'alias'), change('eth9', 'down')], byEth1)).toEqual([])
  expect(cuts({ touches: [{ path: ['host', 'link:eth1'], how: 'use' }] }, byEth1)).toEqual([])
  expect(cuts(change('eth1', 'down', '/run/netns/web'), byEth1)).toEqual([])
  expect(
    cuts({ after: [{ kind: 'sysctl', at: 'host', name: 'ipv4.ip_forward', value: '0' }] }, byEth1),
  ).toEqual([])
  // Nobody is on this host by eth1.
  expect(cuts(change('eth1', 'down'))).toEqual([])
})

test('what the link stands on and what it belongs to carries it, too', () => {
  const links = [
    loopback(),
    link('bridge', { ifindex: 4, name: 'br0' }),
    link('device', { ifindex: 2, name: 'eth0', master: 4, port }),
    link('veth', { ifindex: 5, name: 'veth5', master: 4, port, lower: { ifindex: 7, nsid: nsid(0) } }),
    link('vlan', { ifindex: 6, name: 'br0.10', lower: { ifindex: 4, nsid: null } }),
  ]
  const inWeb = netns(200, 'web', {
    links: [loopback(), link('veth', { ifindex: 7, name: 'eth0', lower: { ifindex: 5, nsid: nsid(0) } })],
    nsids: [{ nsid: nsid(0), id: netnsId(100) }],
  })
  const seen = (fields: Partial<Netns> = {}) =>
    world([
      host({
        links,
        addresses: [address(6, '10.9.0.2/24')],
        routes: [route({ dst: '10.9.0.0/24', oif: 6, scope: 'link', prefSrc: '10.9.0.2' })],
        nsids: [{ nsid: nsid(0), id: netnsId(200) }],
        ...fields,
      }),
      inWeb,
    ])
  const env = { SSH_CONNECTION: '10.9.0.9 1 10.9.0.2 22' }
  const says =
    'stands below br0.10, which carries your SSH session from 10.9.0.9 (10.9.0.2:22); taking it down cuts you off'
  expect(cuts(change('br0.10', 'down'), env, seen())).toHaveLength(1)
  expect(cuts(change('br0', 'down'), env, seen())).toEqual([`br0 ${says}`])
  expect(cuts(change('eth0', 'down'), env, seen())).toEqual([`eth0 ${says}`])
  expect(cuts(change('eth0', 'down', '/run/netns/web'), env, seen())).toEqual([`eth0 in web ${says}`])
  expect(cuts({ touches: [{ path: ['/run/netns/web'], how: 'delete' }] }, env, seen())).toEqual([
    `eth0 in web ${says.replace('taking it down', 'removing its namespace')}`,
  ])
  // The bridge knows at which port the client is: the others do not matter.
  const neighbours = [
    {
      ifindex: 6,
      family: 'inet' as const,
      dst: '10.9.0.9',
      lladdr: '02:00:00:00:00:09',
      state: 'REACHABLE',
      flags: [],
      used: null,
      confirmed: null,
      updated: null,
    },
  ]
  const fdb = [
    {
      ifindex: 2,
      lladdr: '02:00:00:00:00:09',
      vlan: null,
      master: 4,
      dst: null,
      vni: null,
      port: null,
      via: null,
      state: '',
      flags: [],
      nexthopId: null,
    },
  ]
  expect(cuts(change('veth5', 'down'), env, seen())).toHaveLength(1)
  expect(cuts(change('veth5', 'down'), env, seen({ neighbours, fdb }))).toEqual([])
  expect(cuts(change('eth0', 'down'), env, seen({ neighbours, fdb }))).toHaveLength(1)
})

test('the address that the session comes to stays', () => {
  expect(cuts({ after: [on('eth1', '10.9.0.2/24', false)] }, byEth1)).toEqual([
    `10.9.0.2 carries ${session}; removing it cuts you off`,
  ])
  expect(cuts({ after: [on('eth0', '192.0.2.77/24', false)] }, byEth1)).toEqual([])
})

test('with the first address of a network go those after it', () => {
  const addresses = [
    address(3, '10.9.0.1/24'),
    address(3, '10.9.0.2/24', { flags: ['permanent', 'secondary'] }),
  ]
  const seen = world([host({ addresses: [...addresses, address(2, '192.0.2.2/24')] })])
  expect(cuts({ after: [on('eth1', '10.9.0.1/24', false)] }, byEth1, seen)).toEqual([
    `10.9.0.2 carries ${session}; removing it cuts you off`,
  ])
})

test('a route that would lead the answers elsewhere is named, one that does not may come', () => {
  expect(
    cuts({ after: [to('198.51.100.0/24', { via: '10.9.0.1', link: 'eth1', there: false })] }, byEth1),
  ).toEqual([`${session} goes by eth1 via 10.9.0.1; after "do it" it would go by eth0 via 192.0.2.1`])
  expect(cuts({ after: [to('198.51.100.9/32', { link: 'eth0' })] }, byEth1)).toEqual([
    `${session} goes by eth1 via 10.9.0.1; after "do it" it would go by eth0`,
  ])
  expect(
    cuts({ after: [to('198.51.100.0/24', { via: '10.9.0.7', link: 'eth1', metric: 5 })] }, byEth1),
  ).toEqual([])
  expect(cuts({ after: [to('198.51.0.0/16', { link: 'eth0' })] }, byEth1)).toEqual([])
  expect(cuts({ after: [to('198.51.100.0/24', { link: 'eth0', table: 77 })] }, byEth1)).toEqual([])
})

test('an address whose network holds the client would lead there', () => {
  expect(cuts({ after: [there('lab0'), on('lab0', '198.51.100.1/25')] }, byEth1)).toEqual([
    `${session} goes by eth1 via 10.9.0.1; after "do it" it would go by lab0`,
  ])
  expect(cuts({ after: [there('lab0'), on('lab0', '172.19.0.1/16')] }, byEth1)).toEqual([])
})

test('a route that is replaced by one that leads the same way cuts nothing', () => {
  const replaced = [
    { after: [to('198.51.100.0/24', { via: '10.9.0.1', link: 'eth1', there: false })] },
    { after: [to('198.51.100.0/24', { via: '10.9.0.1', link: 'eth1', metric: 50 })] },
  ]
  expect(cuts(replaced, byEth1)).toEqual([])
})

test('also where nobody is on the host its default routes and name servers stay reachable', () => {
  expect(cuts(change('eth0', 'down')).map((each) => each.split(';')[0])).toEqual([
    "eth0 carries the host's default route of IPv4",
    "eth0 carries the host's default route of IPv6",
  ])
  expect(cuts({ after: [to('default', { via: '192.0.2.1', link: 'eth0', there: false })] })).toEqual([
    `the host's default route of IPv4 goes by eth0 via 192.0.2.1; after "do it" nothing would lead there`,
  ])
  expect(
    cuts({ after: [to('0.0.0.0/1', { link: 'eth1' }), to('128.0.0.0/1', { link: 'eth1' })] }),
  ).toHaveLength(1)
  // A second one, which counts for nothing beside the first.
  expect(cuts({ after: [to('default', { via: '10.9.0.1', link: 'eth1', metric: 900 })] })).toEqual([])
  const dns = [
    {
      mountNamespace: '1',
      netns: [netnsId(100)],
      path: '/proc/1/root',
      resolvConf: 'nameserver 10.9.0.53\nnameserver 127.0.0.53\n',
      hosts: '',
      nsswitch: '',
    },
  ]
  expect(cuts(change('eth1', 'down'), {}, world([host()], { dns }))).toEqual([
    "eth1 carries the way to the host's name server 10.9.0.53; taking it down cuts the host off",
  ])
  expect(cuts({ touches: [{ path: ['file:/etc/resolv.conf'], how: 'change' }] })).toEqual([
    '/etc/resolv.conf tells this host its name servers; changing it cuts it off from them',
  ])
})

test('a host without a default route may get one', () => {
  const seen = world([host({ routes: [] })])
  expect(cuts({ after: [to('default', { via: '10.9.0.1', link: 'eth1' })] }, {}, seen)).toEqual([])
})

test('forwarding of IPv6 takes a route away that a router advertised, unless accept_ra is 2', () => {
  const forwarding: Made = {
    after: [{ kind: 'sysctl', at: 'host', name: 'ipv6.conf.all.forwarding', value: '1' }],
  }
  const accepts: Made = {
    after: [{ kind: 'sysctl', at: 'host', name: 'ipv6.conf.eth0.accept_ra', value: '2' }],
  }
  expect(cuts(forwarding)).toEqual([
    `eth0 carries the host's default route of IPv6, by a route that a router advertised; "do it" removes that at once`,
  ])
  expect(cuts([accepts, forwarding])).toEqual([])
  const off: Made = {
    after: [{ kind: 'sysctl', at: 'host', name: 'ipv6.conf.eth0.disable_ipv6', value: '1' }],
  }
  expect(cuts(off)).toEqual([`eth0 carries the host's default route of IPv6; "do it" cuts the host off`])
})

const wayTexts = (seen: World, env: Record<string, string> = {}, pid = 1000) =>
  wayInOf(seen, env, pid)
    .filter(({ kind }) => kind === 'session')
    .map(
      ({ what, carriers }) =>
        `${what} by ${carriers.map(({ at, link: name }) => `${at}/${name}`).join(', ')}`,
    )

test('a host that no longer answers who has its address is found by nobody', () => {
  const set = (name: string, value: string): Made => ({
    after: [{ kind: 'sysctl', at: 'host', name: `ipv4.conf.${name}.arp_ignore`, value }],
  })
  const says =
    'eth0 carries your SSH session from 203.0.113.9 (192.0.2.2:22); "do it" cuts you off as soon as its neighbours ask for 192.0.2.2 again'
  expect(cuts(set('eth0', '8'), ssh)).toContain(says)
  expect(cuts(set('all', '8'), ssh)).toContain(says)
  expect(cuts(set('eth1', '8'), ssh)).toEqual([])
  // It answers on the link that has the address.
  expect(cuts(set('all', '1'), ssh)).toEqual([])
  expect(cuts(set('all', '0'), ssh)).toEqual([])
})

test('a session is found by SSH_CONNECTION, by the sshd above us, or by port 22, in this order', () => {
  const sockets = [
    socket('192.0.2.2', '203.0.113.9', 40),
    socket('::ffff:10.9.0.2', '::ffff:198.51.100.9', 50, 2222),
    socket('192.0.2.2', '203.0.113.10', 60),
    { ...socket('192.0.2.2', '203.0.113.11', 60), state: 'TIME-WAIT' },
  ]
  const processes = [process(50, 1, 'sshd-session'), process(51, 50, 'bash'), process(1000, 51, 'node')]
  const seen = world([host({}, sockets)], { processes })
  const own = 'your SSH session from 198.51.100.9 (10.9.0.2:2222) by host/eth1'
  const others = [
    'an SSH session from 203.0.113.9 (192.0.2.2:22) by host/eth0',
    'an SSH session from 203.0.113.10 (192.0.2.2:22) by host/eth0',
  ]
  expect(wayTexts(seen, byEth1, 1)).toEqual([own])
  expect(wayTexts(seen, {})).toEqual([own])
  expect(wayTexts(seen, {}, 1)).toEqual(others)
  // Kept by tmux from a session that is gone: those that are there count as well.
  const stale = 'your SSH session from 198.51.100.200 (10.9.0.2:22) by host/eth1'
  expect(wayTexts(seen, { SSH_CONNECTION: '198.51.100.200 1 10.9.0.2 22' }, 1)).toEqual([stale, ...others])
  for (const text of ['', 'x', '1 2 3 4', '203.0.113.9 1 203.0.113.77 22', '203.0.113.9 1 192.0.2.2 $(x)']) {
    expect(wayTexts(seen, { SSH_CONNECTION: text }, 1)).toEqual(others)
  }
})

test('a session that comes in by another namespace is found there', () => {
  const inner = netns(300, 'inner', { names: [{ name: 'host', source: 'host', path: null }] })
  const seen = world([inner, host({ names: [{ name: 'init', source: 'init', path: null }] })])
  expect(wayTexts(seen, ssh)).toEqual(['your SSH session from 203.0.113.9 (192.0.2.2:22) by ino:100/eth0'])
  expect(cuts(change('eth0', 'down', 'ino:100'), ssh, seen)).toHaveLength(1)
  expect(cuts(change('eth0', 'down'), ssh, seen)).toEqual([])
})

test('processes that name each other as parents end nobody in a circle', () => {
  const processes = [process(1000, 1001, 'a'), process(1001, 1000, 'b')]
  expect(wayTexts(world([host()], { processes }))).toEqual([])
})
