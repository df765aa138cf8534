import { expect, test } from 'vitest'
import type { Endpoint, EngineNetwork } from '../../src/model/engine.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { LabNetwork, LabNode } from '../../src/model/lab.ts'
import type { World } from '../../src/model/world.ts'
import { networkFileOf, type ExportWish } from '../../src/netfile/from-world.ts'
import { hostWith, network } from '../change/lab/support-nets.ts'
import { container, endpoint, engine, network as dockerNetwork } from '../support/docker-world.ts'
import { address, link, loopback, netns, route } from '../support/world.ts'

const exported = (world: World, wish: Partial<ExportWish> = {}) => {
  const made = networkFileOf(world, { networks: [], ...wish })
  if (!made.ok) throw new Error(made.failure.what)
  return made.value
}
const refusal = (world: World, wish: Partial<ExportWish>) => {
  const made = networkFileOf(world, { networks: [], ...wish })
  return made.ok ? null : made.failure
}

const lab = { engine: 'lab', driver: 'bridge' } as const
/** As vethscope makes it on vm01. */
const net = (name: string, fields: Partial<LabNetwork> = {}): LabNetwork => ({
  ...network,
  name,
  bridge: name,
  ...fields,
})
const node = (name: string, fields: Partial<LabNode> = {}): LabNode => ({
  name,
  mode: 'bridge',
  of: null,
  endpoints: [],
  ports: [],
  created: '2026-11-21T13:00:00.000Z',
  ...fields,
})
const on = (name: string, at: number, fields: Partial<LabNode['endpoints'][number]> = {}) => ({
  network: name,
  link: `eth${at}`,
  hostLink: `v-${name}-${at}`,
  mac: '02:42:ac:14:00:02',
  ipv4: '172.20.0.2/16',
  ipv6: null,
  aliases: [],
  isDefault: at === 0,
  links: [],
  ...fields,
})

test('an empty host is an empty file', () => {
  expect(exported(hostWith())).toEqual({ file: { vethscope: 1 }, left: [], unread: [] })
})

test('of a network only what is not the default', () => {
  const networks = [
    net('plain', { mac: null }),
    net('special', {
      subnets: [
        { subnet: '10.9.0.0/24', gateway: '10.9.0.254', ipRange: '10.9.0.128/25' },
        { subnet: 'fd00:9::/64', gateway: 'fd00:9::1', ipRange: null },
      ],
      ipv6: true,
      internal: true,
      icc: false,
      masquerade: false,
      mtu: 1400,
      mac: '02:00:00:00:00:77',
      options: { 'com.docker.network.bridge.name': 'br9', 'com.docker.network.driver.mtu': '1400' },
      labels: { who: 'me' },
    }),
    net('theirs', { bridge: 'br0', ownsBridge: false, mac: '02:00:00:00:00:01' }),
    net('wire', {
      driver: 'macvlan',
      bridge: null,
      ownsBridge: false,
      parent: 'eth0',
      mode: 'bridge',
      masquerade: false,
      mac: null,
      subnets: [{ subnet: '192.0.2.0/24', gateway: '192.0.2.1', ipRange: null }],
    }),
    net('far', {
      driver: 'vxlan',
      mac: null,
      mtu: 1450,
      vxlan: { link: 'vx-42', vni: 42, local: '192.0.2.10', remotes: ['192.0.2.20'], dstport: 4789 },
    }),
  ]
  const host = hostWith({
    lab: { networks },
    links: [link('bridge', { ifindex: 30, name: 'br0' })],
  })
  expect(exported(host).file).toEqual({
    vethscope: 1,
    networks: {
      plain: { ...lab, subnets: [{ subnet: '172.20.0.0/16' }] },
      special: {
        ...lab,
        subnets: [
          { subnet: '10.9.0.0/24', gateway: '10.9.0.254', ip_range: '10.9.0.128/25' },
          { subnet: 'fd00:9::/64' },
        ],
        internal: true,
        icc: false,
        masquerade: false,
        mtu: 1400,
        mac: '02:00:00:00:00:77',
        options: { 'com.docker.network.bridge.name': 'br9' },
        labels: { who: 'me' },
      },
      theirs: { ...lab, subnets: [{ subnet: '172.20.0.0/16' }], bridge: 'br0' },
      wire: {
        engine: 'lab',
        driver: 'macvlan',
        subnets: [{ subnet: '192.0.2.0/24', gateway: '192.0.2.1' }],
        parent: 'eth0',
      },
      far: {
        engine: 'lab',
        driver: 'vxlan',
        subnets: [{ subnet: '172.20.0.0/16' }],
        vxlan: { vni: 42, local: '192.0.2.10', remotes: ['192.0.2.20'] },
      },
    },
  })
})

