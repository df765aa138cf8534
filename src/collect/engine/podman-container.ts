/** From what libpod's API says of a container and of its networks to the model's. Pure. */
import type { Container } from '../../model/engine.ts'
import { fieldsOf, textByName, textIn, textOrNull, wholeIn, type Answer } from './answer.ts'
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
