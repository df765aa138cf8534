/** From what the Docker Engine API says of a network (`GET /networks/ID`) to the model's. Pure. */
import { dockerOptions } from '../../model/docker-options.ts'
import type { EngineNetwork } from '../../model/engine.ts'
import { fieldsOf, listIn, textByName, textIn, textOrNull, type Answer } from './answer.ts'

/** How much of a network's id Docker takes for the names of links that it makes. */
const shortId = 12

export function dockerNetwork(network: Answer): EngineNetwork {
  const id = textIn(network['Id'])
  const driver = textIn(network['Driver'])
  const options = textByName(network['Options'])
  const internal = network['Internal'] === true
  const ipam = fieldsOf(network['IPAM'])
  return {
    id,
    name: textIn(network['Name']),
    driver,
    scope: textIn(network['Scope']),
    subnets: listIn(ipam['Config']).map((each) => {
      const { Subnet, Gateway, IPRange, AuxiliaryAddresses } = fieldsOf(each)
      return {
        subnet: textIn(Subnet),
        gateway: textOrNull(Gateway),
        ipRange: textOrNull(IPRange),
        auxAddresses: textByName(AuxiliaryAddresses),
      }
    }),
    bridge: driver === 'bridge' ? (options[dockerOptions.bridge] ?? `br-${id.slice(0, shortId)}`) : null,
    parent: parentOf(driver, options, id),
    internal,
    ipv6: network['EnableIPv6'] === true,
    made: {
      attachable: network['Attachable'] === true,
      ingress: network['Ingress'] === true,
      ipamDriver: textIn(ipam['Driver']) || 'default',
      ipamOptions: textByName(ipam['Options']),
      configOnly: network['ConfigOnly'] === true,
      configFrom: textOrNull(fieldsOf(network['ConfigFrom'])['Network']),
      ...(typeof network['EnableIPv4'] === 'boolean' ? { ipv4: network['EnableIPv4'] } : {}),
    },
    // Only of an overlay that something here is on.
    ...(Array.isArray(network['Peers']) ? { peers: peersOf(network['Peers']) } : {}),
    options,
    labels: textByName(network['Labels']),
    members: Object.entries(fieldsOf(network['Containers'])).map(([containerId, value]) => {
      const member = fieldsOf(value)
      return {
        containerId: textIn(containerId),
        name: textIn(member['Name']),
        mac: textOrNull(member['MacAddress']),
        ipv4: textOrNull(member['IPv4Address']),
        ipv6: textOrNull(member['IPv6Address']),
      }
    }),
  }
}

/** This host is among them. */
function peersOf(peers: unknown): NonNullable<EngineNetwork['peers']> {
  return listIn(peers).map((each) => {
    const { Name, IP } = fieldsOf(each)
    return { name: textIn(Name), address: textIn(IP) }
  })
}

/** Without a parent of its own such a network gets a dummy link. */
function parentOf(driver: string, options: EngineNetwork['options'], id: string): string | null {
  if (driver !== 'macvlan' && driver !== 'ipvlan') return null
  return options['parent'] ?? `dm-${id.slice(0, shortId)}`
}
