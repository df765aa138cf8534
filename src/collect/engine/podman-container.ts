/** From what libpod's API says of a container and of its networks to the model's. Pure. */
import type { Container, EngineNetwork } from '../../model/engine.ts'
import { fieldsOf, listIn, textByName, textIn, textOrNull, wholeIn, type Answer } from './answer.ts'
import { podOf } from './podman-pods.ts'
import { boundPorts, endpointsOf, joinsOf, type ToldContainer } from './docker-container.ts'

/** `GET /libpod/containers/ID/json`. */
export function podmanContainer(inspected: Answer): ToldContainer {
  const state = fieldsOf(inspected['State'])
  const config = fieldsOf(inspected['Config'])
  const settings = fieldsOf(inspected['NetworkSettings'])
  const mode = textIn(fieldsOf(inspected['HostConfig'])['NetworkMode'])
  const endpoints = endpointsOf(settings['Networks'])
  const facts: ToldContainer['facts'] = {
    id: textIn(inspected['Id']),
    name: textIn(inspected['Name']),
    image: textIn(inspected['ImageName']),
    state: textIn(state['Status']),
    mode,
    modeKind: textIn(inspected['Pod']) === '' ? modeKindOf(mode, endpoints) : 'pod',
    joins: joinsOf(mode),
    ...podOf(inspected),
    hostName: textOrNull(config['Hostname']),
    endpoints,
    // Repeated for a container that joined another: the ports are the other's.
    ports: mode.startsWith('container:') ? [] : boundPorts(settings['Ports']),
    labels: textByName(config['Labels']),
    error: textOrNull(state['Error']),
  }
  return { facts, enginePid: wholeIn(state['Pid']) ?? 0, sandboxKey: textIn(settings['SandboxKey']) }
}

/** Podman says `bridge` of every network of that driver; which one is told by the endpoints. */
function modeKindOf(mode: string, endpoints: Container['endpoints']): Container['modeKind'] {
  if (mode === 'bridge') return endpoints.every(({ network }) => network === 'podman') ? 'bridge' : 'network'
  if (mode === 'host' || mode === 'none') return mode
  if (mode.startsWith('container:')) return 'container'
  // A link of its own that a process of the user's moves packets for, or a namespace by its path.
  return /^(?:slirp4netns|pasta|private)/.test(mode) ? 'network' : 'unknown'
}

/** `GET /libpod/networks/json`, or a file of netavark's: both spell the fields alike. Members are told by the containers. */
export function podmanNetwork(network: Answer, containers: readonly Container[]): EngineNetwork {
  const name = textIn(network['name'])
  const driver = textIn(network['driver'])
  const options = textByName(network['options'])
  const link = textOrNull(network['network_interface'])
  const hasParent = driver === 'macvlan' || driver === 'ipvlan'
  return {
    id: textIn(network['id']),
    name,
    driver,
    scope: 'local',
    subnets: listIn(network['subnets']).map((each) => {
      const { subnet, gateway } = fieldsOf(each)
      return { subnet: textIn(subnet), gateway: textOrNull(gateway) }
    }),
    bridge: driver === 'bridge' ? link : null,
    parent: hasParent ? (link ?? options['parent'] ?? null) : null,
    internal: network['internal'] === true,
    ipv6: network['ipv6_enabled'] === true,
    options,
    labels: textByName(network['labels']),
    members: containers.flatMap((container) =>
      container.endpoints
        .filter((endpoint) => endpoint.network === name && container.pid !== null && container.joins === null)
        .map(({ mac, ipv4, ipv6 }) => ({ containerId: container.id, name: container.name, mac, ipv4, ipv6 })),
    ),
  }
}
