/** Which engine is asked how. */
import type { Dialect } from './dialect.ts'
import { dockerDialect } from './docker-dialect.ts'
import { podmanDialect } from './podman-dialect.ts'

export const dialects: Readonly<Record<'docker' | 'podman', Dialect>> = {
  docker: dockerDialect,
  podman: podmanDialect,
}

/** What an engine is called in sentences. */
export const titles = { docker: 'Docker', podman: 'Podman' } as const
