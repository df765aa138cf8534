/** What is said before an engine is asked for anything. */
import { expect, test } from 'vitest'
import type { Engine } from '../../../src/model/engine.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Intent } from '../../../src/model/intent.ts'
import { container, endpoint, network } from '../../support/engine.ts'
import { refusalsOf } from '../plain/support.ts'
import {
  connect,
  create,
  disconnect,
  docker,
  hostWith,
  made,
  networks,
  pool,
  remove,
} from './support-engine.ts'

const bridge = 'com.docker.network.bridge.'
const overlay = network('ov', null, {
  driver: 'overlay',
  scope: 'swarm',
  made: { ...made, attachable: false },
})
const inSwarm = (isManager: boolean): Partial<Engine> => ({
  swarm: { nodeId: 'n', address: '192.0.2.2', isManager },
  networks: [
    ...networks,
    overlay,
    network('ingress', null, { driver: 'overlay', scope: 'swarm', made: { ...made, ingress: true } }),
  ],
})

const cases: readonly (readonly [what: string, intent: Intent, says: RegExp, engine?: Partial<Engine>])[] = [
  ['a name that is taken', create({ name: 'own' }), /^network own of Docker exists already \(id of own/],
  ['a name of Docker’s', create({ name: 'host' }), /cannot be called host: Docker has one of its own/],
  ['a name of the swarm’s', create({ name: 'docker_gwbridge' }), /a swarm has one of its own/],
  ['a name as an option', create({ name: '-x' }), /starts with -/],
  ['an id for a name', create({ name: 'id of bridge' }), /is no network name/],
  ['a driver of one network', create({ driver: 'host' }), /one network of driver host alone/],
  ['ingress without overlay', create({ ingress: true }), /--ingress goes with --driver overlay/],
  ['a subnet with bits', create({ subnets: [pool('10.9.0.1/24')] }), /the network is 10\.9\.0\.0\/24/],
  [
    'a subnet of its own',
    create({ subnets: [pool('10.5.0.0/16')] }),
    /overlaps network own of docker \(10\.5\.0\.0\/24\)/,
  ],
  [
    'a subnet with a route',
    create({ subnets: [pool('10.200.7.0/24')] }),
    /overlaps route 10\.200\.0\.0\/16 by eth0/,
  ],
  [
    'a subnet with an address',
    create({ subnets: [pool('192.0.2.0/25')] }),
    /overlaps 192\.0\.2\.2\/24, an address of eth0/,
  ],
  [
    'two that overlap',
    create({ subnets: [pool('10.9.0.0/24'), pool('10.9.0.0/25')] }),
    /10\.9\.0\.0\/25 overlaps subnet 10\.9\.0\.0\/24/,
  ],
  [
    'a gateway outside',
    create({ subnets: [pool('10.9.0.0/24', { gateway: '10.9.1.1' })] }),
    /gateway 10\.9\.1\.1 is outside of subnet/,
  ],
  [
    'a gateway that is none',
    create({ subnets: [pool('10.9.0.0/24', { gateway: '10.9.0.255' })] }),
    /is the broadcast address/,
  ],
  [
    'a range outside',
    create({ subnets: [pool('10.9.0.0/24', { ipRange: '10.9.1.0/25' })] }),
    /ip-range 10\.9\.1\.0\/25 is outside/,
  ],
  [
    'a range that is wider',
    create({ subnets: [pool('10.9.0.0/24', { ipRange: '10.9.0.0/16' })] }),
    /ip-range 10\.9\.0\.0\/16 is outside/,
  ],
  [
    'a range by its ends',
    create({ subnets: [pool('10.9.0.0/24', { ipRange: '10.9.0.10-10.9.0.20' })] }),
    /Docker has no --ip-range FIRST-LAST/,
  ],
  [
    'an address set aside outside',
    create({ subnets: [pool('10.9.0.0/24', { auxAddresses: { a: '10.8.0.1' } })] }),
    /aux-address a 10\.8\.0\.1 is outside/,
  ],
  [
    'a bridge name too long',
    create({ options: { [`${bridge}name`]: 'a234567890123456' } }),
    /--bridge cannot be .* 16 bytes/,
  ],
  [
    'a bridge that is there',
    create({ options: { [`${bridge}name`]: 'br-own' } }),
    /^link br-own exists already \(bridge, ifindex 5\)/,
  ],
  [
    'a parent that is not there',
    create({ driver: 'macvlan', options: { parent: 'eth9' } }),
    /there is no link eth9 on this host for macvlan/,
  ],
  ['a VLAN that is none', create({ driver: 'macvlan', options: { parent: 'eth0.5000' } }), /5000 is no VLAN/],
  [
    'an option of another driver',
    create({ options: { parent: 'eth0' } }),
    /--parent is of driver macvlan and ipvlan, not bridge/,
  ],
  [
    'an option that came later',
    create({ options: { [`${bridge}gateway_mode_ipv4`]: 'routed' } }),
    /Docker 20\.10\.24 does not know --gateway-mode: it came with Docker 27\.0/,
  ],
  [
    'a value that came later',
    create({ options: { [`${bridge}gateway_mode_ipv4`]: 'nat-unprotected' } }),
    /does not know --gateway-mode nat-unprotected: it came with Docker 28\.0/,
    { version: '27.5.1' },
  ],
  [
    'isolated without internal',
    create({ options: { [`${bridge}gateway_mode_ipv4`]: 'isolated' } }),
    /it goes with --internal only/,
    { version: '28.2.2' },
  ],
  ['an overlay without a swarm', create({ driver: 'overlay' }), /needs a swarm, and this Docker is in none/],
  [
    'an overlay from a worker',
    create({ driver: 'overlay', swarmWide: true }),
    /does not manage it/,
    inSwarm(false),
  ],
  [
    'an overlay not said to be for all',
    create({ driver: 'overlay' }),
    /concerns every host of the swarm/,
    inSwarm(true),
  ],
  [
    'an overlay, nobody knows',
    create({ driver: 'overlay', swarmWide: true }),
    /whether Docker is in a swarm could not be read/,
    { swarm: undefined },
  ],

  ['removing what is not there', remove('nope'), /^there is no Docker network "nope"$/],
  ['removing Docker’s own', remove('bridge'), /is Docker’s own: it cannot be removed/],
  ['removing with a member', remove('own'), /^network own is in use: c1 is on it$/],
  ['removing an overlay', remove('ov'), /concerns every host of the swarm/, inSwarm(true)],
  [
    'removing an overlay that other hosts use',
    remove('ov', { force: true, swarmWide: true }),
    /^network ov is in use on other hosts of the swarm \(192\.0\.2\.3\)$/,
    {
      ...inSwarm(true),
      containers: [container('c9', 209, { endpoints: [endpoint('ov', { endpointId: 'e9' })] })],
      networks: [
        ...networks,
        {
          ...overlay,
          members: [{ containerId: container('c9', 209).id, name: 'c9', mac: null, ipv4: null, ipv6: null }],
          peers: [
            { name: 'a', address: '192.0.2.2' },
            { name: 'b', address: '192.0.2.3' },
          ],
        },
      ],
    },
  ],
  [
    'two of one name',
    remove('idle'),
    /^network "idle" could be idle \(id of idle\) or idle \(other\)$/,
    { networks: [...networks, network('idle', null, { id: 'other', made })] },
  ],

  ['connecting nobody', connect('idle', 'nope'), /there is no Docker container "nope"/],
  ['connecting to nothing', connect('nope', 'c1'), /there is no Docker network "nope"/],
  ['connecting mode host', connect('idle', 'h1'), /^h1 has the namespace of its host/],
  ['connecting mode none', connect('idle', 'n1'), /^n1 is of mode none/],
  ['connecting mode container', connect('idle', 'j1'), /^j1 shares .*c1/],
  ['connecting twice', connect('own', 'c1'), /^c1 is on network own of Docker already$/],
  ['connecting to a mode', connect('host', 'c1'), /^network host is Docker’s word for a mode/],
  [
    'an alias on the default network',
    connect('bridge', 'c1', { aliases: ['a'] }),
    /--alias goes with networks of one’s own only/,
  ],
  [
    'an address of somebody',
    connect('own', 'c2', { ip: '10.5.0.9' }),
    /--ip 10\.5\.0\.9 is the address of c1/,
  ],
  [
    'an address of the bridge',
    connect('own', 'c2', { ip: '10.5.0.1' }),
    /--ip 10\.5\.0\.1 is the address of bridge br-own/,
  ],
  [
    'an address set aside',
    connect('own', 'c2', { ip: '10.5.0.5' }),
    /--ip 10\.5\.0\.5 is set aside in network own \(router\)/,
  ],
  [
    'an address outside',
    connect('own', 'c2', { ip: '10.6.0.9' }),
    /--ip 10\.6\.0\.9 is outside of subnet 10\.5\.0\.0\/24/,
  ],
  ['an address that is none', connect('own', 'c2', { ip: '10.5.0' }), /"10\.5\.0" is no address/],
  ['an address of the other family', connect('own', 'c2', { ip6: '10.5.0.7' }), /is no IPv6 address/],
  ['IPv6 where there is none', connect('own', 'c2', { ip6: 'fd00::1' }), /network own has no IPv6 subnet/],
  [
    'a MAC before Docker 25',
    connect('own', 'c2', { mac: '02:00:00:00:00:01' }),
    /has no --mac-address where a container is connected/,
  ],
  [
    'a MAC of a group',
    connect('own', 'c2', { mac: '01:00:00:00:00:01' }),
    /stands for a group/,
    { version: '28.2.2' },
  ],
  [
    'a link to nobody',
    connect('own', 'c2', { links: ['nope:a'] }),
    /--link: there is no Docker container "nope"/,
  ],
  ['a link to itself', connect('own', 'c2', { links: ['c2:a'] }), /cannot be linked to itself/],
  ['a service’s overlay', connect('ov', 'c2'), /is for services alone/, inSwarm(true)],
  ['the routing mesh', connect('ingress', 'c2'), /is the swarm’s own/, inSwarm(true)],
  [
    'disconnecting who is not on it',
    disconnect('own', 'c2'),
    /^c2 is not on network own of Docker: it is on bridge$/,
  ],
  ['disconnecting a half-made place', disconnect('idle', 'half'), /^half is not on network idle/],
  [
    'networks that were not read',
    remove('own'),
    /the networks of Docker at .* could not be read: no answer/,
    { networks: { unknown: 'no answer' } },
  ],
  [
    'containers that were not read',
    remove('own'),
    /the containers of Docker at .* could not be read/,
    { containers: { unknown: 'no answer' } },
  ],
]

test.each(cases.map(([what, intent, says, fields]) => ({ what, intent, says, fields })))(
  '$what',
  ({ intent, says, fields = {} }) => {
    const refusals = refusalsOf(hostWith(docker(fields)), intent)
    expect(refusals).toEqual([expect.stringMatching(says)])
  },
)

test('which engine is meant', () => {
  const one = docker({ endpoint: '/run/one.sock' })
  const two = docker({ endpoint: '/run/two.sock' })
  const user = docker({ endpoint: '/run/user/1000/docker.sock', rootless: true, netns: netnsId(300) })
  const far = docker({ endpoint: '/proc/9/root/run/docker.sock', netns: netnsId(300) })
  expect(refusalsOf(hostWith(), create())).toEqual(['there is no Docker on this host'])
  expect(refusalsOf(hostWith(one, two), create())).toEqual([
    'several Docker engines run here: /run/one.sock, /run/two.sock',
  ])
  expect(refusalsOf(hostWith(far), create())).toEqual([
    'Docker runs on this machine, but not in this network namespace (/proc/9/root/run/docker.sock)',
  ])
  expect(refusalsOf(hostWith(one), create({ socket: '/run/three.sock' }))).toEqual([
    'no Docker answers at /run/three.sock',
  ])
  const isMade = ['not refused: make network web of Docker']
  expect(refusalsOf(hostWith(one, user, far), create())).toEqual(isMade)
  expect(refusalsOf(hostWith(user), create())).toEqual(isMade)
  expect(refusalsOf(hostWith(one, two), create({ socket: '/run/two.sock' }))).toEqual(isMade)
  expect(refusalsOf(hostWith(far), create({ socket: far.endpoint }))).toEqual(isMade)
})

test('what is in the way of nobody', () => {
  const onParent = { driver: 'macvlan', options: { parent: 'eth0' } } as const
  const world = hostWith(docker())
  // Members are in the parent's own network.
  expect(refusalsOf(world, create({ ...onParent, subnets: [pool('192.0.2.0/24')] }))).toEqual([
    'not refused: make network web of Docker (192.0.2.0/24)',
  ])
  expect(refusalsOf(world, create({ ...onParent, subnets: [pool('10.5.0.0/24')] }))).toEqual([
    'subnet 10.5.0.0/24 overlaps network own of docker (10.5.0.0/24)',
  ])
  // Docker makes the VLAN itself.
  expect(refusalsOf(world, create({ driver: 'macvlan', options: { parent: 'eth0.10' } }))).toEqual([
    'not refused: make network web of Docker',
  ])
  expect(refusalsOf(hostWith(docker(inSwarm(true))), remove('ov', { swarmWide: true }))).toEqual([
    'not refused: remove network ov of Docker',
  ])
})

test('an overlay is not in use elsewhere where only this host is told, or this host is not found among them', () => {
  const plan = remove('ov', { force: true, swarmWide: true })
  for (const address of ['192.0.2.2', '10.0.0.9']) {
    const told = { ...overlay, peers: [{ name: 'a', address }] }
    const world = hostWith(docker({ ...inSwarm(true), networks: [...networks, told] }))
    expect(refusalsOf(world, plan)).toEqual(['not refused: remove network ov of Docker'])
  }
})

test('the load balancer of an overlay is nobody who is on it, also while it comes or goes', () => {
  const plan = remove('ov', { swarmWide: true })
  const on = (containerId: string, name: string) => {
    const members = [{ containerId, name, mac: null, ipv4: null, ipv6: null }]
    return hostWith(docker({ ...inSwarm(true), networks: [...networks, { ...overlay, members }] }))
  }
  for (const id of ['lb-ov', 'ep-4f3a21c0d5e6'])
    expect(refusalsOf(on(id, 'ov-endpoint'), plan)).toEqual(['not refused: remove network ov of Docker'])
  expect(refusalsOf(on('ep-4f3a21c0d5e6', 'other'), plan)).toEqual([
    'network ov is in use by other, which the engine does not list as a container',
  ])
})
