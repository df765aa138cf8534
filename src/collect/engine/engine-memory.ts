/** What is kept of engines from one look to the next. */
import type { Engine } from '../../model/engine.ts'
import type { Bundle } from './bundle.ts'
import type { ToldContainer } from './docker-container.ts'
import { silenceMs } from './silence.ts'

export type Kept = {
  readonly digest: string
  readonly told: ToldContainer
  readonly startTime: number | null
}

/** All by the engine's socket. */
export type EngineMemory = {
  /** How long one may keep silent. */
  readonly silenceMs: number
  /** By the container's id. */
  readonly containers: Map<string, ReadonlyMap<string, Kept>>
  /** Engines that kept silent, and until when they are not asked again: each time would hold up the others' news. */
  readonly silent: Map<string, { readonly engine: Engine; readonly until: number }>
  /** What the bundles of running containers say, by their first process: it does not change while that runs. */
  readonly bundles: Map<string, Bundle>
  /** Commands of tools that kept silent, and until when they are not run again. */
  readonly silentTools: Map<string, number>
}

export function engineMemory(patience = silenceMs): EngineMemory {
  return {
    silenceMs: patience,
    containers: new Map(),
    silent: new Map(),
    silentTools: new Map(),
    bundles: new Map(),
  }
}
