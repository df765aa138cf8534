/**
 * What of a namespace that was read again is worth telling. Counters and ages move all the time and are no
 * change; everything else is.
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

type Fields = { readonly [field: string]: unknown }

/**
 * The new reading, with each row and each table that says the same as before being the very same object as before;
 * `before` itself if all do.
 */
export function shared(before: Netns, after: Netns): Netns {
  const was: Fields = before
  const merged: { [field: string]: unknown } = {}
  let changed = Object.keys(before).length !== Object.keys(after).length
  for (const [field, is] of Object.entries(after)) {
    merged[field] = sharedField(field, was[field], is)
    if (merged[field] !== was[field]) changed = true
  }
  return changed ? (merged as Netns) : before
}

function sharedField(field: string, was: unknown, is: unknown): unknown {
  if (was === is || volatile.has(field)) return was
  if (Array.isArray(was) && Array.isArray(is)) return sharedRows(was, is)
  return same(was, is) ? was : is
}

/** How far a row is looked for when rows were taken away or put in before it. */
const reach = 64

function sharedRows(was: readonly unknown[], is: readonly unknown[]): readonly unknown[] {
  const rows: unknown[] = []
  let from = 0
  let kept = 0
  for (const row of is) {
    let at = from
    const end = Math.min(was.length, from + reach)
    while (at < end && !same(was[at], row)) at++
    if (at < end) {
      rows.push(was[at])
      from = at + 1
      kept++
    } else {
      rows.push(row)
      // One row in the place of another; a row more has its neighbour found again by the reach.
      if (is.length <= was.length) from++
    }
  }
  return kept === was.length && kept === is.length ? was : rows
}

/** Two rows that say the same, apart from what counts or ages. */
export function same(before: unknown, after: unknown): boolean {
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
  return !Array.isArray(after) && sameRecord(before as Fields, after as Fields)
}

function sameRecord(before: Fields, after: Fields): boolean {
  const keys = Object.keys(before)
  if (keys.length !== Object.keys(after).length) return false
  for (const key of keys) {
    if (!(key in after)) return false
    if (volatile.has(key)) continue
    const was = before[key]
    const is = after[key]
    if (lifetimes.has(key) ? (was === null) !== (is === null) : !sameValue(key, was, is)) return false
  }
  return true
}

function sameValue(key: string, was: unknown, is: unknown): boolean {
  return key === 'processes' ? sameProcesses(was, is) : same(was, is)
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
