/** Networks and endpoints of engines in a World, as facts of a plan name them. */
import { formatPrefix, normalIp, parsePrefix } from '../../lib/ip.ts'
import type { Container, Endpoint, Engine, EngineNetwork } from '../../model/engine.ts'
import { isUnknown, listOf, unknown, type Known } from '../../model/known.ts'
import type { Fact } from '../../model/plan.ts'
import type { World } from '../../model/world.ts'

type NetworkFact = Extract<Fact, { readonly kind: 'engine-network' }>
type EndpointFact = Extract<Fact, { readonly kind: 'engine-endpoint' }>

export function checkEngineNetwork(fact: NetworkFact, world: World): Known<boolean> {
  const found = networksLike(fact, world)
  if (isUnknown(found)) return found
  const like = found.filter((each) => networkDifferences(fact, [each]).length === 0)
  // One of two with the same name cannot be asked for by it.
  return fact.there ? found.length === 1 && like.length === 1 : like.length === 0
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
  const { driver, subnets, internal } = network
  const has = { driver, subnets: prefixes(subnets.map(({ subnet }) => subnet)), internal }
  return differing(has, { ...is, subnets: is.subnets && prefixes(is.subnets) })
}

export function endpointDifferences({ is = {} }: EndpointFact, endpoint: Endpoint): readonly string[] {
  const { ipv4, ipv6, mac } = endpoint
  return differing(
    { ipv4: plain(ipv4), ipv6: plain(ipv6), mac: mac?.toLowerCase() ?? null },
    {
      ipv4: is.ipv4 === undefined ? undefined : plain(is.ipv4),
      ipv6: is.ipv6 === undefined ? undefined : plain(is.ipv6),
      mac: is.mac?.toLowerCase(),
    },
  )
}

/** Without length, spelled as we spell it. */
function plain(address: string | null): string | null {
  const [text] = address?.split('/') ?? []
  return text === undefined ? null : (normalIp(text) ?? text)
}

/** An engine has an order of its own for them, and spells them as it was told. */
function prefixes(texts: readonly string[]): string {
  const spelled = texts.map((text) => {
    const prefix = parsePrefix(text)
    return prefix === null ? text : formatPrefix(prefix)
  })
  return spelled.toSorted().join(' ')
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
