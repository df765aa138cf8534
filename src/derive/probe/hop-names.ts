/** What the addresses of this host's namespaces are called, for whoever meets them on a way. */
import { listOf } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { addressOwners } from '../address-owners.ts'
import { displayNames } from '../netns-name.ts'

/** One that several namespaces have is nobody's name. */
export function hopNames(world: World): Readonly<Record<string, string>> {
  const { ownerOf } = addressOwners(world)
  const names = displayNames(world.netns)
  return Object.fromEntries(
    world.netns.flatMap(({ id, addresses }) =>
      listOf(addresses).flatMap(({ local }) =>
        ownerOf(local) === id ? [[local, names.get(id) ?? id] as const] : [],
      ),
    ),
  )
}
