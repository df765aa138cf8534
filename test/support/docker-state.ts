/** What Docker says of its networks and containers, and its rules, without what is new each time: ids, times, names made of ids. */
import type { DockerHost } from './docker.ts'

type Json = { readonly [key: string]: unknown }

/** Ids of networks and endpoints, by which also a bridge is called. */
const made: ReadonlySet<string> = new Set([
  'Id',
  'Created',
  'EndpointID',
  'NetworkID',
  'SandboxID',
  'SandboxKey',
])

/** Nothing was said of it: null by `docker run`, empty by `docker network connect`. */
const unsaid: ReadonlySet<string> = new Set(['DriverOpts', 'IPAMConfig'])

function withoutIds(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutIds)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, each]) =>
      made.has(key) ? [] : [[key, unsaid.has(key) ? withoutIds(each ?? {}) : withoutIds(each)]],
    ),
  )
}

/** One network as `docker network inspect` tells it. */
export function networkState(engine: DockerHost, name: string): unknown {
  const [network] = engine.inspect('network', 'inspect', name) as readonly Json[]
  return withoutIds(network)
}

/** A container's places on networks, by name. */
export function placesOf(engine: DockerHost, name: string): Json {
  const [container] = engine.inspect('inspect', name) as readonly Inspected[]
  return container === undefined ? {} : placesIn(container)
}

type Inspected = { readonly NetworkSettings: Json }

function placesIn({ NetworkSettings }: Inspected): Json {
  return withoutIds(NetworkSettings['Networks']) as Json
}

export type DockerState = {
  readonly networks: readonly unknown[]
  readonly containers: readonly (readonly [name: string, places: Json])[]
  readonly rules: readonly string[]
}

/** All that Docker has of networks, to compare before and after. */
export function dockerState(engine: DockerHost): DockerState {
  const networks = lines(engine.docker('network', 'ls', '--format', '{{.Name}}')).toSorted()
  const names = lines(engine.docker('ps', '-a', '--format', '{{.Names}}')).toSorted()
  const containers =
    names.length === 0 ? [] : (engine.inspect('inspect', ...names) as readonly Inspected[]).map(placesIn)
  return {
    networks: (engine.inspect('network', 'inspect', ...networks) as readonly unknown[]).map(withoutIds),
    containers: containers.map((places, at) => [names[at] ?? '', places] as const),
    rules: rulesOf(engine),
  }
}

/** In the order of their text: a network that is made again has its rules at another place. */
export function rulesOf(engine: DockerHost): readonly string[] {
  return ['iptables-save', 'ip6tables-save'].flatMap((tool) =>
    lines(engine.host.run([tool]))
      .filter((line) => !line.startsWith('#'))
      .map((line) => line.replace(/\[\d+:\d+\]/, '').replaceAll(/\bbr-[0-9a-f]{12}\b/g, 'br-ID'))
      .toSorted(),
  )
}

function lines(text: string): readonly string[] {
  return text.split('\n').filter((line) => line !== '')
}