test('nodes: who is linked to or joined comes first; addresses, own MACs, ports in short', () => {
  const ports = ['0.0.0.0', '::'].flatMap((hostIp) => [
    { hostIp, hostPort: 8080, port: 80, protocol: 'tcp' as const },
    { hostIp, hostPort: 8081, port: 81, protocol: 'tcp' as const },
  ])
  const nodes = [
    node('app', {
      endpoints: [
        on('lab0', 0, { ipv6: 'fd00::2/64', aliases: ['www'], links: [{ node: 'zdb', alias: 'db' }] }),
        on('lab1', 1, { mac: '02:00:00:00:00:99', ipv4: '172.21.0.2/16' }),
      ],
      ports: [...ports, { hostIp: '127.0.0.1', hostPort: 53, port: 53, protocol: 'udp' }],
    }),
    node('alone', { mode: 'none' }),
    node('beside', { mode: 'container', of: 'zdb' }),
    node('zdb', { endpoints: [on('lab0', 1, { links: [] })], hosts: { far: '10.0.0.9' } }),
  ]
  const { file, left } = exported(hostWith({ lab: { networks: [net('lab0'), net('lab1')], nodes } }))
  expect(Object.entries(file.nodes ?? {})).toEqual([
    ['alone', { mode: 'none' }],
    ['zdb', { networks: [{ name: 'lab0', ip: '172.20.0.2' }], hosts: { far: '10.0.0.9' } }],
    [
      'app',
      {
        networks: [
          { name: 'lab0', ip: '172.20.0.2', ip6: 'fd00::2', aliases: ['www'], links: ['zdb:db'] },
          { name: 'lab1', ip: '172.21.0.2', mac: '02:00:00:00:00:99' },
        ],
        ports: ['8080-8081:80-81', '127.0.0.1:53:53/udp'],
      },
    ],
    ['beside', { mode: 'container:zdb' }],
  ])
  expect(left).toEqual(['the link of node zdb on network lab0 is eth1; made from this file it is eth0'])
})

test('routes of a node beside its networks’ own, an address that no network gave, a route that a file cannot say', () => {
  const inside = netns(200, 'web', {
    links: [loopback(), link('veth', { ifindex: 2, name: 'eth0' })],
    addresses: [address(2, '172.20.0.2/16'), address(2, '172.20.9.9/16')],
    routes: [
      route({ dst: 'default', gateway: '172.20.0.1', oif: 2 }),
      route({ dst: '172.20.0.0/16', oif: 2, protocol: 'kernel', scope: 'link' }),
      route({ dst: '10.0.0.0/8', gateway: '172.20.0.9', oif: 2, metric: 50 }),
      route({ dst: 'default', gateway: '172.20.0.8', oif: 2, metric: 100 }),
      route({ dst: '10.1.0.0/16', type: 'blackhole' }),
      route({ dst: '10.2.0.0/16', oif: 2, table: 100 }),
      route({ dst: '10.3.0.0/16', oif: 2, protocol: 'bird' }),
      route({ dst: 'fd07::/64', oif: 2, metric: 1024 }),
    ],
  })
  const world = hostWith({
    lab: { networks: [net('lab0')], nodes: [node('web', { endpoints: [on('lab0', 0)] })] },
  })
  const { file, left } = exported({ ...world, netns: [...world.netns, inside] })
  expect(file.nodes?.['web']?.routes).toEqual([
    { to: '10.0.0.0/8', via: '172.20.0.9', metric: 50 },
    { to: 'default', via: '172.20.0.8', metric: 100 },
    { to: 'fd07::/64', link: 'eth0' },
  ])
  expect(left).toEqual([
    'route blackhole 10.1.0.0/16 of web',
    'route 10.2.0.0/16 dev eth0 table 100 of web',
    'address 172.20.9.9/16 of eth0 in web',
  ])
})

