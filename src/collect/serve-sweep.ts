/**
 * Reads something of every namespace, one after the other, again and again: what was never read without rests, the rest so
 * seldom that it costs a small part of the time.
 */
import { setImmediate as turn } from 'node:timers/promises'
import type { NetnsId } from '../model/ids.ts'

export type Sweep = {
  /** There may be namespaces that were not read yet. */
  readonly poke: () => void
  readonly close: () => void
}

export type SweepInput = {
  /** The most important first. */
  readonly ids: () => readonly NetnsId[]
  readonly isRead: (id: NetnsId) => boolean
  readonly read: (id: NetnsId) => Promise<void>
  /** Everything was read that there is; called after each round. */
  readonly through: () => void
  readonly failed: (error: unknown) => void
}

/** A round begins so long after the one before. */
const everyMs = 1000
/** So many times as long as it took it rests. */
const rest = 50
/** The event loop gets a turn at least this often. */
const sliceMs = 5

export function sweep({ ids, isRead, read, through, failed }: SweepInput): Sweep {
  const ended = new AbortController()
  const isOver = (): boolean => ended.signal.aborted
  let poked = true
  let wake = (): void => {}
  /** Milliseconds since the last rest or turn. */
  let slice = 0

  const one = async (id: NetnsId): Promise<void> => {
    const began = performance.now()
    try {
      await read(id)
    } catch (error) {
      failed(error)
    }
    slice += performance.now() - began
  }

  /** Those that nobody has seen yet: somebody waits for them. */
  const readNew = async (): Promise<void> => {
    poked = false
    for (const id of ids()) {
      if (isOver()) return
      if (isRead(id)) continue
      await one(id)
      if (slice < sliceMs) continue
      slice = 0
      await turn()
    }
    if (!isOver()) through()
  }

  const restFor = async (ms: number): Promise<void> => {
    const end = performance.now() + ms
    slice = 0
    for (;;) {
      if (poked) await readNew()
      const left = end - performance.now()
      if (isOver() || left <= 0) return
      let timer: NodeJS.Timeout | undefined
      await new Promise<void>((resolve) => {
        wake = resolve
        timer = setTimeout(resolve, left)
      })
      clearTimeout(timer)
    }
  }

  const round = async (): Promise<void> => {
    for (const id of ids()) {
      if (isOver()) return
      await one(id)
      if (slice >= sliceMs) await restFor(slice * rest)
    }
    if (!isOver()) through()
  }

  const go = async (): Promise<void> => {
    await readNew()
    while (!isOver()) {
      // Of a small host all rounds together are less than one slice.
      await restFor(Math.max(everyMs, slice * rest))
      await round()
    }
  }
  go().catch(failed)

  return {
    poke: () => {
      poked = true
      wake()
    },
    close: () => {
      ended.abort()
      wake()
    },
  }
}
