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

/**
 * Rows mostly stay where they are. One that does not is looked for: close by, where a row has changed, gone or come, and otherwise in all of the
 * table, because the kernel puts some in another order.
 */
function sharedRows(was: readonly unknown[], is: readonly unknown[]): readonly unknown[] {
  const rows: unknown[] = []
  let index: ReadonlyMap<string, readonly number[]> | null = null
  let at = 0
  let moved = was.length !== is.length
  for (const [place, row] of is.entries()) {
    if (at < was.length && same(was[at], row)) {
      rows.push(was[at++])
      continue
    }
    moved = true
    // The same thing in the same place, saying something else: what comes next is what came next.
    if (at < was.length && keyOf(was[at]) === keyOf(row) && same(was[at + 1], is[place + 1])) {
      rows.push(row)
      at++
      continue
    }
    const near = closeBehind(was, at, row)
    if (near === undefined && closeBehind(is, place + 1, was[at]) !== undefined) {
      rows.push(row)
      continue
    }
    if (near === undefined) index ??= placesOf(was)
    const found = near ?? index?.get(keyOf(row))?.find((each) => same(was[each], row))
    rows.push(found === undefined ? row : was[found])
    // One row in the place of another; of a row more the neighbour is found again.
    at = found === undefined ? at + (is.length <= was.length ? 1 : 0) : found + 1
  }
  return moved ? rows : was
}

/** So many rows that came or went together are stepped over. */
const close = 8

/** Where `row` stands from there on, as far as that is close. */
function closeBehind(rows: readonly unknown[], from: number, row: unknown): number | undefined {
  const end = Math.min(from + close, rows.length)
  for (let place = from; place < end; place++) if (same(rows[place], row)) return place
  return undefined
}

/** So many rows that cannot be told apart by their keys are looked at. */
const alike = 64

function placesOf(rows: readonly unknown[]): ReadonlyMap<string, readonly number[]> {
  const places = new Map<string, number[]>()
  for (const [at, row] of rows.entries()) {
    const key = keyOf(row)
    const known = places.get(key)
    if (known === undefined) places.set(key, [at])
    else if (known.length < alike) known.push(at)
  }
  return places
}

/** Of the fields that tell rows of one table apart, those that it has. */
function keyOf(row: unknown): string {
  const { ifindex, oif, dst, local, lladdr, table, priority, id, nsid, group } = row as Fields
  return [ifindex, oif, dst, local, lladdr, table, priority, id, nsid, group].join()
}

/** Two rows that say the same, apart from what counts or ages. */
export function same(before: unknown, after: unknown): boolean {
  if (before === after) return true
  if (typeof before !== 'object' || typeof after !== 'object' || before === null || after === null) {
    return Number.isNaN(before) && Number.isNaN(after)
  }
  if (Array.isArray(before)) {
    if (!Array.isArray(after) || before.length !== after.length) return false
    for (let at = 0; at < before.length; at++) if (!same(before[at], after[at])) return false
    return true
  }
  return !Array.isArray(after) && sameRecord(before as Fields, after as Fields)
}

function sameRecord(before: Fields, after: Fields): boolean {
  const keys = Object.keys(before)
  if (keys.length !== Object.keys(after).length) return false
  for (const key of keys) {
    const was = before[key]
    const is = after[key]
    if (was === is && was !== undefined) continue
    if (!(key in after)) return false
    if (volatile.has(key)) continue
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
