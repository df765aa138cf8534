/**
 * The World as the screen was told it, and what it has not been told yet. Knows no kernel: readings are put in,
 * messages are taken out.
 */
import { isHidden, type NetnsId, type Nsid } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
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

/** The same namespace with what only hidden ones answer to taken back: `null` again. */
export function withoutHidden(netns: Netns): Netns {
  if (isUnknown(netns.nsids)) return netns
  if (!netns.nsids.some(({ id }) => id !== null && isHidden(id))) return netns
  return {
    ...netns,
    nsids: netns.nsids.map((entry) =>
      entry.id !== null && isHidden(entry.id) ? { ...entry, id: null } : entry,
    ),
  }
}

/** What the numbers meant in the reading before, where the new one does not say: hidden namespaces are looked at less often. */
export function keepExplanations(netns: Netns, before: Netns): Netns {
  if (isUnknown(netns.nsids) || isUnknown(before.nsids)) return netns
  const known = new Map(before.nsids.map(({ nsid, id }) => [nsid, id]))
  const kept = (entry: { readonly nsid: Nsid; readonly id: NetnsId | null }): typeof entry => {
    const id = entry.id ?? known.get(entry.nsid) ?? null
    return id !== entry.id && id !== null && isHidden(id) ? { ...entry, id } : entry
  }
  return netns.nsids.some(({ id }) => id === null) ? { ...netns, nsids: netns.nsids.map(kept) } : netns
}
