/** What an export is made of, while it is put together. */
import type { FileContainer, FileLink, FileNetwork, FileNode } from '../model/network-file.ts'

/** Pairs instead of keys, because the order tells what is to be made first, and because a name may come twice. */
export type Part = {
  readonly networks: readonly (readonly [string, FileNetwork])[]
  readonly nodes: readonly (readonly [string, FileNode])[]
  readonly containers: readonly (readonly [string, FileContainer])[]
  readonly links: readonly FileLink[]
  /** What is there and cannot be said in a file, each a sentence that names it. Outside text: sanitise where shown. */
  readonly left: readonly string[]
  /** What could not be read, so that nobody knows whether it is there. */
  readonly unread: readonly string[]
}

export const nothing: Part = {
  networks: [],
  nodes: [],
  containers: [],
  links: [],
  left: [],
  unread: [],
}

export function together(parts: readonly Part[]): Part {
  return {
    networks: parts.flatMap(({ networks }) => networks),
    nodes: parts.flatMap(({ nodes }) => nodes),
    containers: parts.flatMap(({ containers }) => containers),
    links: parts.flatMap(({ links }) => links),
    left: parts.flatMap(({ left }) => left),
    unread: parts.flatMap(({ unread }) => unread),
  }
}

/** Without members that say nothing: what is undefined, an empty list, a record without keys. */
export function said<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => !isNothing(value))) as T
}

function isNothing(value: unknown): boolean {
  if (value === undefined) return true
  if (Array.isArray(value)) return value.length === 0
  return typeof value === 'object' && value !== null && Object.keys(value).length === 0
}

/** By code point, which is the same on every host. */
export function byName(one: { readonly name: string }, other: { readonly name: string }): number {
  return one.name < other.name ? -1 : one.name > other.name ? 1 : 0
}
