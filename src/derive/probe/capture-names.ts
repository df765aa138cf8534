/** What addresses are called in the lines of a capture, and what names in a filter mean. */
import { listOf } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { addressOwners } from '../address-owners.ts'
import { allContainers } from '../containers.ts'
import { displayNames } from '../netns-name.ts'

/** Address → name. Who has several says which: `host(172.17.0.1)`. What several have has no name. */
export function captureNames(world: World): Readonly<Record<string, string>> {
  const { ownerOf } = addressOwners(world)
  const names = displayNames(world.netns)
  const found: [string, string][] = []
  for (const { id, addresses } of world.netns) {
    const own = listOf(addresses).filter(({ local }) => ownerOf(local) === id)
    for (const { local, family } of own) {
      const isOnly = own.filter((each) => each.family === family).length === 1
      const name = names.get(id) ?? id
      found.push([local, isOnly ? name : `${name}(${local})`])
    }
  }
  return Object.fromEntries(found)
}

/**
 * `host redis123` → `host 172.17.0.2`, for names of namespaces and containers: tcpdump would ask a name server for them.
 * Of several addresses any will do. All else stays as it was typed.
 */
export function captureFilter(world: World, filter: string): string {
  if (!/\bhost\b/.test(filter)) return filter
  const addresses = addressesByName(world)
  return filter.replace(
    /(^|[\s(!])((?:src|dst)\s+(?:(?:or|and)\s+dst\s+)?)?host\s+([^\s()]+)/g,
    (whole, before: string, direction: string | undefined, name: string) => {
      const its = addresses.get(name)
      if (its === undefined) return whole
      const terms = its.map((address) => `${direction ?? ''}host ${address}`)
      return `${before}${terms.length === 1 ? terms.join('') : `(${terms.join(' or ')})`}`
    },
  )
}

function addressesByName(world: World): ReadonlyMap<string, readonly string[]> {
  const found = new Map<string, readonly string[]>()
  const names = displayNames(world.netns)
  for (const { id, addresses } of world.netns) {
    const own = listOf(addresses).filter(({ scope }) => scope === 'global')
    if (own.length > 0)
      found.set(
        names.get(id) ?? id,
        own.map(({ local }) => local),
      )
  }
  for (const { container } of allContainers(world)) {
    const own = container.endpoints.flatMap(({ ipv4, ipv6 }) =>
      [ipv4, ipv6].flatMap((each) => (each === null ? [] : [each.split('/')[0] ?? each])),
    )
    if (own.length > 0) found.set(container.name, own)
  }
  return found
}
