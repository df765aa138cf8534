/**
 * The entries of what `nft -j` printed, one after the other: 30,000 rules are 10 MB of JSON, which JSON.parse reads in one
 * go of a quarter of a second.
 */
import { isObject, type Json } from './nft-json.ts'

const quote = 34
const backslash = 92
const open = 123
const close = 125

/** null at the end: it was no such JSON. */
export function* nftEntries(text: string): Generator<Json, 'whole' | null, void> {
  const head = /^\s*\{\s*"nftables"\s*:\s*\[/.exec(text)?.[0]
  if (head === undefined) return null
  const blank = /[\s,]*/y
  for (let at = head.length; ;) {
    blank.lastIndex = at
    at += blank.exec(text)?.[0].length ?? 0
    if (text.charCodeAt(at) !== open) {
      const rest = restFrom(text, at)
      if (rest !== null) yield* rest
      return rest === null ? null : 'whole'
    }
    const end = endOfObject(text, at)
    const entry = end < 0 ? null : parsed(text.slice(at, end))
    if (entry === null) return null
    yield entry
    at = end
  }
}

/** The end; before it there may be what is no entry. */
function restFrom(text: string, at: number): readonly Json[] | null {
  const rest = parsed(`{"nftables": [${text.slice(at)}`)?.['nftables']
  return Array.isArray(rest) ? rest.filter(isObject) : null
}

/** Behind the brace that closes the one at `start`; -1: there is none. */
function endOfObject(text: string, start: number): number {
  let depth = 0
  for (let at = start; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === open) depth++
    else if (code === quote) {
      at = endOfString(text, at)
      if (at < 0) return -1
    } else if (code === close && --depth === 0) return at + 1
  }
  return -1
}

function endOfString(text: string, start: number): number {
  for (let at = start + 1; at < text.length; at++) {
    const code = text.charCodeAt(at)
    if (code === backslash) at++
    else if (code === quote) return at
  }
  return -1
}

function parsed(text: string): Json | null {
  try {
    const entry: unknown = JSON.parse(text)
    return isObject(entry) ? entry : null
  } catch {
    return null
  }
}
