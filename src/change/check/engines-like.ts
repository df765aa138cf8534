/** Networks and endpoints of engines in a World, as facts of a plan name them. */
import type { Container, Endpoint, Engine, EngineNetwork } from '../../model/engine.ts'
import { isUnknown, listOf, unknown, type Known } from '../../model/known.ts'
import type { Fact } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'

type NetworkFact = Extract<Fact, { readonly kind: 'engine-network' }>
type EndpointFact = Extract<Fact, { readonly kind: 'engine-endpoint' }>

export function checkEngineNetwork(fact: NetworkFact, world: World): Known<boolean> {
  const found = networksLike(fact, world)
  if (isUnknown(found)) return found
  return (found.length === 1 && networkDifferences(fact, found).length === 0) === fact.there
}

export function checkEngineEndpoint(fact: EndpointFact, world: World): Known<boolean> {
  const found = endpointLike(fact, world)
  if (isUnknown(found)) return found
  return (found !== null && endpointDifferences(fact, found).length === 0) === fact.there
}

/** All of that name: Docker lets several have one. */
export function networksLike(
  fact: Pick<NetworkFact, 'socket' | 'name'>,
  world: World,
): Known<readonly EngineNetwork[]> {
  const engine = engineAt(world, fact.socket)
  if (isUnknown(engine)) return engine
  const { networks } = engine
  return isUnknown(networks) ? networks : networks.filter(({ name }) => name === fact.name)
}

/** null: that container is not on that network, or not there. */
export function endpointLike(
  fact: Pick<EndpointFact, 'socket' | 'network' | 'container'>,
  world: World,
): Known<Endpoint | null> {
  const engine = engineAt(world, fact.socket)
  if (isUnknown(engine)) return engine
  const { containers } = engine
  if (isUnknown(containers)) return containers
  const container: Container | undefined = containers.find(({ name }) => name === fact.container)
  return (
    container?.endpoints.find((each) => each.network === fact.network && isPlaced(container, each)) ?? null
  )
}

/** Docker keeps what was asked for of a container that runs also where it could not be given: that is no place on a network. */
export function isPlaced({ pid }: Pick<Container, 'pid'>, { networkId, endpointId }: Endpoint): boolean {
  return pid === null || networkId !== '' || endpointId !== ''
}

/** `driver bridge, not macvlan`; empty: none. */
export function networkDifferences(
  { is = {} }: NetworkFact,
  [network]: readonly EngineNetwork[],
): readonly string[] {
  if (network === undefined) return []
  const has = {
    driver: network.driver,
    subnets: network.subnets.map(({ subnet }) => subnet).join(' '),
    internal: network.internal,
  }
  const wants = { ...is, subnets: is.subnets?.join(' ') }
  return differing(has, wants)
}

export function endpointDifferences({ is = {} }: EndpointFact, endpoint: Endpoint): readonly string[] {
  const plain = (address: string | null): string | null => address?.split('/')[0] ?? null
  return differing(
    { ipv4: plain(endpoint.ipv4), ipv6: plain(endpoint.ipv6), mac: endpoint.mac?.toLowerCase() ?? null },
    { ...is, mac: is.mac?.toLowerCase() },
  )
}

type Value = string | boolean | null | undefined

function differing(
  has: Readonly<Record<string, Value>>,
  wants: Readonly<Record<string, Value>>,
): readonly string[] {
  return Object.entries(has).flatMap(([key, value]) => {
    const wanted = wants[key]
    if (wanted === undefined || wanted === value) return []
    return [`${key} ${value ?? 'none'}, not ${wanted ?? 'none'}`]
  })
}

function engineAt(world: World, socket: string): Known<Engine> {
  if (isUnknown(world.engines)) return world.engines
  return (
    listOf(world.engines).find(({ endpoint }) => endpoint === socket) ??
    unknown(`nothing answers at ${socket}`)
  )
}
