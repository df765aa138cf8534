/** Options of a network in words. Docker's names are in its own documents of the bridge, macvlan, ipvlan and overlay drivers. */
import { dockerOptions } from '../../../model/docker-options.ts'
import type { EngineNetwork } from '../../../model/engine.ts'
import { fact, type Fact } from '../facts/fact.ts'

/** What is asked first, in Docker's words; absent: the engine's own default. */
export function usualFacts({ options, subnets, internal, ipv6 }: EngineNetwork): readonly Fact[] {
  const gateways = subnets.flatMap(({ gateway }) => (gateway === null ? [] : [gateway.replace(/\/.*$/, '')]))
  const said = (label: string, name: string): readonly Fact[] => {
    const value = options[name]
    return value === undefined ? [] : [fact(label, yes(value))]
  }
  const mtu = options[dockerOptions.mtu] ?? options['mtu']
  return [
    ...(gateways.length === 0 ? [] : [fact('gateway', gateways.join(' '))]),
    ...(mtu === undefined ? [] : [fact('mtu', mtu)]),
    ...said('icc', dockerOptions.icc),
    ...said('masquerade', dockerOptions.masquerade),
    fact('internal', yes(String(internal))),
    fact('ipv6', yes(String(ipv6))),
  ]
}

function yes(value: string): string {
  return value === 'true' ? 'yes' : 'no'
}

type Words = { readonly label: string; readonly says: (value: string) => string }

const asIs = (value: string): string => value

/** As strconv.ParseBool takes them, with which Docker reads its switches. */
function turned(on: string, off: string): Words['says'] {
  return (value) => {
    if (['1', 't', 'T', 'true', 'TRUE', 'True', ''].includes(value)) return on
    return ['0', 'f', 'F', 'false', 'FALSE', 'False'].includes(value) ? off : value
  }
}

const gatewayModes: Readonly<Record<string, string>> = {
  nat: 'nat: in by published ports, out with the host’s address',
  'nat-unprotected':
    'nat-unprotected: as nat, and ports that are not published are reached from the host’s network, too',
  routed: 'routed: no address is rewritten; from outside only published ports are reached',
  isolated: 'isolated: the bridge has no address, so nothing leaves it and nothing of the host gets in',
}
const gatewayMode = (value: string): string => gatewayModes[value] ?? value

const options: Readonly<Record<string, Words>> = {
  [dockerOptions.mtu]: { label: 'mtu', says: asIs },
  [dockerOptions.icc]: {
    label: 'icc',
    says: turned(
      'yes: members reach each other',
      'no: members reach each other only by links and published ports',
    ),
  },
  [dockerOptions.masquerade]: {
    label: 'masquerade',
    says: turned('yes: what leaves gets the host’s address', 'no: what leaves keeps its address'),
  },
  [dockerOptions.gatewayMode]: { label: 'gateway mode', says: gatewayMode },
  [dockerOptions.gatewayMode6]: { label: 'gateway mode of IPv6', says: gatewayMode },
  [dockerOptions.hostBinding]: {
    label: 'publishes on',
    says: (value) =>
      value === '0.0.0.0' ? 'every address of the host' : `${value}, where a port names no other`,
  },
  [dockerOptions.trusted]: {
    label: 'trusted links',
    says: (value) => `${value}: from there containers are reached directly`,
  },
  [dockerOptions.inhibitIp]: {
    label: 'inhibit ipv4',
    says: turned('yes: the bridge gets no IPv4 address', 'no'),
  },
  [dockerOptions.defaultBridge]: {
    label: 'default',
    says: turned('yes: containers are put on it that name no network; names are not resolved there', 'no'),
  },
  'com.docker.network.container_iface_prefix': {
    label: 'links',
    says: (value) => `are called ${value}0, ${value}1 … inside`,
  },
  macvlan_mode: { label: 'mode', says: asIs },
  ipvlan_mode: { label: 'mode', says: asIs },
  ipvlan_flag: { label: 'flag', says: asIs },
  encrypted: { label: 'encrypted', says: turned('yes: tunnels go through IPsec', 'no') },
  // Podman's.
  mtu: { label: 'mtu', says: asIs },
  vlan: { label: 'vlan', says: (value) => `${value}: its ports are in that VLAN of the bridge` },
  mode: { label: 'mode', says: asIs },
  isolate: { label: 'isolate', says: turned('yes: no other network of Podman is reached', 'no') },
  metric: { label: 'metric', says: (value) => `${value}, of the default route` },
  no_default_route: { label: 'default route', says: turned('none', 'yes') },
}

/** Those whose meaning is known, in this order; what they are called stands with the options themselves. */
export function optionFacts({ options: given }: EngineNetwork): readonly Fact[] {
  return Object.entries(options).flatMap(([name, { label, says }]) => {
    const value = given[name]
    return value === undefined ? [] : [fact(label, says(value))]
  })
}
