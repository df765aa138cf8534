/** Networks of Docker or Podman as a file has them, and which containers are on them; not what the engine makes by itself. */
import { dockerOptions } from '../model/docker-options.ts'
import { engineOf } from '../change/engine/engine-of.ts'
import { isOfSwarm, isPredefined, isSwarmWide } from '../change/engine/own-networks.ts'
import { isUnknown } from '../model/known.ts'
import type { Container, Endpoint, EngineNetwork } from '../model/engine.ts'
import type { FileConnection, FileContainer, FileNetwork } from '../model/network-file.ts'
import type { World } from '../model/world.ts'
import { byName, nothing, said, type Part } from './exported.ts'
import { splitOptions } from './engine-options.ts'

export type FileEngine = 'docker' | 'podman'

export function enginePart(world: World, kind: FileEngine): Part {
  const all = isUnknown(world.engines) ? [] : world.engines.filter(({ engine }) => engine === kind)
  if (all.length === 0) return nothing
  // The one that a plan would ask: a file speaks of one engine of a kind.
  const asked = engineOf(world, { engine: kind })
  if (!asked.ok) {
    const says = asked.refusals.map(({ what }) => `networks of ${kind}: ${what}`)
    const isUnread = asked.refusals.some((each) => each.kind === 'permission')
    return { ...nothing, ...(isUnread ? { unread: says } : { left: says }) }
  }
  const { engine, networks: known, containers } = asked.value
  const others = all.filter((each) => each !== engine)
  const networks = known
    .filter(({ name }) => !isPredefined(kind, name) && !isOfSwarm(kind, name))
    .toSorted(byName)
  const fit = networks.filter((network) => whyNot(network, networks) === null)
  const drawn = containersOf(containers, kind, fit)
  return {
    ...nothing,
    networks: fit.map((network) => [network.name, networkOf(network, kind)] as const),
    containers: drawn.flatMap(({ container }) => container),
    left: [
      ...others.map(
        ({ endpoint }) => `networks of the ${kind} at ${endpoint}: a file speaks of one engine of a kind`,
      ),
      ...networks.flatMap((network) => {
        const why = whyNot(network, networks)
        if (why !== null) return [`network ${network.name} of ${kind}: ${why}`]
        return network.made?.dns === false ? [`network ${network.name} of ${kind} has no DNS`] : []
      }),
      ...drawn.flatMap(({ left }) => left),
    ],
  }
}

function whyNot(network: EngineNetwork, all: readonly EngineNetwork[]): string | null {
  const { name, made } = network
  if (all.filter((each) => each.name === name).length > 1)
    return 'it has this name in common with another one'
  if (made?.ingress === true) return 'it is the swarm’s own: by it published ports of services come in'
  if (isSwarmWide(network) && network.driver !== 'overlay')
    return `it is the whole swarm’s, and of driver ${network.driver}`
  if (made?.configOnly === true) return 'it is only a configuration for others'
  if (made?.configFrom !== null && made?.configFrom !== undefined)
    return `its configuration is that of network ${made.configFrom}`
  if (
    made !== undefined &&
    made.ipamDriver !== 'default' &&
    made.ipamDriver !== '' &&
    made.ipamDriver !== 'host-local'
  )
    return `its addresses are given by ${made.ipamDriver}`
  if (Object.keys(made?.ipamOptions ?? {}).some((option) => option !== 'driver'))
    return 'it has options of how addresses are given'
  return null
}

/** `podman1`: Podman counts them. */
const countedBridge = /^podman\d+$/

function networkOf(network: EngineNetwork, kind: FileEngine): FileNetwork {
  const { driver, subnets, internal, ipv6, made, labels, parent, bridge } = network
  const { keys, options } = splitOptions(network.options, kind, driver)
  const named = kind === 'podman' && bridge !== null && !countedBridge.test(bridge) ? bridge : undefined
  return {
    engine: kind,
    driver,
    ...said({
      subnets: subnets.map(({ subnet, gateway, ipRange, auxAddresses }) => ({
        subnet,
        ...said({
          gateway: gateway ?? undefined,
          ip_range: ipRange ?? undefined,
          aux_addresses: auxAddresses,
        }),
      })),
      internal: internal ? true : undefined,
      ipv6: ipv6 ? true : undefined,
      ...keys,
      bridge: keys.bridge ?? named,
      parent: keys.parent ?? parent ?? undefined,
      attachable: made?.attachable === true ? true : undefined,
      swarm_wide: driver === 'overlay' && isSwarmWide(network) ? true : undefined,
      options: withoutChosen(options),
      labels,
    }),
  }
}

/** The VNI of an overlay: the swarm chooses it. */
function withoutChosen(options: Readonly<Record<string, string>>): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(options).filter(([name]) => name !== dockerOptions.vxlanIds))
}

type Drawn = {
  /** One or none. */
  readonly container: readonly (readonly [string, FileContainer])[]
  readonly left: readonly string[]
}

function containersOf(
  containers: readonly Container[],
  kind: FileEngine,
  networks: readonly EngineNetwork[],
): readonly Drawn[] {
  const names = new Set(networks.map(({ name }) => name))
  return containers.toSorted(byName).flatMap((container) => {
    // One that shares another's namespace is where that one is.
    if (container.joins !== null) return []
    const endpoints = container.endpoints
      .filter(({ network }) => names.has(network))
      .toSorted((one, other) => (one.network < other.network ? -1 : 1))
    if (endpoints.length === 0) return []
    const service = container.labels['com.docker.swarm.service.name']
    if (service !== undefined) {
      const on = endpoints.map(({ network }) => network).join(', ')
      return [
        {
          container: [],
          left: [`container ${container.name} on ${on}: its service ${service} puts it there`],
        },
      ]
    }
    const connections = endpoints.map((endpoint) => connectionOf(container, endpoint))
    return [
      {
        container: [[container.name, { engine: kind, networks: connections }] as const],
        left: endpoints.flatMap((endpoint) => leftOf(container, endpoint)),
      },
    ]
  })
}

/** Digits of its id that an engine gives a container as an alias by itself. */
const shortId = 12

/** The address that it has is asked for, so that what is made again has the same. */
function connectionOf(
  container: Container,
  { network, ipv4, ipv6, aliases, asked }: Endpoint,
): FileConnection {
  return {
    name: network,
    ...said({
      ip: withoutLength(ipv4) ?? asked?.ipv4 ?? undefined,
      ip6: withoutLength(ipv6) ?? asked?.ipv6 ?? undefined,
      mac: asked?.mac ?? undefined,
      // The engine itself adds the beginning of the id.
      aliases: aliases.filter((alias) => alias !== container.id.slice(0, shortId)),
      links: asked?.links.map((link) => link.replace(/^\//, '')),
    }),
  }
}

function withoutLength(address: string | null): string | null {
  return address === null || address === '' ? null : (address.split('/')[0] ?? null)
}

function leftOf({ name }: Container, { network, asked }: Endpoint): readonly string[] {
  const where = `of container ${name} on network ${network}`
  const options = Object.keys(asked?.options ?? {})
  return [
    ...(asked === undefined || asked.linkLocal.length === 0 ? [] : [`link-local addresses ${where}`]),
    ...(options.length === 0 ? [] : [`options ${where}: ${options.join(', ')}`]),
  ]
}
