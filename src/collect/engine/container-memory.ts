/**
 * What inspecting a container told, kept for the next look: of 5,000 containers one or two change between two looks, and to
 * inspect them all takes an engine seconds. It is told again only where the list says what it said before, and where the
 * very process still runs that ran then.
 */
import { createHash } from 'node:crypto'
import type { Container } from '../../model/engine.ts'
import type { Answer } from './answer.ts'
import type { ContainerPlace, PlaceOf } from './container-process.ts'
import type { ToldContainer } from './docker-container.ts'
import type { EngineMemory, Kept } from './engine-memory.ts'

export type ContainerMemory = {
  /** Null: inspect it. */
  recall(listed: Answer, id: string): Container | null
  keep(listed: Answer, told: ToldContainer): Container
  /** What was neither recalled nor kept is forgotten. */
  done(): void
}

export function containerMemory(memory: EngineMemory, endpoint: string, placeOf: PlaceOf): ContainerMemory {
  const before = memory.containers.get(endpoint)
  const now = new Map<string, Kept>()
  return {
    recall: (listed, id) => {
      const kept = before?.get(id)
      if (kept === undefined || kept.digest !== digestOf(listed)) return null
      const place = placeOf(kept.told)
      const isRunning = kept.told.enginePid !== 0
      if (isRunning && (place.startTime === null || place.startTime !== kept.startTime)) return null
      now.set(id, kept)
      return containerAt(kept.told, place)
    },
    keep: (listed, told) => {
      const place = placeOf(told)
      now.set(told.facts.id, { digest: digestOf(listed), told, startTime: place.startTime })
      return containerAt(told, place)
    },
    done: () => memory.containers.set(endpoint, now),
  }
}

function containerAt({ facts }: ToldContainer, { pid, netns }: ContainerPlace): Container {
  return { ...facts, pid, netns }
}

/** Without `Up 5 minutes`. */
function digestOf(listed: Answer): string {
  const text = JSON.stringify(listed, (key, value: unknown) => (key === 'Status' ? undefined : value))
  return createHash('sha1').update(text).digest('base64')
}
