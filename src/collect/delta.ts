/**
 * Whether a namespace that was read again is worth telling about. Counters and ages move all the time and are
 * no change; everything else is.
 */
import type { Netns } from '../model/netns.ts'

/**
 * Fields that count or age by themselves, wherever they stand: link counters, neighbour ages, WireGuard traffic.
 * Details are asked for separately and are never part of a delta.
 */
const volatile: ReadonlySet<string> = new Set([
  'stats',
  'used',
  'confirmed',
  'updated',
  'lastHandshake',
  'rxBytes',
  'txBytes',
  'details',
])

/** Seconds that run down: only whether there is a limit counts. */
const lifetimes: ReadonlySet<string> = new Set(['validLifetime', 'preferredLifetime', 'expires'])

/** Two readings of one namespace say the same. */
export function sameNetns(before: Netns, after: Netns): boolean {
  return sameRecord(before, after)
}

function same(before: unknown, after: unknown): boolean {
  if (before === after) return true
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) {
    return Number.isNaN(before) && Number.isNaN(after)
  }
  if (Array.isArray(before)) {
    return (
      Array.isArray(after) &&
      before.length === after.length &&
      before.every((each, at) => same(each, after[at]))
    )
  }
  return !Array.isArray(after) && sameRecord(before, after)
}

function sameRecord(before: object, after: object): boolean {
  const keys = Object.keys(before)
  if (keys.length !== Object.keys(after).length) return false
  const old: Readonly<Record<string, unknown>> = { ...before }
  const fresh: Readonly<Record<string, unknown>> = { ...after }
  return keys.every((key) => {
    if (!(key in fresh)) return false
    if (volatile.has(key)) return true
    if (lifetimes.has(key)) return (old[key] === null) === (fresh[key] === null)
    if (key === 'processes') return sameProcesses(old[key], fresh[key])
    return same(old[key], fresh[key])
  })
}

/**
 * On a busy host processes come and go all the time, and most are in the host's own namespace. What a namespace
 * is known by is its oldest process, and whether there is one.
 */
function sameProcesses(before: unknown, after: unknown): boolean {
  if (!Array.isArray(before) || !Array.isArray(after)) return same(before, after)
  return before[0] === after[0] && (before.length > few || after.length > few || same(before, after))
}

const few = 16