/** A veth pair between two namespaces; ifindexes as given. */
const pair = (
  one: { readonly id: number; readonly ifindex: number; readonly name: string },
  other: { readonly id: number; readonly ifindex: number; readonly name: string },
) =>
  [
    link('veth', {
      ifindex: one.ifindex,
      name: one.name,
      lower: { ifindex: other.ifindex, nsid: 1 as never },
    }),
    link('veth', {
      ifindex: other.ifindex,
      name: other.name,
      lower: { ifindex: one.ifindex, nsid: 1 as never },
    }),
  ] as const

const seenAs = (id: number) => [{ nsid: 1 as never, id: netnsId(id) }]

test('a hand-made lab: veth pairs between named namespaces, with addresses and routes', () => {
  const [va, vb] = pair({ id: 300, ifindex: 2, name: 'va' }, { id: 400, ifindex: 3, name: 'vb' })
  const a = netns(300, 'a', {
    links: [loopback(), { ...va, mtu: 1400 }, link('vxlan', { ifindex: 9, name: 'vx9' })],
    nsids: seenAs(400),
    addresses: [
      address(2, '10.0.0.1/24'),
      address(2, 'fe80::1/64', { scope: 'link' }),
      address(2, '10.0.0.77/24', { flags: [] }),
    ],
    routes: [route({ dst: 'default', gateway: '10.0.0.2', oif: 2 })],
  })
  const b = netns(400, 'b', {
    links: [loopback(), { ...vb, mtu: 1400, flags: ['BROADCAST', 'MULTICAST'] }],
    nsids: seenAs(300),
  })
  const empty = netns(500, 'empty')
  const world = hostWith()
  expect(exported({ ...world, netns: [...world.netns, a, b, empty] })).toEqual({
    file: {
      vethscope: 1,
      nodes: { a: { mode: 'none', routes: [{ to: 'default', via: '10.0.0.2' }] }, b: { mode: 'none' } },
      links: [
        {
          ends: [
            { in: 'a', name: 'va', addresses: ['10.0.0.1/24'] },
            { in: 'b', name: 'vb' },
          ],
          mtu: 1400,
        },
      ],
    },
    left: ['vb in b is down; made from this file it is up', 'vxlan vx9 in a'],
    unread: [],
  })
})

test('a pair whose end is a port of a bridge is named, not written', () => {
  const [vh, vp] = pair({ id: 100, ifindex: 7, name: 'vh' }, { id: 300, ifindex: 2, name: 'eth0' })
  const world = hostWith({
    links: [link('bridge', { ifindex: 30, name: 'br9' }), { ...vh, master: 30, slaveKind: 'bridge' }],
    netns: { nsids: seenAs(300) },
  })
  const a = netns(300, 'a', { links: [loopback(), vp], nsids: seenAs(100) })
  expect(exported({ ...world, netns: [...world.netns, a] })).toEqual({
    file: { vethscope: 1 },
    left: ['veth pair eth0 in a ⇄ vh in host: vh is a port of br9, which is no network of the lab'],
    unread: [],
  })
})

