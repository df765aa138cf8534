/**
 * How Docker is asked, by the Engine API. Without a version in the path the engine takes its own newest, so an old and a new
 * one are asked alike; a field that one does not know it ignores.
 */
import type { EngineConnection } from '../../model/intent.ts'
import type { Asked, Dialect, NetworkWish } from './dialect.ts'
import { unknownToDocker } from './docker-options.ts'
import { isFirstLast } from './subnet-refusals.ts'
import { isAtLeast } from './engine-version.ts'

/** From API 1.44 on an endpoint's MAC address is taken from what is asked; before, it is not looked at. */
const macSince = 25

export const dockerDialect: Dialect = {
  whyNotCreate: (wish, version) => [
    ...wish.subnets.flatMap(({ ipRange }) =>
      ipRange !== null && isFirstLast(ipRange)
        ? ['Docker has no --ip-range FIRST-LAST: write it as 10.0.0.128/25']
        : [],
    ),
    ...unknownToDocker(wish, version),
  ],
  whyNotConnect: ({ mac }, version) =>
    mac === undefined || isAtLeast(version, macSince)
      ? []
      : [
          `Docker ${version ?? 'of an unknown version'} has no --mac-address where a container is connected: it came with Docker ${macSince}`,
        ],
  takesMac: (version) => isAtLeast(version, macSince),
  heldByStopped: false,
  create: (wish) => ({ method: 'POST', path: '/networks/create', body: created(wish) }),
  remove: (name) => ({ method: 'DELETE', path: pathOf(name), body: undefined }),
  connect: (container, connection) => ({
    method: 'POST',
    path: `${pathOf(connection.network)}/connect`,
    body: { Container: container, EndpointConfig: endpoint(connection) },
  }),
  disconnect: (container, network, force) => ({
    method: 'POST',
    path: `${pathOf(network)}/disconnect`,
    body: { Container: container, Force: force },
  }),
}

function pathOf(name: string): string {
  return `/networks/${encodeURIComponent(name)}`
}

/** As docker's own client writes it. */
function created(wish: NetworkWish): Asked['body'] {
  const { name, driver, ipv4, ipv6, internal, attachable, ingress, ipam, configOnly, configFrom } = wish
  const { options, labels } = wish
  const isOwn = configFrom === null
  return {
    Name: name,
    // Docker before 25 makes a second one of the same name without it.
    CheckDuplicate: true,
    Driver: driver,
    // All that a configuration network tells must not be told again (libnetwork's validateConfiguration).
    ...(isOwn && ipv4 === false ? { EnableIPv4: false } : {}),
    ...(isOwn && ipv6 ? { EnableIPv6: true } : {}),
    IPAM: isOwn
      ? { Driver: ipam.driver, Options: ipam.options, Config: wish.subnets.map(pool) }
      : { Driver: 'default', Options: {}, Config: [] },
    Internal: internal,
    Attachable: attachable,
    Ingress: ingress,
    ConfigOnly: configOnly,
    ConfigFrom: isOwn ? null : { Network: configFrom },
    Options: isOwn ? options : {},
    Labels: isOwn ? labels : {},
  }
}

function pool({ subnet, gateway, ipRange, auxAddresses }: NetworkWish['subnets'][number]): object {
  return {
    Subnet: subnet,
    ...(ipRange === null ? {} : { IPRange: ipRange }),
    ...(gateway === null ? {} : { Gateway: gateway }),
    ...(Object.keys(auxAddresses).length === 0 ? {} : { AuxiliaryAddresses: auxAddresses }),
  }
}

function endpoint(connection: EngineConnection): object {
  const { ip, ip6, mac, aliases, links, linkLocal, gwPriority, options } = connection
  return {
    IPAMConfig: {
      ...(ip === undefined ? {} : { IPv4Address: ip }),
      ...(ip6 === undefined ? {} : { IPv6Address: ip6 }),
      ...(linkLocal.length === 0 ? {} : { LinkLocalIPs: linkLocal }),
    },
    // Not an empty list: that stands in `docker inspect` then.
    Links: links.length === 0 ? null : links,
    Aliases: aliases,
    ...(mac === undefined ? {} : { MacAddress: mac }),
    ...(gwPriority === undefined ? {} : { GwPriority: gwPriority }),
    DriverOpts: options,
  }
}
