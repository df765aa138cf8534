/** What is asked of Podman, and what takes it back: where it is not as with Docker. */
import { expect, test } from 'vitest'
import type { Engine } from '../../../src/model/engine.ts'
import type { Command, Plan } from '../../../src/model/plan.ts'
import { unknown } from '../../../src/model/known.ts'
import { container, endpoint, engine, network } from '../../support/engine.ts'
import { planFor, refusalsOf } from '../plain/support.ts'
import { connect, create, disconnect, hostWith, made, pool, remove } from './support-engine.ts'

const web = container('web', 200, {
  mode: 'bridge',
  endpoints: [endpoint('net1', { ipv4: '10.91.0.66/24', mac: '02:00:00:00:00:66', aliases: ['www'] })],
})
const alias = web.id.slice(0, 12)
const containers = [
  { ...web, endpoints: web.endpoints.map((each) => ({ ...each, aliases: ['www', alias] })) },
  container('ended', null, { mode: 'bridge', endpoints: [endpoint('net1')] }),
  // Podman repeats the places of the other one.
  container('joined', 200, {
    mode: `container:${web.id}`,
    modeKind: 'container',
    joins: web.id,
    endpoints: web.endpoints,
  }),
]
const networks = [
  network('podman', 'podman0', { made, subnets: [{ subnet: '10.88.0.0/16', gateway: '10.88.0.1' }] }),
  network('net1', 'podman1', {
    made: { ...made, ipamDriver: 'host-local', dns: false },
    subnets: [{ subnet: '10.91.0.0/24', gateway: '10.91.0.1', ipRange: '10.91.0.64/26' }],
    labels: { team: 'a' },
    options: { mtu: '1400' },
    members: [{ containerId: web.id, name: 'web', mac: null, ipv4: '10.91.0.66/24', ipv6: null }],
  }),
]
const podman = (fields: Partial<Engine> = {}): Engine =>
  engine(containers, {
    engine: 'podman',
    endpoint: '/run/podman/podman.sock',
    version: '4.3.1',
    networks,
    ...fields,
  })
const host = hostWith(podman())
const of = <T extends object>(intent: T) => ({ ...intent, engine: 'podman' as const })

const asked = ({ request, input }: Command): readonly unknown[] => [
  `${request?.method} ${request?.path.replace('/v4.0.0/libpod/networks', '')}`,
  ...(input === undefined ? [] : [JSON.parse(input)]),
]
const stepsOf = ({ steps }: Plan) =>
  steps.map(({ command, undo }) => ({
    asks: asked(command),
    back: 'irreversible' in undo ? undo.irreversible : undo.map(asked),
  }))

test('who does not run keeps a network, too; who shares a namespace does not', () => {
  expect(refusalsOf(host, of(remove('net1')))).toEqual(['network net1 is in use: web, ended are on it'])
  const steps = stepsOf(planFor(host, of(remove('net1', { force: true }))))
  const again = {
    container: 'web',
    static_ips: ['10.91.0.66'],
    static_mac: '02:00:00:00:00:66',
    aliases: ['www'],
  }
  expect(steps).toEqual([
    {
      asks: ['POST /net1/disconnect', { Container: 'web', Force: false }],
      back: [['POST /net1/connect', again]],
    },
    {
      asks: ['POST /net1/disconnect', { Container: 'ended', Force: false }],
      back: [['POST /net1/connect', { container: 'ended' }]],
    },
    {
      asks: ['DELETE /net1'],
      back: [
        [
          'POST /create',
          {
            name: 'net1',
            driver: 'bridge',
            network_interface: 'podman1',
            subnets: [
              {
                subnet: '10.91.0.0/24',
                gateway: '10.91.0.1',
                lease_range: { start_ip: '10.91.0.65', end_ip: '10.91.0.127' },
              },
            ],
            ipv6_enabled: false,
            internal: false,
            dns_enabled: false,
            labels: { team: 'a' },
            options: { mtu: '1400' },
            ipam_options: { driver: 'host-local' },
          },
        ],
      ],
    },
  ])
})

test('who shares a namespace is named by whose it is', () => {
  const says = 'joined shares the namespace of container web'
  expect(refusalsOf(host, of(disconnect('net1', 'joined')))).toEqual([`${says}: take that one off instead`])
  expect(refusalsOf(host, of(connect('podman', 'joined')))).toEqual([`${says}: connect that one instead`])
})

test('one that keeps silent and is seen by its processes as well is one', () => {
  const reason = 'no answer from the socket in 10 s'
  const silent = podman({ version: null, containers: unknown(reason), networks: unknown(reason) })
  const seen = podman({ endpoint: 'conmon', version: null, networks: unknown('only processes were seen') })
  expect(refusalsOf(hostWith(silent, seen), of(create()))).toEqual([
    `the networks of Podman at /run/podman/podman.sock could not be read: ${reason}`,
  ])
  expect(refusalsOf(hostWith(seen), of(create()))).toEqual(['Podman has no socket to ask at'])
  expect(refusalsOf(hostWith(podman(), seen), of(create()))).toEqual([
    'not refused: make network web of Podman',
  ])
})

test.each([
  ['10.9.0.10-10.9.0.20', { start_ip: '10.9.0.10', end_ip: '10.9.0.20' }],
  ['10.9.0.10-', { start_ip: '10.9.0.10' }],
  ['-10.9.0.20', { end_ip: '10.9.0.20' }],
])('a range by its ends, as Podman tells it: %s', (ipRange, lease_range) => {
  const [step] = stepsOf(planFor(host, of(create({ subnets: [pool('10.9.0.0/24', { ipRange })] }))))
  expect(step?.asks[1]).toMatchObject({ subnets: [{ subnet: '10.9.0.0/24', lease_range }] })
})

test.each([
  ['10.9.0.20-10.9.0.10', 'ip-range 10.9.0.20-10.9.0.10 ends before it begins'],
  ['10.9.0.10-10.9.1.1', 'ip-range 10.9.1.1 is outside of subnet 10.9.0.0/24'],
  ['10.9.0.10-x', 'ip-range: "x" is no address'],
  ['-', 'ip-range - is no range: write FIRST-LAST'],
])('a range that is none: %s', (ipRange, says) => {
  expect(refusalsOf(host, of(create({ subnets: [pool('10.9.0.0/24', { ipRange })] })))).toEqual([says])
})

test('nameservers and routes of a newer Podman come back', () => {
  const route = { destination: '10.8.0.0/16', gateway: '10.7.0.9', metric: null }
  const more = network('more', 'podman7', { made: { ...made, dnsServers: ['10.7.0.5'], routes: [route] } })
  const [step] = stepsOf(planFor(hostWith(podman({ networks: [...networks, more] })), of(remove('more'))))
  expect(step?.back).toMatchObject([
    [
      'POST /create',
      {
        network_dns_servers: ['10.7.0.5'],
        routes: [{ destination: '10.8.0.0/16', gateway: '10.7.0.9' }],
      },
    ],
  ])
})
