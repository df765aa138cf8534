/** One namespace's routes by table and prefix length, so that the longest prefix is found without a search. */
import { parsePrefix, prefixOf, type Ip, type Prefix } from '../lib/ip.ts'
import { listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { Route } from '../model/route.ts'

type Entry = { readonly route: Route; readonly src: Prefix | null; readonly length: number }
type Table = {
  readonly lengths: readonly number[]
  readonly byLength: ReadonlyMap<number, ReadonlyMap<bigint, readonly Entry[]>>
}

/** By the list of routes: neighbours change all the time, and the namespace is another object then. */
const memo = new WeakMap<Netns['routes'], ReadonlyMap<string, Table>>()

/**
 * Every route of a table whose prefix holds the address, in the order in which the kernel tries them. IPv4: longest
 * prefix, then tos, then metric. IPv6: longest prefix, then longest source prefix, then metric.
 */
export function routesTo(netns: Netns, table: number, dst: Ip): readonly Route[] {
  const own = tablesOf(netns.routes).get(`${dst.family} ${table}`)
  if (own === undefined) return []
  return own.lengths.flatMap((length) =>
    (own.byLength.get(length)?.get(prefixOf(dst, length).value) ?? []).map((entry) => entry.route),
  )
}

/** Length of a route's destination prefix. */
export function prefixLengthOf(route: Route): number {
  return prefixOfRoute(route)?.length ?? 0
}

function tablesOf(routes: Netns['routes']): ReadonlyMap<string, Table> {
  const kept = memo.get(routes)
  if (kept !== undefined) return kept
  const tables = new Map<string, Map<number, Map<bigint, Entry[]>>>()
  for (const route of listOf(routes)) {
    const prefix = prefixOfRoute(route)
    // What the kernel learnt for one destination is no route of the table (RTM_F_CLONED).
    if (prefix === null || route.cached) continue
    const src = route.src === null ? null : parsePrefix(route.src)
    const byLength = inMap(
      tables,
      `${route.family} ${route.table}`,
      () => new Map<number, Map<bigint, Entry[]>>(),
    )
    const byValue = inMap(byLength, prefix.length, () => new Map<bigint, Entry[]>())
    inMap(byValue, prefix.value, (): Entry[] => []).push({ route, src, length: prefix.length })
  }
  const made = new Map(
    [...tables].map(([key, byLength]): [string, Table] => {
      for (const byValue of byLength.values()) for (const entries of byValue.values()) entries.sort(order)
      return [key, { lengths: [...byLength.keys()].sort((a, b) => b - a), byLength }]
    }),
  )
  memo.set(routes, made)
  return made
}

function order(a: Entry, b: Entry): number {
  const src = (b.src?.length ?? 0) - (a.src?.length ?? 0)
  return src || b.route.tos - a.route.tos || (a.route.metric ?? 0) - (b.route.metric ?? 0)
}

function prefixOfRoute(route: Route): Prefix | null {
  if (route.dst === 'default') return { family: route.family, value: 0n, length: 0 }
  const prefix = parsePrefix(route.dst)
  return prefix?.family === route.family ? prefix : null
}

function inMap<K, V>(map: Map<K, V>, key: K, make: () => V): V {
  const there = map.get(key)
  if (there !== undefined) return there
  const made = make()
  map.set(key, made)
  return made
}