const made = {
  attachable: false,
  ingress: false,
  ipamDriver: 'default',
  ipamOptions: {},
  configOnly: false,
  configFrom: null,
}
const dockerNet = (name: string, fields: Partial<EngineNetwork> = {}): EngineNetwork => ({
  ...dockerNetwork(name, `br-${name}`, '172.18.0.0/16'),
  made,
  ...fields,
})
const placed = (name: string, fields: Partial<Endpoint>): Endpoint => ({
  ...endpoint(name, '172.18.0.2/16'),
  networkId: name,
  ...fields,
})

test('networks of Docker: not its own, nor those that a file cannot say; containers on them', () => {
  const web = container('web', null)
  const docker = engine({
    endpoint: '/run/docker.sock',
    networks: [
      dockerNet('bridge'),
      dockerNet('front', {
        subnets: [
          {
            subnet: '172.18.0.0/16',
            gateway: '172.18.0.1',
            ipRange: '172.18.5.0/24',
            auxAddresses: { router: '172.18.5.9' },
          },
        ],
        options: {
          'com.docker.network.bridge.enable_icc': 'false',
          'com.docker.network.bridge.enable_ip_masquerade': '0',
          'com.docker.network.driver.mtu': '1400',
          'com.docker.network.bridge.name': 'br-front',
        },
        labels: { a: 'b' },
        internal: true,
        made: { ...made, attachable: true },
      }),
      dockerNet('mesh', {
        driver: 'overlay',
        scope: 'swarm',
        bridge: null,
        options: { 'com.docker.network.driver.overlay.vxlanid_list': '4097', encrypted: '' },
        made: { ...made, attachable: true },
      }),
      dockerNet('way-in', { driver: 'overlay', scope: 'swarm', made: { ...made, ingress: true } }),
      dockerNet('of-all', { driver: 'macvlan', scope: 'swarm' }),
      dockerNet('config', { made: { ...made, configOnly: true } }),
      dockerNet('wire', {
        driver: 'macvlan',
        parent: 'eth0',
        bridge: null,
        options: { parent: 'eth0', macvlan_mode: 'vepa' },
      }),
    ],
    containers: [
      {
        ...web,
        endpoints: [
          placed('bridge', {}),
          placed('front', {
            aliases: [web.id.slice(0, 12), 'www'],
            asked: {
              ipv4: null,
              ipv6: null,
              linkLocal: ['169.254.1.1'],
              links: ['/db:store'],
              options: { a: 'b' },
              mac: null,
            },
          }),
        ],
      },
      container('plain', null, { endpoints: [placed('bridge', {})] }),
      container('api.1.x', null, {
        labels: { 'com.docker.swarm.service.name': 'api' },
        endpoints: [placed('mesh', {})],
      }),
      container('beside', null, { joins: web.id, endpoints: [placed('front', {})] }),
      container('asleep', null, {
        state: 'exited',
        endpoints: [
          placed('wire', {
            ipv4: null,
            asked: { ipv4: '172.18.0.77', ipv6: null, linkLocal: [], links: [], options: {}, mac: null },
          }),
        ],
      }),
    ],
  })
  expect(exported(hostWith({ world: { engines: [docker] } }))).toEqual({
    file: {
      vethscope: 1,
      networks: {
        front: {
          engine: 'docker',
          driver: 'bridge',
          subnets: [
            {
              subnet: '172.18.0.0/16',
              gateway: '172.18.0.1',
              ip_range: '172.18.5.0/24',
              aux_addresses: { router: '172.18.5.9' },
            },
          ],
          internal: true,
          icc: false,
          mtu: 1400,
          bridge: 'br-front',
          attachable: true,
          // Written otherwise than a key would be.
          options: { 'com.docker.network.bridge.enable_ip_masquerade': '0' },
          labels: { a: 'b' },
        },
        mesh: {
          engine: 'docker',
          driver: 'overlay',
          subnets: [{ subnet: '172.18.0.0/16' }],
          attachable: true,
          swarm_wide: true,
          options: { encrypted: '' },
        },
        wire: {
          engine: 'docker',
          driver: 'macvlan',
          subnets: [{ subnet: '172.18.0.0/16' }],
          parent: 'eth0',
          mode: 'vepa',
        },
      },
      containers: {
        asleep: { engine: 'docker', networks: [{ name: 'wire', ip: '172.18.0.77' }] },
        web: {
          engine: 'docker',
          networks: [{ name: 'front', ip: '172.18.0.2', aliases: ['www'], links: ['db:store'] }],
        },
      },
    },
    left: [
      'network config of docker: it is only a configuration for others',
      'network of-all of docker: it is the whole swarm’s, and of driver macvlan',
      'network way-in of docker: it is the swarm’s own: by it published ports of services come in',
      'container api.1.x on mesh: its service api puts it there',
      'link-local addresses of container web on network front',
      'options of container web on network front: a',
    ],
    unread: [],
  })
})

