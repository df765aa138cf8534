/**
 * The World as the screen was told it, and what it has not been told yet. Knows no kernel: readings are put in,
 * messages are taken out.
 */
import type { NetnsId } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import type { Gap } from '../model/world.ts'
import { sameNetns } from './delta.ts'
import { gapsOf } from './gaps.ts'

export type Update = {
  readonly changed: readonly Netns[]
  readonly gone: readonly NetnsId[]
  /** Nothing more is waiting. */
  readonly last: boolean
}

export type LiveWorld = {
  get(id: NetnsId): Netns | undefined
  /** A copy: it may be changed while one goes through it. */
  all(): readonly Netns[]
  /** A fresh reading: it is kept, and told of only if it says something new. */
  put(netns: Netns): void
  remove(id: NetnsId): void
  /** What to tell next, at most `limit` namespaces; null: nothing. */
  take(limit: number): Update | null
  /** Everything is to be told again. */
  retell(): void
  gaps(): readonly Gap[]
}

export function liveWorld(): LiveWorld {
  const kept = new Map<NetnsId, Netns>()
  const changed = new Set<NetnsId>()
  const gone = new Set<NetnsId>()
  const told = new Set<NetnsId>()
  const gapsKept = new WeakMap<Netns, readonly Gap[]>()

  return {
    get: (id) => kept.get(id),
    all: () => [...kept.values()],
    put: (netns) => {
      const before = kept.get(netns.id)
      if (before !== undefined && (before === netns || sameNetns(before, netns))) return
      kept.set(netns.id, netns)
      changed.add(netns.id)
    },
    remove: (id) => {
      if (!kept.delete(id)) return
      changed.delete(id)
      if (told.has(id)) gone.add(id)
    },
    take: (limit) => {
      if (changed.size === 0 && gone.size === 0) return null
      const next: Netns[] = []
      for (const id of changed) {
        if (next.length === limit) break
        const netns = kept.get(id)
        changed.delete(id)
        if (netns === undefined) continue
        next.push(netns)
        told.add(id)
        // Its inode was used again before its end was told: the new one replaces it.
        gone.delete(id)
      }
      const ended = [...gone]
      gone.clear()
      for (const id of ended) told.delete(id)
      return { changed: next, gone: ended, last: changed.size === 0 }
    },
    retell: () => {
      gone.clear()
      told.clear()
      for (const id of kept.keys()) changed.add(id)
    },
    gaps: () =>
      [...kept.values()].flatMap((netns) => {
        const known = gapsKept.get(netns)
        if (known !== undefined) return known
        const gaps = gapsOf(netns)
        gapsKept.set(netns, gaps)
        return gaps
      }),
  }
}
