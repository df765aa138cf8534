/** Networks as they are planned, and what refuses them. */
import { describe, expect, test } from 'vitest'
import { netnsId } from '../../../src/model/ids.ts'
import type { IntentOf } from '../../../src/model/intent.ts'
import type { Dns } from '../../../src/model/process.ts'
import type { World } from '../../../src/model/world.ts'
import { address, link, route } from '../../support/world.ts'
import {
  bridge,
  commands,
  hostWith,
  inet6,
  made,
  network,
  planFor,
  uplink,
  wish,
  written,
} from './support-nets.ts'

type Wish = Partial<IntentOf<'net-create'>>

const refusals = (fields: Wish, world: World = hostWith()): readonly string[] => {
  const plan = planFor(world, wish(fields))
  return 'steps' in plan ? [] : plan
}

describe('driver bridge', () => {
  test.each(['a";drop;#', 'br*', 'br+'])(
    'a bridge called %s is on the host: no rule could name it',
    (name) => {
      const world = hostWith({ links: [{ ...bridge, name }] })
      const why = 'rules would mean something else'
      expect(refusals({ bridge: name, subnets: ['10.6.0.0/24'] }, world).join()).toContain(why)
      expect(refusals({ options: { 'com.docker.network.bridge.name': name } }).join()).toContain(why)
    },
  )

  test('a bridge in one message, marked, without IPv6, with the gateway’s address, up; and it is written down', () => {
    const plan = made(hostWith(), wish({ mac: '02:00:00:00:00:AA' }))
    expect(plan.title).toBe('make network lab0 (172.17.0.0/16)')
    expect(commands(plan)).toEqual([
      'ip link add name lab0 address 02:00:00:00:00:aa type bridge stp_state 0',
      'ip link set dev lab0 alias vethscope:lab0',
      'ip address add 172.17.0.1/16 broadcast + dev lab0',
      'ip link set dev lab0 up',
    ])
    expect(plan.steps.map(({ title }) => title)).toContain('turn IPv6 off on lab0')
    expect(written(plan)).toMatchObject({
      bridge: 'lab0',
      ownsBridge: true,
      subnets: [{ subnet: '172.17.0.0/16', gateway: '172.17.0.1', ipRange: null }],
      ipv6: false,
      icc: true,
      masquerade: true,
      mac: '02:00:00:00:00:aa',
      mtu: 1500,
      created: '2026-11-21T14:00:00.000Z',
    })
  })

  test('its MAC address is made: of one link, and the same each time', () => {
    const mac = written(made(hostWith(), wish())).mac
    expect(mac).toMatch(/^02(:[0-9a-f]{2}){5}$/)
    expect(written(made(hostWith(), wish())).mac).toBe(mac)
    expect(written(made(hostWith(), wish({ gateways: ['172.17.0.9'] }))).mac).not.toBe(mac)
  })

  test('with IPv6: addresses that need not wait, none that the kernel makes late, no routes from nodes', () => {
    const plan = made(hostWith(), wish({ ipv6: true, subnets: ['fd00:9::/64'], mac: '02:00:00:00:00:aa' }))
    expect(commands(plan)).toEqual([
      'ip link add name lab0 address 02:00:00:00:00:aa type bridge stp_state 0',
      'ip link set dev lab0 alias vethscope:lab0 addrgenmode none',
      'ip address add fe80::ff:fe00:aa/64 nodad dev lab0',
      'ip address add fd00:9::1/64 nodad dev lab0',
      'ip address add 172.17.0.1/16 broadcast + dev lab0',
      'ip link set dev lab0 up',
    ])
    expect(
      plan.steps.map(({ command }) => command.argv.join(' ')).filter((line) => line.startsWith('sysctl')),
    ).toEqual(
      expect.arrayContaining([
        'sysctl -q -w net.ipv6.conf.lab0.disable_ipv6=0',
        'sysctl -q -w net.ipv6.conf.lab0.accept_ra=0',
      ]),
    )
    expect(written(plan).ipv6).toBe(true)
  })

  test('--ipv6 alone takes a free subnet; an IPv6 subnet alone means --ipv6, and IPv4 comes with it', () => {
    expect(written(made(hostWith(), wish({ ipv6: true }))).subnets.map(({ subnet }) => subnet)).toEqual([
      '172.17.0.0/16',
      expect.stringMatching(/^fd/),
    ])
    const { ipv6, subnets } = written(made(hostWith(), wish({ subnets: ['fd00:9::/64'] })))
    expect(ipv6).toBe(true)
    expect(subnets.map(({ subnet }) => subnet)).toEqual(['fd00:9::/64', '172.17.0.0/16'])
  })

  test('subnets, gateways and ranges find each other', () => {
    const { subnets } = written(
      made(
        hostWith(),
        wish({
          subnets: ['10.1.0.0/24', '10.2.0.0/24', 'fd00:9::/64'],
          gateways: ['fd00:9::ff', '10.2.0.254'],
          ipRanges: ['10.1.0.128/25'],
        }),
      ),
    )
    expect(subnets).toEqual([
      { subnet: '10.1.0.0/24', gateway: '10.1.0.1', ipRange: '10.1.0.128/25' },
      { subnet: '10.2.0.0/24', gateway: '10.2.0.254', ipRange: null },
      { subnet: 'fd00:9::/64', gateway: 'fd00:9::ff', ipRange: null },
    ])
  })

  test('each step tells before from after, and only the first has to be taken back', () => {
    const { steps } = made(hostWith(), wish())
    const own = steps.filter(({ command }) => command.argv[0] === 'ip')
    expect(own.map(({ undo }) => undo)).toEqual([
      [{ argv: ['ip', 'link', 'del', 'dev', 'lab0'] }],
      [],
      [],
      [],
    ])
    for (const { before, after } of own) expect(before).not.toEqual(after)
  })

  test('on a host entered by a path every command goes there', () => {
    const plan = planFor(hostWith(), wish(), { hostPath: '/run/netns/vm' })
    if (!('steps' in plan)) throw new Error('refused')
    const first = plan.steps.find(({ title }) => title === 'make bridge lab0')
    expect(first?.command.argv.slice(0, 3)).toEqual(['nsenter', '--net=/run/netns/vm', 'ip'])
  })

  test('no MTU larger than that of the way out', () => {
    const world = hostWith({ netns: { links: [{ ...uplink, mtu: 1450 }] } })
    const plan = made(world, wish())
    expect(written(plan).mtu).toBe(1450)
    expect(plan.notes).toContain("MTU 1450, as the host's way out has it")
    const large = made(world, wish({ mtu: 9000 }))
    expect(written(large).mtu).toBe(9000)
    expect(commands(large)).toContain('ip link set dev lab0 alias vethscope:lab0 mtu 9000')
  })
})

