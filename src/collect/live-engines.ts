/**
 * Engines beside the live World: asked when the processes are first known, again when one of them tells of a change or a
 * daemon comes or goes. What they say becomes names of namespaces and stands in the header.
 */
import { same } from '../lib/same.ts'
import type { Engine } from '../model/engine.ts'
import { listOf, unknown } from '../model/known.ts'
import type { Process } from '../model/process.ts'
import type { World } from '../model/world.ts'
import type { Collection } from './collection.ts'
import type { EngineEvent } from './engine/engine-event.ts'
import { engineMemory } from './engine/engine-memory.ts'
import { withEngineNames } from './engine/engine-names.ts'
import type { ExtraSockets } from './engine/extra-sockets.ts'
import { readEngines } from './engine/read-engines.ts'
import { engineProcessMark, watchEngines } from './engine/watch-engines.ts'
import { labsMark } from './lab/read-labs.ts'
import type { FoundNetns } from './reader.ts'

const notAsked = unknown('container engines were not asked yet')

export type LiveEngines = {
  /** The same collection; its namespaces carry the names of the containers in them. */
  readonly collection: Collection
  /** Unknown before they were asked: nobody may take that for a host without containers. */
  readonly engines: () => World['engines']
  /** Resolves when they were asked once. */
  readonly asked: Promise<void>
  readonly close: () => void
}

export type LiveEnginesCallbacks = {
  /** They say something else than before. */
  readonly changed: () => void
  /** Something happened: there may be processes and namespaces by now that the last look did not find. */
  readonly happened: () => void
  /** What one of them told, for the log. */
  readonly told?: (event: EngineEvent) => void
  /** A mistake of ours, told and survived. */
  readonly failed: (error: unknown) => void
}

export function liveEngines(
  collection: Collection,
  { changed, happened, told, failed }: LiveEnginesCallbacks,
  sockets?: ExtraSockets,
): LiveEngines {
  const ended = new AbortController()
  const memory = engineMemory()
  let engines: readonly Engine[] = []
  /** One object a namespace as long as nothing about it changes: what is compared by identity stays cheap. */
  let named = new WeakMap<FoundNetns, FoundNetns>()
  let mark: string | null = null
  let last: { readonly processes: readonly Process[]; readonly found: readonly FoundNetns[] } | null = null
  let reading = false
  let again = false
  /** What an event is about may be in a namespace that was not there at the last look. */
  let stale = false
  let isAsked = false

  let first = (): void => {}
  const asked = new Promise<void>((resolve) => {
    first = resolve
  })

  const read = async (): Promise<void> => {
    if (last === null || ended.signal.aborted) return
    if (reading) {
      again = true
      return
    }
    reading = true
    try {
      const now = await readEngines({ ...last, signal: ended.signal, memory, sockets })
      if (ended.signal.aborted) return
      watch.follow(now)
      const isFirst = !isAsked
      isAsked = true
      if (isFirst || !same(engines, now)) {
        engines = now
        named = new WeakMap()
        changed()
      }
    } catch (error) {
      failed(error)
    } finally {
      reading = false
      first()
    }
    if (!again) return
    again = false
    await read()
  }
  const watch = watchEngines(() => {
    stale = true
    happened()
    void read()
  }, told)

  const withNames = (found: readonly FoundNetns[]): readonly FoundNetns[] => {
    const others = found.filter((each) => !named.has(each))
    for (const [at, each] of withEngineNames(others, engines).entries()) {
      const plain = others[at]
      if (plain !== undefined) named.set(plain, each)
    }
    return found.map((each) => named.get(each) ?? each)
  }

  return {
    collection: {
      ...collection,
      discover: async (options) => {
        const discovery = await collection.discover(options)
        const processes = listOf(discovery.processes)
        last = { processes, found: discovery.found }
        const now = `${engineProcessMark(processes)}\n${labsMark()}`
        if (stale || now !== mark) {
          stale = false
          mark = now
          void read()
        }
        return engines.length === 0 ? discovery : { ...discovery, found: withNames(discovery.found) }
      },
    },
    engines: () => (isAsked ? engines : notAsked),
    asked,
    close: () => {
      ended.abort()
      watch.close()
    },
  }
}
