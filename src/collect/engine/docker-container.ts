/** From what the Docker Engine API says of a container to the model's. Pure. */
import type { Container, Endpoint, EnginePort } from '../../model/engine.ts'
import {
  addressIn,
  fieldsOf,
  listIn,
  textByName,
  textIn,
  textOrNull,
  textsIn,
  wholeIn,
  type Answer,
} from './answer.ts'

/** What an engine knows of a container; its process and namespace only this machine's kernel can tell. */
export type ToldContainer = {
  readonly facts: Omit<Container, 'netns' | 'pid'>
  /** As the engine numbers it, in its own pid namespace; 0: none runs. */
  readonly enginePid: number
  /** The file of its namespace, as the engine sees it; empty where it joined another. */
  readonly sandboxKey: string
}

/** An element of `GET /containers/json`: lacks the pid, the namespace's file and, before API 1.44, the aliases. */
export function listedContainer(listed: Answer): ToldContainer['facts'] {
  const mode = textIn(fieldsOf(listed['HostConfig'])['NetworkMode'])
  const name = textsIn(listed['Names']).find((each) => each.lastIndexOf('/') === 0)
  return {
    id: textIn(listed['Id']),
    name: withoutSlash(name ?? ''),
    image: textIn(listed['Image']),
    state: textIn(listed['State']),
    mode,
    modeKind: modeKindOf(mode),
    joins: joinsOf(mode),
    hostName: null,
    endpoints: endpointsOf(fieldsOf(listed['NetworkSettings'])['Networks']),
    ports: listIn(listed['Ports']).flatMap((each) => {
      const { IP, PrivatePort, PublicPort, Type } = fieldsOf(each)
      return portOf(IP, PublicPort, PrivatePort, Type)
    }),
    labels: textByName(listed['Labels']),
    error: null,
  }
}

/** `GET /containers/ID/json`. */
export function inspectedContainer(inspected: Answer): ToldContainer {
  const state = fieldsOf(inspected['State'])
  const config = fieldsOf(inspected['Config'])
  const settings = fieldsOf(inspected['NetworkSettings'])
  const mode = textIn(fieldsOf(inspected['HostConfig'])['NetworkMode'])
  const facts: ToldContainer['facts'] = {
    id: textIn(inspected['Id']),
    name: withoutSlash(textIn(inspected['Name'])),
    image: textIn(config['Image']),
    state: textIn(state['Status']),
    mode,
    modeKind: modeKindOf(mode),
    joins: joinsOf(mode),
    hostName: textOrNull(config['Hostname']),
    endpoints: withAsked(endpointsOf(settings['Networks']), settings['Networks'], {
      main: mode === 'default' ? 'bridge' : mode,
      mac: textOrNull(config['MacAddress']),
    }),
    ports: boundPorts(settings['Ports']),
    labels: textByName(config['Labels']),
    error: textOrNull(state['Error']),
  }
  return { facts, enginePid: wholeIn(state['Pid']) ?? 0, sandboxKey: textIn(settings['SandboxKey']) }
}

function withoutSlash(name: string): string {
  return name.startsWith('/') ? name.slice(1) : name
}

/** `default` is the network `bridge`; everything that is no word of Docker's is a user-defined network's name or id. */
export function modeKindOf(mode: string): Container['modeKind'] {
  if (mode === 'default' || mode === 'bridge') return 'bridge'
  if (mode === 'host' || mode === 'none') return mode
  if (mode.startsWith('container:')) return 'container'
  return mode === '' ? 'unknown' : 'network'
}

export function joinsOf(mode: string): string | null {
  return mode.startsWith('container:') ? mode.slice('container:'.length) : null
}

/** Networks by name, as both Docker and libpod write them. */
export function endpointsOf(networks: unknown): readonly Endpoint[] {
  return Object.entries(fieldsOf(networks)).map(([network, value]) => {
    const endpoint = fieldsOf(value)
    return {
      network: textIn(network),
      networkId: textIn(endpoint['NetworkID']),
      endpointId: textIn(endpoint['EndpointID']),
      mac: textOrNull(endpoint['MacAddress']),
      ipv4: addressIn(endpoint['IPAddress'], endpoint['IPPrefixLen']),
      ipv6: addressIn(endpoint['GlobalIPv6Address'], endpoint['GlobalIPv6PrefixLen']),
      gateway: textOrNull(endpoint['Gateway']),
      gateway6: textOrNull(endpoint['IPv6Gateway']),
      aliases: textsIn(endpoint['Aliases']),
    }
  })
}

/** `mac`: what was asked for on the network that it was made on; nothing tells of those that it was connected to later. */
type Wanted = { readonly main: string; readonly mac: string | null }

function withAsked(
  endpoints: readonly Endpoint[],
  networks: unknown,
  { main, mac }: Wanted,
): readonly Endpoint[] {
  return endpoints.map((endpoint) => {
    const { IPAMConfig, Links, DriverOpts, GwPriority } = fieldsOf(fieldsOf(networks)[endpoint.network])
    const { IPv4Address, IPv6Address, LinkLocalIPs } = fieldsOf(IPAMConfig)
    const asked: Endpoint['asked'] = {
      ipv4: textOrNull(IPv4Address),
      ipv6: textOrNull(IPv6Address),
      linkLocal: textsIn(LinkLocalIPs),
      links: textsIn(Links),
      options: textByName(DriverOpts),
      mac: endpoint.network === main || endpoint.networkId === main ? mac : null,
      ...(Number.isInteger(GwPriority) && GwPriority !== 0 ? { gwPriority: Number(GwPriority) } : {}),
    }
    return { ...endpoint, asked }
  })
}

/** `{ "80/tcp": [{ HostIp, HostPort }], "443/tcp": null }`: null is a port that is exposed and not published. */
export function boundPorts(ports: unknown): readonly EnginePort[] {
  return Object.entries(fieldsOf(ports)).flatMap(([key, bindings]) => {
    const [port, protocol = 'tcp'] = key.split('/')
    return listIn(bindings).flatMap((binding) => {
      const { HostIp, HostPort } = fieldsOf(binding)
      return portOf(HostIp, HostPort, port, protocol)
    })
  })
}

/** As Docker and nerdctl write a published port; none where a field is missing or odd. */
export function portOf(
  hostIp: unknown,
  hostPort: unknown,
  port: unknown,
  type: unknown,
): readonly EnginePort[] {
  const numbers = { hostPort: wholeIn(hostPort), port: wholeIn(port) }
  const protocol = protocols.find((each) => each === type)
  if (numbers.hostPort === null || numbers.hostPort === 0 || numbers.port === null || protocol === undefined)
    return []
  // Podman leaves the address empty where it means every address.
  return [{ hostIp: textIn(hostIp) || '0.0.0.0', hostPort: numbers.hostPort, port: numbers.port, protocol }]
}

const protocols = ['tcp', 'udp', 'sctp'] as const
