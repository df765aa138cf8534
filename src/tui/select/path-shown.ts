import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import type { State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { pathOf, type Path } from '../../derive/path.ts'
import { shown } from './shown.ts'
import { subjectOf } from './subject.ts'

/** The selected link's way out; null: what is selected has none. */
export function pathShown(state: State): Path | null {
  const { world } = shown(state)
  const subject = subjectOf(state)
  if (world === null || subject?.kind !== 'link') return null
  return remembered(world, subject.netns, subject.link)
}

const remembered = memoRecent((world: World, netns: Netns, link: Link): Path =>
  pathOf(world, { netns, link }),
)