describe('what the bridge is called', () => {
  const nameFor = (fields: Wish, world = hostWith()) => written(made(world, wish(fields))).bridge

  test('as the network, else as asked, else by a hash of at most 15 bytes, and that is said', () => {
    expect(nameFor({})).toBe('lab0')
    expect(nameFor({ options: { 'com.docker.network.bridge.name': 'br-own' } })).toBe('br-own')
    const long = made(hostWith(), wish({ name: 'a-network-of-its-own' }))
    expect(written(long).bridge).toMatch(/^br-[0-9a-f]{12}$/)
    expect(long.notes[0]).toMatch(/^the bridge of network a-network-of-its-own is called br-[0-9a-f]{12}: /)
  })

  test('where another kind of link has the network’s name, by a hash', () => {
    expect(nameFor({ name: 'eth0' })).toMatch(/^br-/)
    const alt = hostWith({ netns: { links: [{ ...uplink, altNames: ['lab0'] }] } })
    expect(nameFor({}, alt)).toMatch(/^br-/)
  })

  test('a bridge of that name refuses, with the way to use it', () => {
    const world = hostWith({ links: [bridge] })
    expect(refusals({}, world)).toEqual(['bridge lab0 exists already (ifindex 20)'])
    expect(refusals({ name: 'x', options: { 'com.docker.network.bridge.name': 'eth0' } }, world)).toEqual([
      'link eth0 exists already (ifindex 2)',
    ])
    expect(refusals({ options: { 'com.docker.network.bridge.name': 'sixteen-bytes-xx' } })[0]).toMatch(
      /16 bytes/,
    )
  })
})

