/** How Podman is asked, by libpod's API (types.Network and types.PerNetworkOptions of containers/common). */
import { formatIp, parsePrefix, widthOf } from '../../lib/ip.ts'
import type { EngineConnection } from '../../model/intent.ts'
import type { Asked, Dialect, NetworkWish } from './dialect.ts'
import { podmanOptions, whyNotOptions } from './podman-options.ts'

/** The oldest version with these shapes; newer services understand it. */
const networks = '/v4.0.0/libpod/networks'

export const podmanDialect: Dialect = {
  whyNotCreate,
  whyNotConnect,
  takesMac: () => true,
  heldByStopped: true,
  create: (wish) => ({ method: 'POST', path: `${networks}/create`, body: created(wish) }),
  // Never with ?force: that removes the containers on it, not only their place on the network.
  remove: (name) => ({ method: 'DELETE', path: pathOf(name), body: undefined }),
  connect: (container, connection) => ({
    method: 'POST',
    path: `${pathOf(connection.network)}/connect`,
    body: connected(container, connection),
  }),
  disconnect: (container, network, force) => ({
    method: 'POST',
    path: `${pathOf(network)}/disconnect`,
    // No names of their own in JSON: Go takes those of its fields.
    body: { Container: container, Force: force },
  }),
}

function pathOf(name: string): string {
  return `${networks}/${encodeURIComponent(name)}`
}

/** Without what was not asked for, as podman's own client leaves it out. */
function created(wish: NetworkWish): Asked['body'] {
  const { options, link } = podmanOptions(wish)
  const { dnsServers = [], routes = [] } = wish
  return {
    name: wish.name,
    driver: wish.driver,
    ...(link === null ? {} : { network_interface: link }),
    ...(wish.subnets.length === 0 ? {} : { subnets: wish.subnets.map(subnetOf) }),
    ipv6_enabled: wish.ipv6,
    internal: wish.internal,
    dns_enabled: wish.dns ?? true,
    ...(dnsServers.length === 0 ? {} : { network_dns_servers: dnsServers }),
    ...(routes.length === 0 ? {} : { routes: routes.map(routeAsked) }),
    ...(isEmpty(wish.labels) ? {} : { labels: wish.labels }),
    ...(isEmpty(options) ? {} : { options }),
    ...(wish.ipam.driver === 'default' ? {} : { ipam_options: { driver: wish.ipam.driver } }),
  }
}

function subnetOf({ subnet, gateway, ipRange }: NetworkWish['subnets'][number]): object {
  const lease = ipRange === null ? null : leaseRange(ipRange)
  return {
    subnet,
    ...(gateway === null ? {} : { gateway }),
    ...(lease === null ? {} : { lease_range: lease }),
  }
}

function routeAsked({ destination, gateway, metric }: NonNullable<NetworkWish['routes']>[number]): object {
  return { destination, gateway, ...(metric === null ? {} : { metric }) }
}

type Lease = { readonly start_ip?: string; readonly end_ip?: string }

/**
 * `CIDR`: from its first address after that of the network to its last, as podman's own client reads it; or `FIRST-LAST`, of
 * which one may be missing.
 */
function leaseRange(range: string): Lease | null {
  const [first = '', last] = range.split('-')
  if (last !== undefined)
    return { ...(first === '' ? {} : { start_ip: first }), ...(last === '' ? {} : { end_ip: last }) }
  const prefix = parsePrefix(range)
  if (prefix === null) return null
  const { family, value, length } = prefix
  const hosts = 1n << BigInt(widthOf(family) - length)
  const end = value + (hosts === 1n ? 1n : hosts - 1n)
  return { start_ip: formatIp({ family, value: value + 1n }), end_ip: formatIp({ family, value: end }) }
}

function connected(container: string, { ip, ip6, mac, aliases }: EngineConnection): Asked['body'] {
  const addresses = [ip, ip6].filter((each) => each !== undefined)
  return {
    container,
    ...(addresses.length === 0 ? {} : { static_ips: addresses }),
    ...(mac === undefined ? {} : { static_mac: mac }),
    ...(aliases.length === 0 ? {} : { aliases }),
  }
}

function whyNotCreate(wish: NetworkWish): readonly string[] {
  const { driver, subnets, attachable, ingress, ipam, configOnly, configFrom } = wish
  const aux = subnets.some(({ auxAddresses }) => !isEmpty(auxAddresses))
  return [
    ...(driver === 'overlay' ? ['Podman has no driver overlay: its own are bridge, macvlan and ipvlan'] : []),
    ...(attachable ? ['Podman has no --attachable: any container can be connected to its networks'] : []),
    ...(ingress ? ['Podman has no --ingress: it knows no swarm'] : []),
    ...(aux ? ['Podman has no --aux-address: keep addresses free by --ip-range'] : []),
    ...(configOnly || configFrom !== null ? ['Podman has no networks of configuration alone'] : []),
    ...(isEmpty(ipam.options) ? [] : ['Podman has no options of address management']),
    ...whyNotOptions(wish),
  ]
}

function whyNotConnect({ links, linkLocal, options }: EngineConnection): readonly string[] {
  return [
    ...(links.length > 0 ? ['Podman has no --link: give the other container an --alias'] : []),
    ...(linkLocal.length > 0 ? ['Podman has no --link-local-ip'] : []),
    ...(isEmpty(options) ? [] : ['Podman has no --driver-opt for a container’s place on a network']),
  ]
}

function isEmpty(record: Readonly<Record<string, string>>): boolean {
  return Object.keys(record).length === 0
}
