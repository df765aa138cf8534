/** Networks of Docker or Podman as a file has them, and which containers are on them; not what the engine makes by itself. */
import { isUnknown, listOf } from '../model/known.ts'
import type { Container, Endpoint, Engine, EngineNetwork } from '../model/engine.ts'
import type { FileConnection, FileContainer, FileNetwork } from '../model/network-file.ts'
import type { World } from '../model/world.ts'
import { byName, nothing, said, type Part } from './exported.ts'
import { splitOptions } from './engine-options.ts'

export type FileEngine = 'docker' | 'podman'

/** Made by the engine itself; nobody can remove them. */
const itsOwn: Readonly<Record<FileEngine, ReadonlySet<string>>> = {
  docker: new Set(['bridge', 'host', 'none', 'docker_gwbridge', 'ingress']),
  podman: new Set(['podman', 'host', 'none']),
}

export function enginePart(world: World, kind: FileEngine): Part {
  if (isUnknown(world.engines))
    return { ...nothing, unread: [`networks of ${kind}: ${world.engines.unknown}`] }
  const all = world.engines.filter(({ engine }) => engine === kind)
  const engine = chosen(world, all)
  if (engine === undefined) return nothing
  const others = all.filter((each) => each !== engine)
  const unread = [engine.networks, engine.containers].flatMap((each) =>
    isUnknown(each) ? [`${kind} at ${engine.endpoint}: ${each.unknown}`] : [],
  )
  const networks = listOf(engine.networks)
    .filter(({ name }) => !itsOwn[kind].has(name))
    .toSorted(byName)
  const fit = networks.filter((network) => whyNot(network, networks) === null)
  const containers = containersOf(engine, kind, fit)
  return {
    ...nothing,
    networks: fit.map((network) => [network.name, networkOf(network, kind)] as const),
    containers: containers.flatMap(({ container }) => container),
    left: [
      ...others.map(
        ({ endpoint }) => `networks of the ${kind} at ${endpoint}: a file speaks of one engine of a kind`,
      ),
      ...networks.flatMap((network) => {
        const why = whyNot(network, networks)
        return why === null ? [] : [`network ${network.name} of ${kind}: ${why}`]
      }),
      ...containers.flatMap(({ left }) => left),
    ],
    unread: [...new Set(unread)],
  }
}

/** The one whose bridges are the host's, before one of a user's own. */
function chosen(world: World, all: readonly Engine[]): Engine | undefined {
  const answered = all.filter(({ networks }) => !isUnknown(networks))
  const home = answered.filter(({ netns, rootless }) => netns === world.host && !rootless)
  return home[0] ?? answered.find(({ rootless }) => !rootless) ?? answered[0] ?? all[0]
}

function whyNot({ name, scope, driver, made }: EngineNetwork, all: readonly EngineNetwork[]): string | null {
  if (all.filter((each) => each.name === name).length > 1)
    return 'it has this name in common with another one'
  if (scope === 'swarm' || driver === 'overlay')
    return 'it is the whole swarm’s: net create --driver overlay --swarm-wide makes such a one'
  if (scope !== 'local') return `it is not this host’s alone (scope ${scope})`
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

function networkOf(network: EngineNetwork, kind: FileEngine): FileNetwork {
  const { driver, subnets, internal, ipv6, made, labels, parent } = network
  const { keys, options } = splitOptions(network.options, driver)
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
      parent: keys.parent ?? parent ?? undefined,
      attachable: made?.attachable === true ? true : undefined,
      options,
      labels,
    }),
  }
}

type Drawn = {
  readonly container: readonly (readonly [string, FileContainer])[]
  readonly left: readonly string[]
}

function containersOf(
  engine: Engine,
  kind: FileEngine,
  networks: readonly EngineNetwork[],
): readonly Drawn[] {
  const names = new Set(networks.map(({ name }) => name))
  return listOf(engine.containers)
    .toSorted(byName)
    .flatMap((container) => {
      const endpoints = container.endpoints
        .filter(({ network }) => names.has(network))
        .toSorted((one, other) => (one.network < other.network ? -1 : 1))
      if (endpoints.length === 0) return []
      const connections = endpoints.map((endpoint) => connectionOf(container, endpoint))
      return [
        {
          container: [[container.name, { engine: kind, networks: connections }] as const],
          left: endpoints.flatMap((endpoint) => leftOf(container, endpoint)),
        },
      ]
    })
}

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
      aliases: aliases.filter(
        (alias) => alias === '' || !container.id.startsWith(alias) || alias.length !== 12,
      ),
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
