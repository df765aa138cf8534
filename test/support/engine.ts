/** Engines and containers by hand: each test states only what it is about. */
import { netnsId } from '../../src/model/ids.ts'
import type { Container, Endpoint, Engine, EngineNetwork } from '../../src/model/engine.ts'

export function endpoint(network: string, fields: Partial<Endpoint> = {}): Endpoint {
  return {
    network,
    networkId: `id of ${network}`,
    endpointId: '',
    mac: null,
    ipv4: null,
    ipv6: null,
    gateway: null,
    gateway6: null,
    aliases: [],
    ...fields,
  }
}

/** Running in the namespace with this number; null: stopped. */
export function container(name: string, netns: number | null, fields: Partial<Container> = {}): Container {
  return {
    id: Buffer.from(name).toString('hex').padEnd(64, '0').slice(0, 64),
    name,
    image: 'busybox:local',
    state: netns === null ? 'exited' : 'running',
    pid: netns,
    mode: 'default',
    modeKind: 'bridge',
    joins: null,
    netns: netns === null ? null : netnsId(netns),
    hostName: null,
    endpoints: [],
    ports: [],
    labels: {},
    error: null,
    ...fields,
  }
}

export function engine(containers: Engine['containers'], fields: Partial<Engine> = {}): Engine {
  return {
    engine: 'docker',
    endpoint: '/run/docker.sock',
    version: '20.10.24',
    netns: netnsId(100),
    rootless: false,
    containers,
    networks: [],
    warnings: [],
    ...fields,
  }
}

export function network(
  name: string,
  bridge: string | null,
  fields: Partial<EngineNetwork> = {},
): EngineNetwork {
  return {
    id: `id of ${name}`,
    name,
    driver: 'bridge',
    scope: 'local',
    subnets: [],
    bridge,
    parent: null,
    internal: false,
    ipv6: false,
    options: {},
    labels: {},
    members: [],
    ...fields,
  }
}
