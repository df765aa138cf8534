import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { nameOf, netnsOf, shown } from './shown.ts'

/** true, or why nothing can be told from inside the namespace of what is selected. */
export function canLookInside(state: State): true | string {
  const { world } = shown(state)
  const id = screenOf(state).about(state)?.netns ?? null
  const netns = id === null ? null : netnsOf(world, id)
  if (netns === null) return 'nothing is selected that is in a namespace'
  return netns.readable === true
    ? true
    : `${nameOf(world, netns.id)} could not be read: ${netns.readable.unknown}`
}