describe('an existing bridge', () => {
  const br0 = link('bridge', { ifindex: 7, name: 'br0', lladdr: '02:00:00:00:00:07', mtu: 1400, inet6 })
  const world = hostWith({
    links: [br0],
    addresses: [address(7, '10.5.0.254/24')],
    routes: [route({ dst: '10.5.0.0/24', oif: 7, scope: 'link' })],
  })

  test('keeps all it has: its address is the gateway, and nothing is made', () => {
    const plan = made(world, wish({ bridge: 'br0' }))
    expect(commands(plan)).toEqual([])
    expect(written(plan)).toMatchObject({
      bridge: 'br0',
      ownsBridge: false,
      added: [],
      mtu: 1400,
      mac: '02:00:00:00:00:07',
      subnets: [{ subnet: '10.5.0.0/24', gateway: '10.5.0.254' }],
    })
    expect(plan.notes.join()).toContain('bridge br0 was there before and stays')
  })

  test('gets the gateway’s address where it lacks it, and is set up; both are taken back', () => {
    const down = hostWith({ links: [{ ...br0, flags: [] }] })
    const plan = made(down, wish({ bridge: 'br0', subnets: ['10.6.0.0/24'] }))
    expect(commands(plan)).toEqual([
      'ip address add 10.6.0.1/24 broadcast + dev br0',
      'ip link set dev br0 up',
    ])
    const undone = plan.steps.flatMap(({ undo }) => ('irreversible' in undo ? [] : undo))
    expect(undone.map(({ argv }) => argv.join(' '))).toEqual(
      expect.arrayContaining(['ip address del 10.6.0.1/24 dev br0', 'ip link set dev br0 down']),
    )
    expect(written(plan).added).toEqual(['10.6.0.1/24'])
  })

  test('of an engine: its subnet is no obstacle, and that the engine hands out the same addresses is said', () => {
    const docker0 = {
      id: 'n1',
      name: 'bridge',
      driver: 'bridge',
      scope: 'local',
      subnets: [{ subnet: '10.5.0.0/24', gateway: '10.5.0.254' }],
      bridge: 'br0',
      parent: null,
      internal: false,
      ipv6: false,
      options: {},
      labels: {},
      members: [],
    }
    const engine = {
      engine: 'docker',
      endpoint: '/run/docker.sock',
      version: null,
      netns: netnsId(100),
      rootless: false,
      containers: [],
      networks: [docker0],
      warnings: [],
    } as const
    const of = (fields: Wish) => planFor({ ...world, engines: [engine] }, wish(fields))
    expect(of({ bridge: 'br0' })).toMatchObject({
      notes: expect.arrayContaining([
        'bridge br0 is that of network bridge of docker (10.5.0.0/24), which hands out the same addresses: give nodes --ip',
      ]),
    })
    expect(of({ subnets: ['10.5.0.0/25'] })).toEqual([
      'subnet 10.5.0.0/25 overlaps network bridge of docker (10.5.0.0/24)',
    ])
  })

  test('must be a bridge that no other network has, and have IPv6 where that is wanted', () => {
    expect(refusals({ bridge: 'br9' }, world)).toEqual(['there is no bridge br9 on this host'])
    expect(refusals({ bridge: 'eth0' }, world)).toEqual(['eth0 is no bridge but a veth'])
    const used = hostWith({ links: [br0], lab: { networks: [{ ...network, name: 'other', bridge: 'br0' }] } })
    expect(refusals({ bridge: 'br0' }, used)).toEqual(['bridge br0 is that of network other already'])
    const off = hostWith({ links: [{ ...br0, inet6: { ...inet6, disableIpv6: 1 } }] })
    expect(refusals({ bridge: 'br0', ipv6: true }, off)).toEqual(['IPv6 is off on bridge br0'])
    expect(refusals({ bridge: 'br0', mac: '02:00:00:00:00:01' }, world)[0]).toMatch(/MAC address/)
  })
})