const both = hostWith({
  lab: {
    networks: [net('shared'), net('own')],
    nodes: [
      node('web', { endpoints: [on('own', 0), on('shared', 1)] }),
      node('beside', { mode: 'container', of: 'web' }),
      node('away', { endpoints: [on('shared', 0)] }),
    ],
  },
  world: { engines: [engine({ networks: [dockerNet('shared'), dockerNet('theirs')] })] },
})

test('some networks: who is on them, and where else those are', () => {
  const { file, left } = exported(both, { networks: ['own'] })
  expect(file.networks && Object.keys(file.networks)).toEqual(['own'])
  expect(file.nodes).toEqual({
    web: { networks: [{ name: 'own', ip: '172.20.0.2' }] },
    beside: { mode: 'container:web' },
  })
  expect(left).toEqual(['node web is also on network shared'])
})

test('a name that two have: the first stays, the other is named; asked for by name it must be said whose', () => {
  const { file, left } = exported(both)
  expect(file.networks?.['shared']?.engine).toBe('lab')
  expect(left).toContain('network shared of docker: another network of this name is in the file')
  expect(refusal(both, { networks: ['shared'] })).toMatchObject({
    kind: 'ambiguous',
    what: 'network "shared" could be that of lab or docker',
  })
  expect(exported(both, { networks: ['shared'], engine: 'docker' }).file).toMatchObject({
    networks: { shared: { engine: 'docker' } },
  })
})

test('one engine alone', () => {
  expect(exported(both, { engine: 'docker' }).file).not.toHaveProperty('nodes')
  expect(Object.keys(exported(both, { engine: 'lab' }).file.networks ?? {})).toEqual(['own', 'shared'])
  expect(exported(both, { engine: 'podman' }).file).toEqual({ vethscope: 1 })
})

test('a network that is not there, that cannot be exported, that could not be read', () => {
  expect(refusal(both, { networks: ['nope', 'own'] })).toEqual({
    kind: 'not-found',
    what: 'there is no network nope that could be exported',
    subject: 'nope',
    hint: 'there are own, shared, theirs',
  })
  const swarm = hostWith({
    world: { engines: [engine({ networks: [dockerNet('mesh', { scope: 'swarm' })] })] },
  })
  expect(refusal(swarm, { networks: ['mesh'] })?.what).toMatch(
    /^cannot export network mesh of docker: it is the whole swarm’s, and of driver bridge/,
  )
  const unread = hostWith({ world: { labs: { unknown: 'permission denied' } } })
  expect(exported(unread)).toEqual({
    file: { vethscope: 1 },
    left: [],
    unread: ['the lab: permission denied'],
  })
  expect(refusal(unread, { networks: ['lab0'] })?.kind).toBe('permission')
  const silent = hostWith({ world: { engines: [engine({ networks: { unknown: 'it hangs' } })] } })
  expect(exported(silent).unread).toEqual([
    'networks of docker: the networks of Docker at /run/docker.sock could not be read: it hangs',
  ])
})
