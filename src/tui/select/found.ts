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
  const { world, found } = shown(state)
  const text = typedText(state)
  if (world === null || text === '') return none
  if (found?.text === text) return placed(world, found.value)
  const here = resultsIn(world, text)
  // Who knows rules and sockets may still find the thing itself: names that are only like it can wait for that.
  return isLooking(state) && here.every(({ found: { near } }) => near === true) ? none : here
}

/** The worker, who knows more, has not answered yet. */
export function isLooking(state: State): boolean {
  const { status, found } = shown(state)
  return status.type !== 'replay' && state.frozen === null && found?.text !== typedText(state)
}

function typedText({ mode }: State): string {
  return mode.type === 'find' ? mode.input.text.trim() : ''
}

const placed = memoRecent((world: World, found: readonly Found[]): readonly Result[] =>
  found.map((each) => ({ found: each, place: placeOf(world, each) })),
)

/** Until the worker, who has rules and sockets at hand, has answered. */
const resultsIn = memoRecent((world: World, text: string) => placed(world, find(world, text)))

/** Loopback has no row of its own: then it is its namespace. */
function placeOf(world: World, { ref }: Found): Selection | null {
  if (ref.netns === null) return null
  const shared = ref.container === undefined ? null : selectionOfContainer(world, ref.netns, ref.container)
  if (shared !== null) return shared
  const link = ref.ifindex === undefined ? null : selectionOf(world, ref.netns, ref.ifindex)
  return link ?? selectionOf(world, ref.netns, null)
}
