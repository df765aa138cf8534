/** The netlink reader on the real kernel: what `ip` was told to make is what is read. */
import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { loadLibc, type Libc } from '../../src/collect/kernel/libc.ts'
import { familyNumber } from '../../src/collect/kernel/netlink/generic.ts'
import { NETLINK_GENERIC, openRtnetlink, openRtnetlinkIn } from '../../src/collect/kernel/netlink/socket.ts'
import type { Entrance } from '../../src/collect/kernel/open-namespace.ts'
import { readTables, type OwnTables } from '../../src/collect/kernel/read-tables.ts'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { Link } from '../../src/model/link.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'

function entrance(path: string): Entrance {
  const { dev, ino } = statSync(path, { bigint: true })
  return { dev: Number(dev), ino, paths: [path], holders: { sockets: [] } }
}

describe.runIf(requires({ root: true, tools: ['ip', 'bridge', 'nsenter', 'unshare'] }))('readTables', () => {
  let host: TestHost
  let libc: Libc
  let tables: OwnTables

  function read(path: string): OwnTables {
    const opened = openRtnetlinkIn(libc, entrance(path))
    if (!opened.ok) throw new Error(opened.failure.unknown)
    const { cookie, tables } = readTables(opened.value)
    opened.value.close()
    expect(cookie).toMatch(/^\d+$/)
    return tables
  }
  const link = (name: string): Link => {
    const found = listOf(tables.links).find((each) => each.name === name)
    if (found === undefined) throw new Error(`no link ${name}`)
    return found
  }
  const routes = (dst: string) => listOf(tables.routes).filter((route) => route.dst === dst)

  beforeAll(async () => {
    host = await playHost('reader')
    const loaded = await loadLibc()
    if (!loaded.ok) throw new Error(loaded.failure.what)
    libc = loaded.value
    host.ip(
      'netns add a',
      'link add br0 type bridge stp_state 1 forward_delay 700 ageing_time 12300 mcast_snooping 1 nf_call_iptables 1',
      'link set br0 address 02:42:d7:8d:0d:3b',
      'link add v0 index 40 type veth peer name eth0 index 40 netns a',
      'link add p0 type veth peer name p1',
      'link add vx0 type vxlan id 42 dstport 4789 group 239.1.1.1 dev p1 local 192.0.2.1 ttl 9 nolearning proxy',
      'link add vx1 type vxlan id 43 dstport 8472 remote 2001:db8::2 local 2001:db8::1',
      'link add vx2 type vxlan dstport 4790 external',
      'link add mv0 link p1 type macvlan mode private',
      'link add mv1 link p1 netns a type macvlan mode bridge',
      'link add ifb9 type ifb',
      'tuntap add dev tap0 mode tap user 1000 multi_queue',
      'tuntap add dev tun0 mode tun',
      'link set v0 master br0 up',
      'link set tap0 master br0',
      'link set p0 master br0',
      'link set v0 type bridge_slave isolated on cost 7 priority 3',
      'link set tap0 type bridge_slave hairpin on guard on learning off flood off mcast_flood off neigh_suppress on proxy_arp on',
      'link set br0 up',
      'link set p0 up',
      'link set p1 up',
      'link property add dev p1 altname second altname a-third-name-that-is-longer-than-fifteen',
      'link set p1 alias "for tests" mtu 1400 txqueuelen 77',
      'addr add 192.0.2.1/24 brd + dev p1 label p1:lab',
      'addr add 192.0.2.3/24 dev p1',
      'addr add 198.51.100.1 peer 198.51.100.2/32 dev p1 scope link',
      'addr add 2001:db8::1/64 dev p1 nodad valid_lft 1000 preferred_lft 500',
      'route add default via 192.0.2.254 metric 50 mtu 1300 advmss 1200 proto static',
      'route add 203.0.113.0/24 table 1001 nexthop via 192.0.2.10 weight 3 nexthop via 192.0.2.11 dev p1 weight 1',
      'route add blackhole 10.99.0.0/16 proto 77',
      'route add unreachable 10.98.0.0/16',
      'route add prohibit 10.97.0.0/16 table 1001',
      'route add throw 10.96.0.0/16 table 1001',
      'route add 10.95.0.1 via inet6 fe80::99 dev p1 onlink',
      'route add 10.94.0.0/16 via 192.0.2.10 tos 0x10',
      'nexthop add id 10 via 192.0.2.20 dev p1',
      'nexthop add id 11 blackhole',
      'nexthop add id 12 via 192.0.2.21 dev p1',
      'nexthop add id 20 group 10,4/12',
      'route add 10.93.0.0/16 nhid 20',
      'route add 2001:db8:1::/48 via 2001:db8::fe dev p1 metric 9',
      'route add blackhole 2001:db8:2::/48',
      'route add 2001:db8:3::/48 from 2001:db8::/64 dev p1',
      'rule add pref 100 not from 10.0.0.0/8 to 192.0.2.0/24 iif p1 fwmark 0x1/0xff table 1001 suppress_prefixlength 0',
      'rule add pref 101 ipproto tcp dport 443 sport 1000-2000 uidrange 1000-1999 prohibit',
      'rule add pref 102 goto 32766',
      'neigh add 192.0.2.10 lladdr 02:00:00:00:00:10 dev p1 nud permanent',
      'neigh add 2001:db8::10 lladdr 02:00:00:00:00:11 dev p1 nud reachable router',
      'neigh add proxy 192.0.2.77 dev p1',
    )
    host.run([
      'ip',
      '-6',
      'rule',
      'add',
      'pref',
      '103',
      'from',
      '2001:db8::/32',
      'oif',
      'p1',
      'table',
      '1002',
    ])
    host.run(['bridge', '-batch', '-'], {
      input:
        'fdb add 02:00:00:00:00:20 dev v0 master static\n' +
        'fdb add 02:00:00:00:00:21 dev vx0 dst 192.0.2.50 vni 44 port 4800 via p1\n' +
        'mdb add dev br0 port p0 grp 239.5.5.5 permanent\n' +
        'mdb add dev br0 port p0 grp ff05::5 temp\n',
    })
    tables = read(`/proc/${host.pid}/ns/net`)
  })
  afterAll(() => host.end())

  test('a bridge', () => {
    expect(link('br0')).toMatchObject({
      kind: 'bridge',
      lladdr: '02:42:d7:8d:0d:3b',
      bridge: {
        id: '8000.0242d78d0d3b',
        rootId: '8000.0242d78d0d3b',
        stp: true,
        forwardDelay: 700,
        ageing: 12300,
        vlanFiltering: false,
        mcastSnooping: true,
        nfCallIptables: true,
        nfCallIp6tables: false,
        nfCallArptables: false,
      },
    })
  })

  test('its ports', () => {
    expect(link('v0')).toMatchObject({
      master: link('br0').ifindex,
      slaveKind: 'bridge',
      port: {
        priority: 3,
        cost: 7,
        isolated: true,
        hairpin: false,
        learning: true,
        flood: true,
        guard: false,
      },
    })
    expect(link('tap0').port).toMatchObject({
      state: 'disabled',
      isolated: false,
      hairpin: true,
      guard: true,
      learning: false,
      flood: false,
      mcastFlood: false,
      neighSuppress: true,
      proxyArp: true,
      locked: false,
    })
    expect(link('p1').port).toBeNull()
  })

  test('veth ends: in another namespace with the same ifindex, in the same one', () => {
    const there = read(host.path('/run/netns/a'))
    const eth0 = listOf(there.links).find((each) => each.name === 'eth0')
    expect(link('v0')).toMatchObject({ kind: 'veth', ifindex: 40, lower: { ifindex: 40, nsid: 0 } })
    expect(eth0).toMatchObject({ kind: 'veth', ifindex: 40, lower: { ifindex: 40, nsid: 0 } })
    expect(link('p0').lower).toEqual({ ifindex: link('p1').ifindex, nsid: null })
    expect(link('p1').lower).toEqual({ ifindex: link('p0').ifindex, nsid: null })
    expect(listOf(there.links).find((each) => each.name === 'mv1')).toMatchObject({
      kind: 'macvlan',
      macvlan: { mode: 'bridge', flags: [] },
      lower: { ifindex: link('p1').ifindex, nsid: 0 },
    })
  })

  test('vxlan, macvlan, tun, tap, ifb, loopback', () => {
    expect(link('vx0')).toMatchObject({
      kind: 'vxlan',
      lower: { ifindex: link('p1').ifindex, nsid: null },
      vxlan: {
        vni: 42,
        group: '239.1.1.1',
        remote: null,
        local: '192.0.2.1',
        dstport: 4789,
        ttl: 9,
        learning: false,
        proxy: true,
        l2miss: false,
        ageing: 300,
        external: false,
      },
    })
    expect(link('vx1')).toMatchObject({
      lower: null,
      vxlan: { vni: 43, remote: '2001:db8::2', group: null, local: '2001:db8::1', learning: true },
    })
    expect(link('vx2')).toMatchObject({ vxlan: { vni: 0, external: true, dstport: 4790 } })
    expect(link('mv0')).toMatchObject({
      kind: 'macvlan',
      macvlan: { mode: 'private' },
      lower: { ifindex: link('p1').ifindex, nsid: null },
    })
    expect(link('tap0')).toMatchObject({
      kind: 'tun',
      tun: { type: 'tap', owner: 1000, group: null, persist: true, multiQueue: true },
    })
    expect(link('tun0')).toMatchObject({ kind: 'tun', linkType: 'none', lladdr: null, tun: { type: 'tun' } })
    expect(link('ifb9').kind).toBe('ifb')
    expect(link('lo')).toMatchObject({ kind: 'loopback', flags: ['LOOPBACK', 'UP', 'LOWER_UP'], mtu: 65536 })
  })

  test('names, limits and sysctls of a link', () => {
    expect(link('p1')).toMatchObject({
      altNames: ['second', 'a-third-name-that-is-longer-than-fifteen'],
      alias: 'for tests',
      mtu: 1400,
      minMtu: 68,
      txqlen: 77,
      flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
      operstate: 'UP',
      carrier: true,
      qdisc: 'noqueue',
      xdp: null,
    })
    expect(link('tap0')).toMatchObject({ flags: ['BROADCAST', 'MULTICAST'], operstate: 'DOWN' })
    host.run(['sh', '-c', 'echo 2 > /proc/sys/net/ipv4/conf/p1/arp_announce'])
    host.run(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/p1/route_localnet'])
    host.run(['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/p1/ignore_routes_with_linkdown'])
    host.run(['sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/p1/proxy_ndp'])
    host.run(['sh', '-c', 'echo 0 > /proc/sys/net/ipv6/conf/p1/accept_dad'])
    host.run(['sh', '-c', 'echo 1 > /proc/sys/net/ipv6/conf/ifb9/disable_ipv6'])
    tables = read(`/proc/${host.pid}/ns/net`)
    expect(link('p1')).toMatchObject({
      inet: { arpAnnounce: 2, routeLocalnet: 1, ignoreRoutesWithLinkdown: 1, arpIgnore: 0, acceptLocal: 0 },
      inet6: { proxyNdp: 1, acceptDad: 0, disableIpv6: 0 },
    })
    expect(link('ifb9')).toMatchObject({ inet6: { disableIpv6: 1, proxyNdp: 0 } })
  })

  test('counters are those that `ip -s` prints', () => {
    const stats = link('p1').stats
    if (isUnknown(stats)) throw new Error(stats.unknown)
    const printed = JSON.parse(host.run(['ip', '-j', '-s', '-s', 'link', 'show', 'p1'])) as {
      stats64: { rx: Record<string, number>; tx: Record<string, number> }
    }[]
    tables = read(`/proc/${host.pid}/ns/net`)
    const after = link('p1').stats
    if (isUnknown(after)) throw new Error(after.unknown)
    // Multicast listener reports may be sent between two looks: the printed value lies between ours.
    const { rx, tx } = printed[0]?.stats64 ?? { rx: {}, tx: {} }
    expect(rx['bytes']).toBeGreaterThanOrEqual(stats.rxBytes)
    expect(rx['bytes']).toBeLessThanOrEqual(after.rxBytes)
    expect(tx['packets']).toBeGreaterThanOrEqual(stats.txPackets)
    expect(tx['packets']).toBeLessThanOrEqual(after.txPackets)
    expect(after.txPackets).toBeGreaterThan(0)
  })

  test('addresses', () => {
    const own = listOf(tables.addresses).filter((each) => each.ifindex === link('p1').ifindex)
    expect(own).toContainEqual({
      ifindex: link('p1').ifindex,
      family: 'inet',
      local: '192.0.2.1',
      peer: null,
      prefixLen: 24,
      broadcast: '192.0.2.255',
      scope: 'global',
      label: 'p1:lab',
      flags: ['permanent'],
      validLifetime: null,
      preferredLifetime: null,
      protocol: null,
    })
    expect(own).toContainEqual(
      expect.objectContaining({ local: '192.0.2.3', flags: ['secondary', 'permanent'] }),
    )
    expect(own).toContainEqual(
      expect.objectContaining({ local: '198.51.100.1', peer: '198.51.100.2', prefixLen: 32, scope: 'link' }),
    )
    const six = own.find((each) => each.local === '2001:db8::1')
    expect(six).toMatchObject({ family: 'inet6', flags: ['nodad'], prefixLen: 64, label: null })
    expect(six?.validLifetime).toBeGreaterThan(900)
    expect(six?.preferredLifetime).toBeLessThanOrEqual(500)
    expect(own.some((each) => each.scope === 'link' && each.family === 'inet6')).toBe(true)
  })

  test('routes of all tables and types', () => {
    const oif = link('p1').ifindex
    expect(routes('default')).toMatchObject([
      {
        family: 'inet',
        table: 254,
        gateway: '192.0.2.254',
        oif,
        metric: 50,
        mtu: 1300,
        advmss: 1200,
        protocol: 'static',
        scope: 'global',
        type: 'unicast',
        cached: false,
      },
    ])
    expect(routes('203.0.113.0/24')).toMatchObject([
      {
        table: 1001,
        gateway: null,
        nexthops: [
          { oif, gateway: '192.0.2.10', weight: 3, flags: [] },
          { oif, gateway: '192.0.2.11', weight: 1, flags: [] },
        ],
      },
    ])
    expect(routes('10.99.0.0/16')).toMatchObject([{ type: 'blackhole', protocol: '77', oif: null }])
    expect(routes('10.98.0.0/16')).toMatchObject([{ type: 'unreachable', table: 254 }])
    expect(routes('10.97.0.0/16')).toMatchObject([{ type: 'prohibit', table: 1001 }])
    expect(routes('10.96.0.0/16')).toMatchObject([{ type: 'throw', table: 1001 }])
    expect(routes('10.95.0.1/32')).toMatchObject([{ gateway: 'fe80::99', flags: ['onlink'], oif }])
    expect(routes('10.94.0.0/16')).toMatchObject([{ tos: 16 }])
    expect(routes('10.93.0.0/16')).toMatchObject([{ nexthopId: 20 }])
    expect(routes('192.0.2.1/32')).toMatchObject([{ table: 255, type: 'local', scope: 'host', oif }])
    expect(routes('192.0.2.255/32')).toMatchObject([{ type: 'broadcast', scope: 'link' }])
    expect(routes('2001:db8:1::/48')).toMatchObject([
      { family: 'inet6', gateway: '2001:db8::fe', metric: 9, oif },
    ])
    expect(routes('2001:db8:2::/48')).toMatchObject([{ family: 'inet6', type: 'blackhole' }])
    expect(routes('2001:db8::1/128')).toMatchObject([{ table: 255, type: 'local' }])
  })

  test('nexthop objects', () => {
    expect(tables.nexthopObjects).toMatchObject([
      { id: 10, gateway: '192.0.2.20', oif: link('p1').ifindex, family: 'inet', blackhole: false },
      { id: 11, blackhole: true, gateway: null },
      { id: 12, gateway: '192.0.2.21' },
      {
        id: 20,
        group: [
          { id: 10, weight: 4 },
          { id: 12, weight: 1 },
        ],
      },
    ])
  })

  test('policy rules', () => {
    const rules = listOf(tables.policyRules)
    const rule = (priority: number) => rules.filter((each) => each.priority === priority)
    expect(rule(100)).toMatchObject([
      {
        family: 'inet',
        not: true,
        src: '10.0.0.0/8',
        dst: '192.0.2.0/24',
        iif: 'p1',
        fwmark: 1,
        fwmask: 255,
        action: 'table',
        table: 1001,
        suppressPrefixLen: 0,
        suppressIfgroup: null,
      },
    ])
    expect(rule(101)).toMatchObject([
      {
        ipProto: 6,
        dport: { from: 443, to: 443 },
        sport: { from: 1000, to: 2000 },
        uidRange: { from: 1000, to: 1999 },
        action: 'prohibit',
        table: null,
      },
    ])
    expect(rule(102)).toMatchObject([{ action: 'goto', goto: 32766 }])
    expect(rule(103)).toMatchObject([{ family: 'inet6', src: '2001:db8::/32', oif: 'p1', table: 1002 }])
    expect(rule(0)).toMatchObject([
      { family: 'inet', table: 255, protocol: 'kernel' },
      { family: 'inet6', table: 255 },
    ])
  })

  test('neighbours, proxies among them', () => {
    const neighbours = listOf(tables.neighbours)
    expect(neighbours.find((each) => each.dst === '192.0.2.10')).toMatchObject({
      ifindex: link('p1').ifindex,
      family: 'inet',
      lladdr: '02:00:00:00:00:10',
      state: 'PERMANENT',
      flags: [],
    })
    expect(neighbours.find((each) => each.dst === '2001:db8::10')).toMatchObject({
      family: 'inet6',
      state: 'REACHABLE',
      flags: ['router'],
    })
    expect(neighbours.find((each) => each.dst === '192.0.2.77')).toMatchObject({ flags: ['proxy'] })
  })

  test('forwarding tables', () => {
    const fdb = listOf(tables.fdb)
    expect(fdb).toContainEqual({
      ifindex: 40,
      lladdr: '02:00:00:00:00:20',
      vlan: null,
      master: link('br0').ifindex,
      dst: null,
      vni: null,
      port: null,
      via: null,
      state: 'static',
      flags: [],
      nexthopId: null,
    })
    expect(fdb.find((each) => each.lladdr === '02:00:00:00:00:21')).toMatchObject({
      ifindex: link('vx0').ifindex,
      dst: '192.0.2.50',
      vni: 44,
      port: 4800,
      via: link('p1').ifindex,
      state: 'permanent',
      flags: ['self'],
    })
  })

  test('multicast groups of a bridge', () => {
    const bridge = link('br0').ifindex
    const port = link('p0').ifindex
    expect(tables.mdb).toContainEqual({ bridge, port, group: '239.5.5.5', vlan: null, permanent: true })
    expect(tables.mdb).toContainEqual({ bridge, port, group: 'ff05::5', vlan: null, permanent: false })
  })

  test('a large table comes whole', () => {
    const many = Array.from({ length: 3000 }, (_, n) => `route add 10.${n >> 8}.${n & 255}.0/24 dev eth0`)
    host.run(['ip', '-n', 'a', 'link', 'set', 'eth0', 'up'])
    host.run(['ip', '-n', 'a', '-batch', '-'], { input: many.join('\n') })
    const there = read(host.path('/run/netns/a'))
    expect(
      listOf(there.routes).filter((each) => each.table === 254 && each.dst.endsWith('.0/24')),
    ).toHaveLength(3000)
  })

  test('nothing is held: a deleted namespace takes its veth end along', async () => {
    host.ip('netns add gone', 'link add g0 type veth peer name eth0 netns gone')
    read(host.path('/run/netns/gone'))
    host.ip('netns del gone')
    for (let tries = 0; tries < 100 && host.try(['ip', 'link', 'show', 'g0']).code === 0; tries++) {
      await new Promise((resolve) => setTimeout(resolve, 50))
    }
    expect(host.try(['ip', 'link', 'show', 'g0']).code).not.toBe(0)
  })

  test('what cannot be entered is a value', () => {
    const path = host.path('/run/netns/a')
    const there = entrance(path)
    const failureOf = (other: Partial<Entrance>) => {
      const opened = openRtnetlinkIn(libc, { ...there, ...other })
      return opened.ok ? null : opened.failure.errno
    }
    expect(failureOf({ paths: [`${path}-not`] })).toBe('ENOENT')
    expect(failureOf({ ino: there.ino + 1n })).toBe('ESTALE')
    expect(failureOf(entrance('/proc/self/ns/uts'))).toBe('EINVAL')
    expect(failureOf({ paths: [] })).toBe('ENXIO')
    expect(failureOf({ paths: [], holders: { sockets: [{ pid: process.pid, fd: 999_999 }] } })).toBe('EBADF')
  })

  test('a second socket is opened beside the first, in its namespace', () => {
    const path = host.path('/run/netns/a')
    const there = openRtnetlinkIn(libc, entrance(path))
    if (!there.ok) throw new Error(there.failure.unknown)
    const beside = there.value.openBeside(NETLINK_GENERIC)
    if (!beside.ok) throw new Error(beside.failure.unknown)
    expect(beside.value.netnsCookie()).toBe(there.value.netnsCookie())
    // "nlctrl" is the one family that is always there, with number 16 (GENL_ID_CTRL).
    expect(familyNumber(beside.value, 'nlctrl')).toMatchObject({ ok: true, values: [16] })
    expect(familyNumber(beside.value, 'no-such-thing')).toMatchObject({ error: { errno: 'ENOENT' } })
    beside.value.close()
    there.value.close()
  })

  test('the thread is home after each look, the socket is not', () => {
    const path = host.path('/run/netns/a')
    const before = entrance('/proc/thread-self/ns/net')
    const there = openRtnetlinkIn(libc, entrance(path))
    const home = openRtnetlink(libc)
    if (!there.ok || !home.ok) throw new Error('no socket')
    expect(there.value.netnsCookie()).not.toBe(home.value.netnsCookie())
    expect(entrance('/proc/thread-self/ns/net')).toEqual(before)
    there.value.close()
    home.value.close()
  })
})
