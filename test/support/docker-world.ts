/** A host with Docker's default bridge and one network of its own, as rules, ports and names are asked about them. */
import type { Container, Engine, EngineNetwork } from '../../src/model/engine.ts'
import type { NetnsId } from '../../src/model/ids.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Firewall } from '../../src/model/ruleset.ts'
import type { Socket } from '../../src/model/socket.ts'
import type { Netns, NetnsDetails } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { address, link, loopback, netns, world } from './world.ts'

export const hostId = netnsId(100)
export const redisId = netnsId(200)
export const nginxId = netnsId(300)

export function container(name: string, id: NetnsId | null, fields: Partial<Container> = {}): Container {
  return {
    id: name
      .split('')
      .map((letter) => letter.charCodeAt(0).toString(16))
      .join('')
      .padEnd(64, '0')
      .slice(0, 64),
    name,
    image: 'busybox',
    state: 'running',
    pid: null,
    mode: 'default',
    modeKind: 'bridge',
    joins: null,
    netns: id,
    hostName: name,
    endpoints: [],
    ports: [],
    labels: {},
    error: null,
    ...fields,
  }
}

export function endpoint(network: string, ipv4: string | null, ipv6: string | null = null) {
  return {
    network,
    networkId: `id of ${network}`,
    endpointId: '',
    mac: null,
    ipv4,
    ipv6,
    gateway: null,
    gateway6: null,
    aliases: [],
  }
}

export function network(name: string, bridge: string, subnet: string): EngineNetwork {
  return {
    id: `id of ${name}`,
    name,
    driver: 'bridge',
    scope: 'local',
    subnets: [{ subnet, gateway: null }],
    bridge,
    parent: null,
    internal: false,
    ipv6: false,
    options: {},
    labels: {},
    members: [],
  }
}

export function engine(fields: Partial<Engine>): Engine {
  return {
    engine: 'docker',
    endpoint: '/run/docker.sock',
    version: '29',
    netns: hostId,
    rootless: false,
    containers: [],
    networks: [],
    warnings: [],
    ...fields,
  }
}

export function socket(protocol: string, local: string, port: number, fields: Partial<Socket> = {}): Socket {
  return {
    family: local.includes(':') ? 'inet6' : 'inet',
    protocol,
    local: { address: local, port },
    remote: null,
    state: protocol === 'tcp' ? 'LISTEN' : 'UNCONN',
    boundTo: null,
    v6only: local.includes(':') ? false : null,
    uid: 0,
    inode: '1',
    recvQueue: 0,
    sendQueue: 0,
    process: null,
    ...fields,
  }
}

export function withSockets(sockets: readonly Socket[]): NetnsDetails {
  return {
    sysctls: {},
    sockets,
    qdiscs: [],
    filters: [],
    xfrmPolicies: [],
    programs: [],
    counters: {},
  }
}

/** redis123 172.17.0.2, nginx1 172.17.0.3 that listens on 80; tomcat-net 172.28.5.0/24 on br-3d5350. */
export function dockerWorld(
  rules: Firewall | null,
  fields: {
    readonly nginx?: Partial<Netns>
    readonly host?: Partial<Netns>
    readonly world?: Partial<World>
  } = {},
): World {
  const host = netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: null }],
    links: [
      loopback(),
      link('device', { ifindex: 2, name: 'eth0' }),
      link('bridge', { ifindex: 4, name: 'docker0' }),
      link('bridge', { ifindex: 5, name: 'br-3d5350' }),
    ],
    addresses: [
      address(1, '127.0.0.1/8'),
      address(2, '192.0.2.2/24'),
      address(4, '172.17.0.1/16'),
      address(5, '172.28.5.1/24'),
    ],
    details: withSockets([]),
    firewall: rules,
    ...fields.host,
  })
  const redis = netns(200, 'r', {
    names: [],
    links: [loopback(), link('veth', { ifindex: 2, name: 'eth0' })],
    addresses: [address(1, '127.0.0.1/8'), address(2, '172.17.0.2/16')],
    details: withSockets([socket('tcp', '0.0.0.0', 6379)]),
  })
  const nginx = netns(300, 'n', {
    names: [],
    links: [loopback(), link('veth', { ifindex: 2, name: 'eth0' })],
    addresses: [address(1, '127.0.0.1/8'), address(2, '172.17.0.3/16')],
    details: withSockets([socket('tcp', '::', 80)]),
    ...fields.nginx,
  })
  return world([host, redis, nginx], {
    engines: [
      engine({
        containers: [
          container('redis123', redisId, { endpoints: [endpoint('bridge', '172.17.0.2/16')] }),
          container('sidecar', redisId, { joins: 'x', modeKind: 'container' }),
          container('nginx1', nginxId, { endpoints: [endpoint('bridge', '172.17.0.3/16')] }),
        ],
        networks: [
          network('bridge', 'docker0', '172.17.0.0/16'),
          network('tomcat-net', 'br-3d5350', '172.28.5.0/24'),
        ],
      }),
    ],
    ...fields.world,
  })
}
