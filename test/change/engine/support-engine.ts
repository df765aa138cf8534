/** A host with a Docker: two networks of a user, a running container, a stopped one, one of each other mode. */
import type { Container, Engine, EngineNetwork } from '../../../src/model/engine.ts'
import type { EngineConnection, IntentOf } from '../../../src/model/intent.ts'
import type { World } from '../../../src/model/world.ts'
import { container, endpoint, engine, network } from '../../support/engine.ts'
import { address, link, loopback, netns, route, world } from '../../support/world.ts'

export const made = {
  attachable: false,
  ingress: false,
  ipamDriver: 'default',
  ipamOptions: {},
  configOnly: false,
  configFrom: null,
} as const

export const asked = {
  ipv4: null,
  ipv6: null,
  linkLocal: [],
  links: [],
  options: {},
  mac: null,
} as const

const c1 = container('c1', 200, {
  endpoints: [
    endpoint('own', {
      endpointId: 'e1',
      ipv4: '10.5.0.9/24',
      mac: '02:42:0a:05:00:09',
      aliases: ['www', ''],
      asked: { ...asked, ipv4: '10.5.0.9', links: ['c2:other'], options: { a: 'b' } },
    }),
    endpoint('auto', { endpointId: 'e2', ipv4: '172.18.0.2/16', asked }),
  ],
})

export const networks: readonly EngineNetwork[] = [
  network('bridge', 'docker0', { made, subnets: [{ subnet: '172.17.0.0/16', gateway: '172.17.0.1' }] }),
  network('host', null, { driver: 'host', made }),
  network('none', null, { driver: 'null', made }),
  network('own', 'br-own', {
    made,
    subnets: [
      { subnet: '10.5.0.0/24', gateway: null, ipRange: '10.5.0.0/25', auxAddresses: { router: '10.5.0.5' } },
    ],
    labels: { of: 'us' },
    members: [{ containerId: c1.id, name: 'c1', mac: null, ipv4: '10.5.0.9/24', ipv6: null }],
  }),
  network('auto', 'br-auto', {
    made,
    subnets: [{ subnet: '172.18.0.0/16', gateway: '172.18.0.1' }],
    members: [{ containerId: c1.id, name: 'c1', mac: null, ipv4: '172.18.0.2/16', ipv6: null }],
  }),
  network('idle', 'br-idle', { made, subnets: [{ subnet: '10.6.0.0/24', gateway: '10.6.0.1' }] }),
  network('waited', 'br-waited', { made }),
]

export const containers: readonly Container[] = [
  // As Docker adds it by itself: the beginning of its id.
  {
    ...c1,
    endpoints: c1.endpoints.map((each) => ({
      ...each,
      aliases: [...each.aliases.filter(Boolean), c1.id.slice(0, 12)],
    })),
  },
  container('c2', 201, { endpoints: [endpoint('bridge', { endpointId: 'e3', ipv4: '172.17.0.2/16' })] }),
  container('s1', null, {
    endpoints: [endpoint('waited', { networkId: '', asked: { ...asked, ipv4: '10.5.0.77' } })],
  }),
  container('h1', 100, { mode: 'host', modeKind: 'host', endpoints: [endpoint('host')] }),
  container('n1', 202, { mode: 'none', modeKind: 'none', endpoints: [endpoint('none')] }),
  container('j1', 200, { mode: 'container:c1', modeKind: 'container', joins: c1.id }),
  container('half', 203, { endpoints: [endpoint('idle', { networkId: '' })] }),
]

export function docker(fields: Partial<Engine> = {}): Engine {
  return engine(containers, { networks, swarm: null, ...fields })
}

export function hostWith(...engines: readonly Engine[]): World {
  const host = netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    links: [
      loopback(),
      link('device', { ifindex: 2, name: 'eth0' }),
      link('bridge', { ifindex: 5, name: 'br-own' }),
    ],
    addresses: [address(2, '192.0.2.2/24'), address(5, '10.5.0.1/24')],
    routes: [route({ dst: '10.200.0.0/16', oif: 2, gateway: '192.0.2.1' })],
  })
  return world([host], { engines })
}

export function create(fields: Partial<IntentOf<'engine-net-create'>> = {}): IntentOf<'engine-net-create'> {
  return {
    kind: 'engine-net-create',
    engine: 'docker',
    name: 'web',
    driver: 'bridge',
    subnets: [],
    ipv6: false,
    internal: false,
    attachable: false,
    ingress: false,
    options: {},
    labels: {},
    swarmWide: false,
    ...fields,
  }
}

export function pool(subnet: string, fields: Partial<IntentOf<'engine-net-create'>['subnets'][number]> = {}) {
  return { subnet, auxAddresses: {}, ...fields }
}

export function remove(
  name: string,
  fields: Partial<IntentOf<'engine-net-rm'>> = {},
): IntentOf<'engine-net-rm'> {
  return { kind: 'engine-net-rm', engine: 'docker', name, force: false, swarmWide: false, ...fields }
}

export function connect(
  network: string,
  container: string,
  fields: Partial<EngineConnection> = {},
): IntentOf<'engine-net-connect'> {
  const connection = { network, aliases: [], links: [], linkLocal: [], options: {}, ...fields }
  return { kind: 'engine-net-connect', engine: 'docker', container, connection }
}

export function disconnect(network: string, container: string): IntentOf<'engine-net-disconnect'> {
  return { kind: 'engine-net-disconnect', engine: 'docker', container, network, force: false }
}
