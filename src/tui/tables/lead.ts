/** Where Enter leads from the rows of a table: to a row of the tree. */
import type { NetnsId } from '../../model/ids.ts'
import { shown } from '../select/shown.ts'
import { selectionOf, selectionOfContainer } from '../select/subject.ts'
import { allContainers } from '../../derive/containers.ts'
import type { State } from '../state.ts'
import { jumped } from '../update/jump.ts'

export type Lead = { readonly to: () => State } | { readonly why: string }

/** `container`: its name, where it is known; its own row is better than that of the namespace it shares. */
export function leadTo(state: State, netns: NetnsId | null, container: string | null, why: string): Lead {
  const { world } = shown(state)
  if (world === null || netns === null) return { why }
  const own = container === null ? null : idOf(state, container)
  const selection =
    (own === null ? null : selectionOfContainer(world, netns, own)) ?? selectionOf(world, netns, null)
  return selection === null ? { why } : { to: () => jumped(state, selection) }
}

/** Its id; null: no engine that answered knows it. */
export function idOf(state: State, container: string | null): string | null {
  const { world } = shown(state)
  if (world === null || container === null) return null
  return allContainers(world).find((each) => each.container.name === container)?.container.id ?? null
}
