/** What is asked of Docker, and what takes it back. */
import { expect, test } from 'vitest'
import type { Command, Plan } from '../../../src/model/plan.ts'
import { container, endpoint, network } from '../../support/engine.ts'
import { planFor } from '../plain/support.ts'
import {
  asked as wished,
  connect,
  containers,
  create,
  disconnect,
  docker,
  hostWith,
  made,
  networks,
  pool,
  remove,
} from './support-engine.ts'

const world = hostWith(docker())

const asked = ({ request, input }: Command): readonly unknown[] => [
  request?.method,
  request?.path,
  ...(input === undefined ? [] : [JSON.parse(input)]),
]
const stepsOf = ({ steps }: Plan) =>
  steps.map(({ command, undo }) => ({
    asks: asked(command),
    back: 'irreversible' in undo ? undo.irreversible : undo.map(asked),
  }))
const created = (name: string, fields: object): object => ({
  Name: name,
  CheckDuplicate: true,
  Driver: 'bridge',
  IPAM: { Driver: 'default', Options: {}, Config: [] },
  Internal: false,
  Attachable: false,
  Ingress: false,
  ConfigOnly: false,
  ConfigFrom: null,
  Options: {},
  Labels: {},
  ...fields,
})
const placed = (Container: string, fields: object): object => ({
  Container,
  EndpointConfig: { IPAMConfig: {}, Links: null, Aliases: [], DriverOpts: {}, ...fields },
})

test('made, with all that Docker has a word for', () => {
  const plan = planFor(
    world,
    create({
      subnets: [
        pool('10.9.0.0/24', {
          gateway: '10.9.0.9',
          ipRange: '10.9.0.128/25',
          auxAddresses: { a: '10.9.0.5' },
        }),
        pool('fd00:9::/64'),
      ],
      ipv6: true,
      internal: true,
      attachable: true,
      options: { 'com.docker.network.bridge.name': 'web0' },
      labels: { k: 'v' },
    }),
  )
  expect(stepsOf(plan)).toEqual([
    {
      asks: [
        'POST',
        '/networks/create',
        created('web', {
          EnableIPv6: true,
          IPAM: {
            Driver: 'default',
            Options: {},
            Config: [
              {
                Subnet: '10.9.0.0/24',
                Gateway: '10.9.0.9',
                IPRange: '10.9.0.128/25',
                AuxiliaryAddresses: { a: '10.9.0.5' },
              },
              { Subnet: 'fd00:9::/64' },
            ],
          },
          Internal: true,
          Attachable: true,
          Options: { 'com.docker.network.bridge.name': 'web0' },
          Labels: { k: 'v' },
        }),
      ],
      back: [['DELETE', '/networks/web']],
    },
  ])
  expect(plan.steps[0]?.touches).toEqual([
    { path: ['engine:/run/docker.sock', 'network:web'], how: 'add' },
    { path: ['host', 'link:web0'], how: 'add' },
  ])
})

test('removed with who is on it: what takes it back makes it and connects them with their addresses', () => {
  expect(stepsOf(planFor(world, remove('own', { force: true })))).toEqual([
    {
      asks: ['POST', '/networks/own/disconnect', { Container: 'c1', Force: false }],
      back: [
        [
          'POST',
          '/networks/own/connect',
          placed('c1', {
            IPAMConfig: { IPv4Address: '10.5.0.9' },
            Links: ['c2:other'],
            Aliases: ['www'],
            DriverOpts: { a: 'b' },
          }),
        ],
      ],
    },
    {
      asks: ['DELETE', '/networks/own'],
      back: [
        [
          'POST',
          '/networks/create',
          created('own', {
            IPAM: {
              Driver: 'default',
              Options: {},
              Config: [
                { Subnet: '10.5.0.0/24', IPRange: '10.5.0.0/25', AuxiliaryAddresses: { router: '10.5.0.5' } },
              ],
            },
            Labels: { of: 'us' },
          }),
        ],
      ],
    },
  ])
})

test('where Docker chose the subnet, an address is asked for only once the network was made again with it', () => {
  const plan = planFor(world, remove('auto', { force: true }))
  const [off, gone] = stepsOf(plan)
  expect(off?.back).toEqual([['POST', '/networks/auto/connect', placed('c1', {})]])
  expect(gone?.back).toMatchObject([
    ['POST', '/networks/create', { Name: 'auto' }],
    ['POST', '/networks/auto/connect', placed('c1', { IPAMConfig: { IPv4Address: '172.18.0.2' } })],
  ])
  // It is on the network already then.
  const [first] = plan.steps
  expect(first === undefined || 'irreversible' in first.undo ? null : first.undo[0]?.also).toEqual([22])
  expect(planFor(world, disconnect('auto', 'c1')).notes.join()).toContain(
    'may get another address than 172.18.0.2 on network auto',
  )
})

test('what a newer Docker tells of the default route is asked for again', () => {
  const first = containers.map((each) => ({
    ...each,
    endpoints: each.endpoints.map((place) => ({ ...place, asked: { ...wished, gwPriority: -5 } })),
  }))
  const newer = hostWith(docker({ version: '28.2.2', containers: first }))
  expect(stepsOf(planFor(newer, disconnect('own', 'c1')))).toMatchObject([
    { back: [['POST', '/networks/own/connect', { EndpointConfig: { GwPriority: -5 } }]] },
  ])
})

