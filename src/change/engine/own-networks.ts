/** Networks that an engine makes itself, and keeps. */
import type { EngineNetwork } from '../../model/engine.ts'
import type { EngineKind } from './engine-of.ts'

/** Docker's IsPreDefinedNetwork (runconfig); `default` is the word for the default one. */
const predefined: Readonly<Record<EngineKind, readonly string[]>> = {
  docker: ['bridge', 'host', 'none', 'default'],
  podman: ['podman'],
}

/** What a swarm makes for itself: its way out, and the way in of published ports. */
const swarms: readonly string[] = ['docker_gwbridge', 'ingress']

/** A name that no network of a user can have, and a network that cannot be removed. */
export function isPredefined(kind: EngineKind, name: string): boolean {
  return predefined[kind].includes(name)
}

export function isOfSwarm(kind: EngineKind, name: string): boolean {
  return kind === 'docker' && swarms.includes(name)
}

/** Where addresses, aliases and names of one's choice are possible. */
export function isUserDefined(kind: EngineKind, { name }: Pick<EngineNetwork, 'name'>): boolean {
  return kind === 'podman' || !isPredefined(kind, name)
}

/** Of all hosts of a swarm. */
export function isSwarmWide({ scope }: Pick<EngineNetwork, 'scope'>): boolean {
  return scope === 'swarm' || scope === 'global'
}
