/** Rulesets of the live World: read beside everything else, because tools are run for them, and kept while nothing changed. */
import type { NetnsId } from '../model/ids.ts'
import type { Firewall } from '../model/ruleset.ts'
import { generationOf, probeByNetlink } from './firewall/probe-by-netlink.ts'
import { hasAny } from './firewall/probe.ts'
import { readFirewall } from './firewall/read-firewall.ts'
import { ruleChanges } from './firewall/rule-changes.ts'
import type { Libc } from './kernel/libc.ts'
import type { FoundNetns } from './reader.ts'

export type LiveFirewall = {
  /** Not older than that. null: nothing leads into the namespace. */
  readonly fresh: (id: NetnsId, maxAgeMs: number) => Promise<ReadFirewall | null>
  /** The same rules as now, as far as that can be told without reading them; their counters may be old. */
  readonly sameRules: (id: NetnsId) => Promise<ReadFirewall | null>
  /** Whether there are any tables; asked of the kernel alone, where that can be. */
  readonly hasTables: (id: NetnsId) => Promise<boolean>
  /** Another one with each change of nft's rules, those of iptables-nft among them; null: not told. */
  readonly generation: (id: NetnsId) => number | null
}

export type ReadFirewall = {
  readonly firewall: Firewall
  /** Milliseconds since the epoch. */
  readonly at: number
}

/** Legacy tables change without a generation: read again after so long. */
const legacyMs = 30_000

export function liveFirewall(
  libc: Libc | null,
  found: (id: NetnsId) => FoundNetns | null,
  signal: AbortSignal,
  /** Rules are others than when they were last read, by whomever: one line each. */
  changed: (id: NetnsId, lines: readonly string[]) => void = () => {},
): LiveFirewall {
  const kept = new Map<NetnsId, ReadFirewall>()
  const running = new Map<NetnsId, Promise<ReadFirewall | null>>()

  const read = (id: NetnsId): Promise<ReadFirewall | null> => {
    const already = running.get(id)
    if (already !== undefined) return already
    const target = found(id)
    if (target === null) {
      kept.delete(id)
      return Promise.resolve(null)
    }
    const reading = (async () => {
      try {
        const before = kept.get(id)?.firewall ?? null
        const firewall = await readFirewall(target, { libc, signal, before })
        const lines = before === null || before === firewall ? [] : ruleChanges(before, firewall)
        if (lines.length > 0) changed(id, lines)
        const made = { firewall, at: Date.now() }
        kept.set(id, made)
        for (const each of kept.keys()) if (found(each) === null) kept.delete(each)
        return made
      } finally {
        running.delete(id)
      }
    })()
    running.set(id, reading)
    return reading
  }

  return {
    hasTables: async (id) => {
      const target = found(id)
      if (target === null) return false
      if (libc === null) return ((await read(id))?.firewall.tables.length ?? 0) > 0
      const probe = probeByNetlink(libc, target)
      return probe.ok && hasAny(probe.value)
    },
    generation: (id) => {
      const target = found(id)
      return target === null || libc === null ? null : generationOf(libc, target)
    },
    fresh: async (id, maxAgeMs) => {
      const had = kept.get(id)
      return had !== undefined && Date.now() - had.at <= maxAgeMs ? had : read(id)
    },
    sameRules: async (id) => {
      const had = kept.get(id)
      const target = found(id)
      if (had === undefined || target === null || libc === null) return read(id)
      const { generation, tables, unread } = had.firewall
      const isOld = Date.now() - had.at > legacyMs
      const mayChange = unread.length > 0 || tables.some(({ backend }) => backend === 'iptables-legacy')
      if (generation === null || generationOf(libc, target) !== generation) return read(id)
      return mayChange && isOld ? read(id) : had
    },
  }
}