test('one that is stopped is told the new network, too: Docker remembers the id of the old one', () => {
  const place = { asked: { ...wished, ipv4: '10.6.0.77', links: ['c1:one'] } }
  const stopped = container('s2', null, { endpoints: [endpoint('idle', place)] })
  const never = container('s3', null, { endpoints: [endpoint('idle', { ...place, networkId: '' })] })
  const plan = planFor(hostWith(docker({ containers: [...containers, stopped, never] })), remove('idle'))
  expect(stepsOf(plan)).toMatchObject([
    {
      asks: ['DELETE', '/networks/idle'],
      back: [
        ['POST', '/networks/create', { Name: 'idle' }],
        [
          'POST',
          '/networks/idle/connect',
          placed('s2', { IPAMConfig: { IPv4Address: '10.6.0.77' }, Links: ['c1:one'] }),
        ],
      ],
    },
  ])
})

test('taken off, with what it asked for', () => {
  const plan = planFor(world, disconnect('own', 'c1'))
  expect(stepsOf(plan)).toMatchObject([
    {
      asks: ['POST', '/networks/own/disconnect', { Container: 'c1', Force: false }],
      back: [
        ['POST', '/networks/own/connect', { EndpointConfig: { IPAMConfig: { IPv4Address: '10.5.0.9' } } }],
      ],
    },
  ])
  expect(plan.steps[0]?.before).toEqual([
    {
      kind: 'engine-endpoint',
      engine: 'docker',
      socket: '/run/docker.sock',
      network: 'own',
      container: 'c1',
      there: true,
      is: { ipv4: '10.5.0.9' },
    },
  ])
})

test('a Docker that takes MAC addresses gives the same one again', () => {
  const newer = hostWith(docker({ version: '28.2.2' }))
  expect(stepsOf(planFor(newer, disconnect('own', 'c1')))).toMatchObject([
    { back: [['POST', '/networks/own/connect', { EndpointConfig: { MacAddress: '02:42:0a:05:00:09' } }]] },
  ])
})

test('connected, also by the beginning of its id; one that is not placed yet can be', () => {
  const [, c2] = containers
  expect(
    stepsOf(planFor(world, connect('own', c2?.id.slice(0, 8) ?? '', { ip: '10.5.0.77', aliases: ['a'] }))),
  ).toEqual([
    {
      asks: [
        'POST',
        '/networks/own/connect',
        placed('c2', { IPAMConfig: { IPv4Address: '10.5.0.77' }, Aliases: ['a'] }),
      ],
      back: [['POST', '/networks/own/disconnect', { Container: 'c2', Force: false }]],
    },
  ])
  expect(planFor(world, connect('idle', 'half')).steps).toHaveLength(1)
  expect(planFor(world, connect('idle', 's1')).notes).toEqual([
    's1 does not run (exited): it has an address there when it starts',
  ])
})

test('pruned is exactly what nobody is on, each by itself; what stays says why', () => {
  const overlay = network('ov', null, { driver: 'overlay', scope: 'swarm', made })
  const config = network('cfg', null, { made: { ...made, configOnly: true } })
  const plan = planFor(hostWith(docker({ networks: [...networks, overlay, config] })), {
    kind: 'engine-net-prune',
    engine: 'docker',
  })
  expect(plan.title).toBe('remove network idle of Docker')
  expect(stepsOf(plan)).toMatchObject([
    { asks: ['DELETE', '/networks/idle'], back: [['POST', '/networks/create', { Name: 'idle' }]] },
  ])
  expect(plan.notes).toEqual([
    'undone, it comes back with another id',
    'network waited stays: s1 would not start without it; net rm removes it',
    'network ov stays: it is of the whole swarm; net rm --swarm-wide removes it',
    'network cfg stays: it is a configuration that others are made from',
  ])
})

test('what cannot be brought back says so', () => {
  const of = (name: string, fields: object): Plan =>
    planFor(hostWith(docker({ networks: [...networks, network(name, null, fields)] })), remove(name))
  expect(stepsOf(of('copy', { made: { ...made, configFrom: 'gone' } }))).toMatchObject([
    { back: 'network copy was made from configuration gone, which is gone' },
  ])
  expect(stepsOf(of('old', {}))).toMatchObject([
    { back: 'the engine did not tell all that network old was made of' },
  ])
  // From a configuration that is there nothing else is told.
  expect(stepsOf(of('copy', { made: { ...made, configFrom: 'idle' }, labels: { a: 'b' } }))).toMatchObject([
    {
      back: [
        ['POST', '/networks/create', { ConfigFrom: { Network: 'idle' }, Labels: {}, IPAM: { Config: [] } }],
      ],
    },
  ])
})

test('made again without IPv4 where it had none, and connected without the name that Docker adds itself', () => {
  const own = networks.map((each) =>
    each.name === 'own' ? { ...each, made: { ...made, ipv4: false } } : each,
  )
  const named = containers.map((each) => ({
    ...each,
    hostName: 'box',
    endpoints: each.endpoints.map((place) => ({ ...place, aliases: [...place.aliases, 'box'] })),
  }))
  const [off, gone] = stepsOf(
    planFor(hostWith(docker({ networks: own, containers: named })), remove('own', { force: true })),
  )
  expect(gone?.back).toMatchObject([['POST', '/networks/create', { Name: 'own', EnableIPv4: false }]])
  expect(off?.back).toMatchObject([
    ['POST', '/networks/own/connect', { EndpointConfig: { Aliases: ['www'] } }],
  ])
})
