/** Ports that Docker publishes and addresses of containers, in the order in which it writes rules for them when it starts. */
import { normalIp } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import type { Container, Endpoint, Engine, EnginePort } from '../../model/engine.ts'
import { isUnknown, listOf, unknown, type Known } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { gatewayOf } from '../findings/context.ts'
import type { BridgeNetwork } from './bridge-networks.ts'
import type { RuleFamily } from './engine-rules.ts'
import { ledPorts, type Led } from './led-ports.ts'

export type OpenPort = {
  /** null: every address of the host. */
  readonly hostIp: string | null
  readonly hostPort: number
  readonly port: number
  readonly protocol: EnginePort['protocol']
}

/** A running container on a bridge network, with the ports that lead to it there. */
export type BridgeEndpoint = {
  readonly network: BridgeNetwork
  readonly address: Readonly<Record<RuleFamily, string | null>>
  readonly ports: Readonly<Record<RuleFamily, readonly OpenPort[]>>
}

type Found = BridgeEndpoint & {
  readonly id: string
  /** Place of its first port among those of which it is known. */
  readonly at: number
}

const last = Number.MAX_SAFE_INTEGER

type Asked = {
  readonly world: World
  readonly engine: Engine
  readonly networks: readonly BridgeNetwork[]
  readonly led: Led
}

export function publishedPorts(
  world: World,
  engine: Engine,
  networks: readonly BridgeNetwork[],
): Known<{ readonly endpoints: readonly BridgeEndpoint[] }> {
  const asked = { world, engine, networks, led: ledPorts(world, engine) }
  const all: Found[] = []
  for (const container of listOf(engine.containers)) {
    if (container.state !== 'running' && container.state !== 'paused') continue
    const closed = networks.find(({ name, icc }) => name === 'bridge' && !icc)
    const onClosed = container.endpoints.find(({ networkId }) => networkId === closed?.id)
    if ((onClosed?.asked?.links.length ?? 0) > 0)
      return unknown(
        `container ${sanitise(container.name)} is linked on a network without icc, and the ports that this opens Docker does not report`,
      )
    const found = endpointsOf(asked, container)
    if (isUnknown(found)) return found
    all.push(...found)
  }
  return { endpoints: all.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)) }
}

function endpointsOf(asked: Asked, container: Container): Known<readonly Found[]> {
  const endpoints = container.endpoints.flatMap((endpoint) => {
    const network = asked.networks.find(({ id }) => id === endpoint.networkId)
    return network === undefined || endpoint.endpointId === '' ? [] : [{ network, endpoint }]
  })
  const ports: Record<string, Record<RuleFamily, OpenPort[]>> = {}
  const first: Record<string, number> = {}
  for (const port of inOrder(asked, container.ports)) {
    const family = port.hostIp.includes(':') ? 'ip6' : 'ip'
    const to = targetOf(asked, container, family, port)
    if (isUnknown(to)) return to
    if (to === null) continue
    const isEvery = port.hostIp === '0.0.0.0' || port.hostIp === '::' || port.hostIp === ''
    const hostIp = isEvery ? null : normalIp(port.hostIp)
    if (!isEvery && hostIp === null)
      return unknown(`container ${sanitise(container.name)} publishes on an address that is none`)
    const list = (ports[to.endpointId] ??= { ip: [], ip6: [] })
    list[family].push({ ...port, hostIp })
    first[to.endpointId] ??= asked.led.get(keyOf(port))?.at ?? last
  }
  return endpoints.map(({ network, endpoint }) => ({
    id: endpoint.endpointId,
    at: first[endpoint.endpointId] ?? last,
    network,
    address: { ip: addressOf(endpoint, 'ip'), ip6: addressOf(endpoint, 'ip6') },
    ports: ports[endpoint.endpointId] ?? { ip: [], ip6: [] },
  }))
}

function addressOf(endpoint: Endpoint, family: RuleFamily): string | null {
  const address = (family === 'ip' ? endpoint.ipv4 : endpoint.ipv6)?.split('/')[0]
  return address === undefined ? null : (normalIp(address) ?? null)
}

/**
 * All ports of a container lead to the network of its default route. null: to an address of the other family, by docker-proxy alone.
 */
function targetOf(
  { world, networks, led }: Asked,
  container: Container,
  family: RuleFamily,
  port: EnginePort,
): Known<Endpoint | null> {
  const able = container.endpoints.filter(
    (endpoint) =>
      addressOf(endpoint, family) !== null &&
      networks.some(({ id, internal }) => id === endpoint.networkId && !internal),
  )
  const known = led.get(keyOf(port))
  if (known !== undefined) return able.find((each) => addressOf(each, family) === known.address) ?? null
  const [only, ...others] = able
  if (only === undefined || others.length === 0) return only ?? null
  const netns = world.netns.find(({ id }) => id === container.netns)
  const gateway = netns === undefined ? null : gatewayOf(netns, family === 'ip' ? 'inet' : 'inet6')
  const found = able.find((each) => (family === 'ip' ? each.gateway : each.gateway6) === gateway)
  return gateway === null || found === undefined
    ? unknown(
        `container ${sanitise(container.name)} is on several networks, and to which of them its ports lead is not known`,
      )
    : found
}

/** As they were written; of what is not known by falling port of the host, as Docker mostly sorts them (nat.SortPortMap). */
function inOrder({ led }: Asked, ports: readonly EnginePort[]): readonly EnginePort[] {
  const at = (port: EnginePort): number => led.get(keyOf(port))?.at ?? last
  return ports.toSorted((a, b) => at(a) - at(b) || b.hostPort - a.hostPort || a.port - b.port)
}

function keyOf({ hostIp, hostPort, protocol }: Pick<EnginePort, 'hostIp' | 'hostPort' | 'protocol'>): string {
  return `${hostIp === '' ? '0.0.0.0' : hostIp} ${hostPort} ${protocol}`
}
