/** What `f` finds for the text that is being typed, with the places it can jump to. */
import { find } from '../../derive/find.ts'
import type { Found } from '../../model/found.ts'
import type { World } from '../../model/world.ts'
import type { Selection, State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { shown } from './shown.ts'
import { selectionOf, selectionOfContainer } from './subject.ts'

export type Result = {
  readonly found: Found
  /** null: it stands on no row of the tree. */
  readonly place: Selection | null
}

const none: readonly Result[] = []

export function resultsOf(state: State): readonly Result[] {
  const { world } = shown(state)
  if (world === null || state.mode.type !== 'find' || state.mode.input.text.trim() === '') return none
  return resultsIn(world, state.mode.input.text)
}

const resultsIn = memoRecent((world: World, text: string): readonly Result[] =>
  find(world, text).map((found) => ({ found, place: placeOf(world, found) })),
)

/** Loopback has no row of its own: then it is its namespace. */
function placeOf(world: World, { ref }: Found): Selection | null {
  if (ref.netns === null) return null
  const shared = ref.container === undefined ? null : selectionOfContainer(world, ref.netns, ref.container)
  if (shared !== null) return shared
  const link = ref.ifindex === undefined ? null : selectionOf(world, ref.netns, ref.ifindex)
  return link ?? selectionOf(world, ref.netns, null)
}
