/** Who is on a network of an engine. */
import type { Container, Endpoint, EngineNetwork } from '../../model/engine.ts'
import { isPlaced } from '../check/engines-like.ts'
import type { AskedEngine } from './engine-of.ts'

export type Members = {
  readonly containers: readonly { readonly container: Container; readonly endpoint: Endpoint }[]
  /** Names of those that are on it and are no container of the engine. */
  readonly strange: readonly string[]
}

/** Who keeps it from being removed; of an engine to which stopped ones count, those too. */
export function membersOf({ containers, dialect }: AskedEngine, network: EngineNetwork): Members {
  const ids = new Set(network.members.map(({ containerId }) => containerId))
  const on = containers.flatMap((container) => {
    const endpoint = endpointOn(container, network)
    if (endpoint === null) return []
    return ids.has(container.id) || dialect.heldByStopped ? [{ container, endpoint }] : []
  })
  const known = new Set(on.map(({ container }) => container.id))
  const strange = network.members.filter(
    // What a swarm puts on an overlay for itself goes with it: `lb-ov1`, `gateway_ingress-sbox`.
    ({ containerId, name }) =>
      !known.has(containerId) &&
      !/^(?:lb-|gateway_|ingress-)/.test(containerId) &&
      // Its load balancer's while that comes or goes: an endpoint without a sandbox is told by its own id.
      !(containerId.startsWith('ep-') && name === `${network.name}-endpoint`),
  )
  return { containers: on, strange: strange.map(({ name, containerId }) => name || containerId) }
}

/** Those that the engine lets be: it is removed all the same, and they do not start any more. */
export function stoppedOn(
  { containers, dialect }: AskedEngine,
  network: EngineNetwork,
): readonly Container[] {
  if (dialect.heldByStopped) return []
  const ids = new Set(network.members.map(({ containerId }) => containerId))
  return containers.filter((container) => !ids.has(container.id) && endpointOn(container, network) !== null)
}

/**
 * A container that never ran names its networks and has no ids yet, and Podman has names for ids. It repeats the places of another for
 * one that shares its namespace; there is nothing to take off there.
 */
export function endpointOn(container: Container, { id, name }: EngineNetwork): Endpoint | null {
  if (container.joins !== null) return null
  return (
    container.endpoints.find(
      (each) => (each.networkId === id || each.network === name) && isPlaced(container, each),
    ) ?? null
  )
}

/** Whose namespace a container is in, where that is another's: the one that is on networks. */
export function sharedWith(
  { containers }: Pick<AskedEngine, 'containers'>,
  { joins }: Container,
): string | null {
  if (joins === null) return null
  return containers.find(({ id, name }) => id === joins || name === joins)?.name ?? joins
}
