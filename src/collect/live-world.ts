/**
 * The World as the screen was told it, and what it has not been told yet. Knows no kernel: readings are put in,
 * messages are taken out.
 */
import type { NetnsId } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import type { Gap } from '../model/world.ts'
import { editBetween, type NetnsEdit } from '../model/netns-edit.ts'
import { shared } from './delta.ts'
import { gapsOf } from './gaps.ts'

export type Update = {
  /** Not told of before: whole. */
  readonly changed: readonly Netns[]
  /** Told of before: what is different now. */
  readonly edited: readonly NetnsEdit[]
  readonly gone: readonly NetnsId[]
  /** Nothing more is waiting. */
  readonly last: boolean
}

export const nothingNew: Update = { changed: [], edited: [], gone: [], last: true }

export type LiveWorld = {
  get(id: NetnsId): Netns | undefined
  /** A copy: it may be changed while one goes through it. */
  all(): readonly Netns[]
  /** A fresh reading: it is kept, and told of only if it says something new. `lazily`: nothing spoke of it. */
  put(netns: Netns, lazily?: boolean): void
  remove(id: NetnsId): void
  /** What to tell next, at most `limit` namespaces; null: nothing. */
  take(limit: number): Update | null
  /** What waits to be told. */
  waits(): 'nothing' | 'lazily' | 'urgently'
  /** Everything is to be told again. */
  retell(): void
  gaps(): readonly Gap[]
}

export function liveWorld(): LiveWorld {
  const kept = new Map<NetnsId, Netns>()
  const changed = new Set<NetnsId>()
  const gone = new Set<NetnsId>()
  let isUrgent = false
  /** As the screen has them. */
  const told = new Map<NetnsId, Netns>()
  const gapsKept = new WeakMap<Netns, readonly Gap[]>()

  return {
    get: (id) => kept.get(id),
    all: () => [...kept.values()],
    put: (netns, lazily = false) => {
      const before = kept.get(netns.id)
      // Most namespaces are put again by each scan without having been read.
      if (before === netns) return
      const next = before === undefined ? netns : shared(before, netns)
      if (next === before) return
      kept.set(netns.id, next)
      changed.add(netns.id)
      isUrgent ||= !lazily
    },
    remove: (id) => {
      if (!kept.delete(id)) return
      changed.delete(id)
      if (!told.has(id)) return
      gone.add(id)
      isUrgent = true
    },
    take: (limit) => {
      if (changed.size === 0 && gone.size === 0) return null
      const whole: Netns[] = []
      const edited: NetnsEdit[] = []
      for (const id of changed) {
        if (whole.length + edited.length === limit) break
        const netns = kept.get(id)
        changed.delete(id)
        if (netns === undefined) continue
        const before = told.get(id)
        // Its inode was used again before its end was told: the new one replaces it.
        if (before === undefined || gone.delete(id)) whole.push(netns)
        else edited.push(editBetween(before, netns))
        told.set(id, netns)
      }
      const ended = [...gone]
      gone.clear()
      for (const id of ended) told.delete(id)
      isUrgent &&= changed.size > 0
      return { changed: whole, edited, gone: ended, last: changed.size === 0 }
    },
    waits: () => (changed.size === 0 && gone.size === 0 ? 'nothing' : isUrgent ? 'urgently' : 'lazily'),
    retell: () => {
      gone.clear()
      told.clear()
      for (const id of kept.keys()) changed.add(id)
      isUrgent = true
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
