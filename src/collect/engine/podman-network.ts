/** From what libpod's API says of a network (types.Network of containers/common) to the model's. Pure. */
import { formatIp, formatPrefix, parseIp, prefixOf, widthOf } from '../../lib/ip.ts'
import type { Container, EngineNetwork } from '../../model/engine.ts'
import { fieldsOf, listIn, textByName, textIn, textOrNull, textsIn, wholeIn, type Answer } from './answer.ts'

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
    subnets: listIn(network['subnets']).map(subnetOf),
    bridge: driver === 'bridge' ? link : null,
    parent: hasParent ? (link ?? options['parent'] ?? null) : null,
    internal: network['internal'] === true,
    ipv6: network['ipv6_enabled'] === true,
    made: madeOf(network),
    options,
    labels: textByName(network['labels']),
    members: containers.flatMap((container) =>
      container.endpoints
        .filter((endpoint) => endpoint.network === name && container.pid !== null && container.joins === null)
        .map(({ mac, ipv4, ipv6 }) => ({ containerId: container.id, name: container.name, mac, ipv4, ipv6 })),
    ),
  }
}

/** What only Docker has is never so. */
function madeOf(network: Answer): NonNullable<EngineNetwork['made']> {
  const { driver, ...ipamOptions } = textByName(network['ipam_options'])
  const servers = textsIn(network['network_dns_servers'])
  const routes = listIn(network['routes']).map(routeOf)
  return {
    attachable: false,
    ingress: false,
    ipamDriver: driver ?? 'default',
    ipamOptions,
    configOnly: false,
    configFrom: null,
    dns: network['dns_enabled'] === true,
    ...(servers.length === 0 ? {} : { dnsServers: servers }),
    ...(routes.length === 0 ? {} : { routes }),
  }
}

function routeOf(answer: unknown): NonNullable<NonNullable<EngineNetwork['made']>['routes']>[number] {
  const { destination, gateway, metric } = fieldsOf(answer)
  return { destination: textIn(destination), gateway: textIn(gateway), metric: wholeIn(metric) }
}

function subnetOf(answer: unknown): EngineNetwork['subnets'][number] {
  const { subnet, gateway, lease_range } = fieldsOf(answer)
  const { start_ip, end_ip } = fieldsOf(lease_range)
  return {
    subnet: textIn(subnet),
    gateway: textOrNull(gateway),
    ipRange: rangeOf(textIn(start_ip), textIn(end_ip)),
  }
}

/** As `--ip-range` says it: a CIDR is all of its addresses but the network's own; what is none is `FIRST-LAST`. */
function rangeOf(start: string, end: string): string | null {
  const [first, last] = [parseIp(start), parseIp(end)]
  if (first === null || last === null) return start === '' && end === '' ? null : `${start}-${end}`
  const network = { ...first, value: first.value - 1n }
  for (let length = widthOf(first.family) - 1; length > 0; length--) {
    const prefix = prefixOf(network, length)
    if (prefix.value !== network.value) break
    const size = 1n << BigInt(widthOf(first.family) - length)
    if (prefix.value + size - 1n === last.value && first.family === last.family) return formatPrefix(prefix)
  }
  return `${formatIp(first)}-${formatIp(last)}`
}
