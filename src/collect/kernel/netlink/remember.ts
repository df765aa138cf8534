/**
 * Rows that a thousand namespaces have in common (default policy rules, routes of loopback, multicast entries) are told
 * apart by their bytes: the same bytes give the same object. That is faster than reading them again, and a large World
 * stays small, here and in messages to the screen.
 */
import type { Bytes } from './bytes.ts'
import type { Parse } from './socket.ts'

/** Longer messages are rare, and read each time. */
const longest = 256

type Memory<T> = {
  readonly values: (T | undefined)[]
  readonly lengths: Uint16Array
  /** One after the other, `longest` bytes each. */
  readonly messages: Int32Array
}

/**
 * For messages that say everything in their bytes. `places`, a power of two: how many different ones are kept; a later
 * one takes the place of an earlier one.
 */
export function remembered<T extends object>(parse: Parse<T>, places: number): Parse<T> {
  let memory: Memory<T> | null = null
  return (bytes, start, end) => {
    const length = end - start
    if (length > longest || (length & 3) !== 0) return parse(bytes, start, end)
    memory ??= memoryOf(places)
    const place = hash(bytes, start, end) & (places - 1)
    const known = memory.values[place]
    if (known !== undefined && isKept(memory, place, bytes, start, length)) return known
    const value = parse(bytes, start, end)
    if (value === null || bytes.broken) return value
    keep(memory, place, bytes, start, length)
    memory.values[place] = value
    return value
  }
}

function memoryOf<T>(places: number): Memory<T> {
  return {
    values: Array.from({ length: places }),
    lengths: new Uint16Array(places),
    messages: new Int32Array((places * longest) / 4),
  }
}

function hash({ view }: Bytes, start: number, end: number): number {
  let mixed = end - start
  for (let at = start; at < end; at += 4) mixed = Math.imul(mixed ^ view.getInt32(at, true), 0x9e3779b1)
  return mixed ^ (mixed >>> 15)
}

function isKept<T>(
  { lengths, messages }: Memory<T>,
  place: number,
  { view }: Bytes,
  start: number,
  length: number,
): boolean {
  if (lengths[place] !== length) return false
  const first = (place * longest) / 4
  for (let at = 0; at < length; at += 4) {
    if (messages[first + at / 4] !== view.getInt32(start + at, true)) return false
  }
  return true
}

function keep<T>(
  { lengths, messages }: Memory<T>,
  place: number,
  { view }: Bytes,
  start: number,
  length: number,
): void {
  lengths[place] = length
  const first = (place * longest) / 4
  for (let at = 0; at < length; at += 4) messages[first + at / 4] = view.getInt32(start + at, true)
}

/** By parser. */
const lastRows = new WeakMap<object, readonly unknown[]>()

/** The rows that this parser gave last, if they are the very same: then one list stands for both. */
export function sameAsLast<T>(parse: Parse<T>, rows: readonly T[]): readonly T[] {
  // What was kept for a parser are rows of that parser.
  const last = lastRows.get(parse) as readonly T[] | undefined
  if (last !== undefined && areSame(last, rows)) return last
  lastRows.set(parse, rows)
  return rows
}

function areSame(one: readonly unknown[], other: readonly unknown[]): boolean {
  if (one.length !== other.length) return false
  for (let at = 0; at < one.length; at++) if (one[at] !== other[at]) return false
  return true
}