describe('refused, and nothing is changed', () => {
  const world = hostWith({
    routes: [route({ dst: '10.1.0.0/16', gateway: '192.0.2.7', oif: 2, table: 100 })],
    lab: { networks: [network] },
  })
  const cases: readonly (readonly [string, Wish, string | RegExp])[] = [
    [
      'a route',
      { subnets: ['10.1.2.0/24'] },
      'subnet 10.1.2.0/24 overlaps route 10.1.0.0/16 by eth0 (table 100)',
    ],
    [
      'an address',
      { subnets: ['192.0.0.0/16'] },
      'subnet 192.0.0.0/16 overlaps 192.0.2.10/24, an address of eth0',
    ],
    [
      'another network',
      { subnets: ['172.20.5.0/24'] },
      'subnet 172.20.5.0/24 overlaps lab network lab0 (172.20.0.0/16)',
    ],
    [
      'each other',
      { subnets: ['10.9.0.0/24', '10.9.0.0/16'] },
      'subnet 10.9.0.0/16 overlaps subnet 10.9.0.0/24',
    ],
    ['no network', { subnets: ['10.9.0.0'] }, /is no network/],
    ['bits behind the length', { subnets: ['10.9.0.5/24'] }, /the network is 10.9.0.0\/24/],
    ['too small', { subnets: ['10.9.0.0/31'] }, /is too small.*\/30 at least/],
    ['too small, IPv6', { subnets: ['fd00::/127'] }, /is too small.*\/126 at least/],
    ['too large', { subnets: ['10.0.0.0/7'] }, 'subnet 10.0.0.0/7 is too large: /8 at most'],
    ['everything', { subnets: ['0.0.0.0/0'] }, 'subnet 0.0.0.0/0 is not for hosts'],
    ['multicast', { subnets: ['224.1.0.0/16'] }, 'subnet 224.1.0.0/16 is not for hosts'],
    ['loopback', { subnets: ['127.9.0.0/16'] }, 'subnet 127.9.0.0/16 is not for hosts'],
    ['link-local', { subnets: ['fe80::/64'] }, 'subnet fe80::/64 is not for hosts'],
    [
      'gateway outside',
      { subnets: ['10.9.0.0/24'], gateways: ['10.8.0.1'] },
      "gateway 10.8.0.1 is outside of the network's subnets (10.9.0.0/24)",
    ],
    [
      'gateway of the chosen subnet',
      { gateways: ['10.8.0.1'] },
      "gateway 10.8.0.1 is outside of the network's subnets (172.17.0.0/16)",
    ],
    [
      'two gateways',
      { subnets: ['10.9.0.0/24'], gateways: ['10.9.0.1', '10.9.0.2'] },
      'gateway 10.9.0.2 is in the same subnet as 10.9.0.1',
    ],
    [
      'network address',
      { subnets: ['10.9.0.0/24'], gateways: ['10.9.0.0'] },
      'gateway 10.9.0.0 is the address of subnet 10.9.0.0/24 itself',
    ],
    [
      'broadcast address',
      { subnets: ['10.9.0.0/24'], gateways: ['10.9.0.255'] },
      'gateway 10.9.0.255 is the broadcast address of subnet 10.9.0.0/24',
    ],
    ['no gateway', { gateways: ['x'] }, '"x" is no address'],
    [
      'range outside',
      { subnets: ['10.9.0.0/24'], ipRanges: ['10.8.0.0/25'] },
      /ip-range 10.8.0.0\/25 is outside/,
    ],
    [
      'range wider',
      { subnets: ['10.9.0.0/24'], ipRanges: ['10.9.0.0/16'] },
      /ip-range 10.9.0.0\/16 is outside/,
    ],
    ['name taken', { name: 'lab0' }, 'network lab0 exists already'],
    ['option-like name', { name: '-rf' }, /starts with -/],
    ['slash', { name: '../x' }, /is no network name/],
    ['no name', { name: '' }, 'a network needs a name'],
    ['long name', { name: 'n'.repeat(64) }, /at most 48/],
    ['a mode', { name: 'host' }, 'a network cannot be called host: it is a mode'],
    ['MTU', { mtu: 67 }, /an MTU of 67 is not possible/],
    ['MTU for IPv6', { mtu: 1279, ipv6: true }, /an MTU of 1279 is not possible: it must be 1280/],
    ['MAC', { mac: '01:00:00:00:00:01' }, /stands for a group/],
    [
      'unknown option',
      { options: { 'com.docker.network.bridge.x': '1' } },
      'option com.docker.network.bridge.x is not known',
    ],
    ['a parent', { parent: 'eth0' }, 'a network of driver bridge has no place for a parent'],
    ['a VNI', { vni: 5 }, 'a network of driver bridge has no place for a VNI'],
  ]
  test.each(cases)('%s', (_what, fields, says) => {
    const found = refusals({ name: 'new', ...fields }, world)
    expect(found).toHaveLength(1)
    if (typeof says === 'string') expect(found[0]).toBe(says)
    else expect(found[0]).toMatch(says)
  })

  test('a nameserver of the host', () => {
    const dns: Dns = {
      mountNamespace: '1',
      netns: [netnsId(100)],
      path: '/proc/1/root',
      resolvConf: 'nameserver 10.53.0.2\n',
      hosts: '',
      nsswitch: 'files dns',
    }
    expect(refusals({ subnets: ['10.53.0.0/24'] }, hostWith({ world: { dns: [dns] } }))).toEqual([
      'subnet 10.53.0.0/24 overlaps 10.53.0.2, a nameserver of this host',
    ])
  })

  test('everything that is wrong with the addresses is told at once', () => {
    expect(refusals({ name: 'new', subnets: ['10.1.2.0/24', 'x', '10.9.0.0/31'] }, world)).toHaveLength(3)
  })

  test('a host without IPv6, without a firewall tool, without a free subnet, or that could not be read', () => {
    const none = hostWith({ netns: { links: [link('veth', { ifindex: 2, name: 'eth0' })], details: null } })
    expect(refusals({ ipv6: true }, none)).toEqual(['IPv6 is not in the kernel of this host'])
    expect(planFor(hostWith(), wish(), { tools: new Set(['ip']) })).toEqual([
      'neither nft nor iptables is on this host',
    ])
    const full = hostWith({
      routes: ['172.16.0.0/12', '192.168.0.0/16'].map((dst) => route({ dst, oif: 2 })),
    })
    expect(refusals({}, full)[0]).toMatch(/^no subnet is free/)
    expect(refusals({}, hostWith({ world: { labs: { unknown: 'EACCES' } } }))[0]).toMatch(
      /could not be read: EACCES/,
    )
    expect(refusals({}, hostWith({ netns: { addresses: { unknown: 'EPERM' } } }))[0]).toMatch(
      /addresses.*EPERM/,
    )
  })
})
