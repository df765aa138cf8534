/** Which namespace has an address. Addresses may repeat: then nobody is named. */
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { World } from '../model/world.ts'

export type AddressOwners = {
  /** null: no namespace has it, or several have. */
  readonly ownerOf: (address: string) => NetnsId | null
  readonly isOwned: (address: string) => boolean
  /** All namespaces and their addresses are known: what nobody owns is nobody's. */
  readonly isComplete: boolean
}

const memo = new WeakMap<World, AddressOwners>()

export function addressOwners(world: World): AddressOwners {
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  const owners = new Map<string, Set<NetnsId>>()
  const add = (address: string, id: NetnsId) => {
    const known = owners.get(address)
    if (known === undefined) owners.set(address, new Set([id]))
    else known.add(id)
  }
  for (const { id, addresses } of world.netns) {
    // 127.0.0.1 and fe80:: mean another thing in each namespace.
    for (const { local, scope } of listOf(addresses))
      if (scope === 'global' || scope === 'site') add(local, id)
  }
  for (const { containers: list } of listOf(world.engines)) {
    for (const { netns, endpoints } of listOf(list)) {
      if (netns === null || isUnknown(netns)) continue
      // Of a namespace that could not be read, the engine still tells the address.
      for (const { ipv4, ipv6 } of endpoints) {
        for (const cidr of [ipv4, ipv6]) if (cidr !== null) add(cidr.split('/')[0] ?? cidr, netns)
      }
    }
  }
  const result: AddressOwners = {
    ownerOf: (address) => {
      const ids = owners.get(address)
      const [first] = ids ?? []
      return first !== undefined && ids?.size === 1 ? first : null
    },
    isOwned: (address) => owners.has(address),
    isComplete: world.netns.every(({ readable, addresses }) => readable === true && !isUnknown(addresses)),
  }
  memo.set(world, result)
  return result
}
