/** What engines make for themselves, and what therefore cannot be done with it. */
import type { EngineNetwork } from '../../model/engine.ts'

const own = ['bridge', 'host', 'none', 'docker_gwbridge', 'podman']

/** Made by the engine itself; it would refuse to remove it. */
export function isOwn({ name }: Pick<EngineNetwork, 'name'>): boolean {
  return own.includes(name)
}

/** Nothing can be put on it: `host` and `none`. */
export function isNoNetwork({ driver }: Pick<EngineNetwork, 'driver'>): boolean {
  return driver === 'host' || driver === 'null'
}
