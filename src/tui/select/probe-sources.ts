/** Where a probe on the selected thing starts: in its namespace, and where else it could. */
import { isHidden, type NetnsId } from '../../model/ids.ts'
import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import type { FormKind } from './probe-kinds.ts'
import { netnsOf, shown } from './shown.ts'
import { subjectOf } from './subject.ts'

/** The most likely first, the host last; only those that can be entered. */
export function probeSources(state: State, kind: FormKind): readonly NetnsId[] {
  const { world } = shown(state)
  if (world === null) return []
  const about = screenOf(state).about(state)
  const own = about?.netns ?? null
  const tree = state.screen === 'topology' ? topologySources(state) : []
  // What is captured is the selected link, and a network is the host's.
  const all =
    kind === 'matrix'
      ? [world.host]
      : kind === 'capture'
        ? [own, ...tree, world.host]
        : [about?.probedFrom ?? null, ...tree, own, world.host]
  if (kind !== 'matrix' && own === null && (about?.probedFrom ?? null) === null) return []
  return [...new Set(all)].filter((id): id is NetnsId => id !== null && canEnter(state, id) === true)
}

/** true, or why nothing can be sent from inside it. */
export function canEnter(state: State, id: NetnsId): true | string {
  const netns = netnsOf(shown(state).world, id)
  if (netns === null) return 'this namespace is gone'
  if (isHidden(id)) return 'no path leads into a hidden namespace'
  if (netns.readable !== true) return netns.readable.unknown
  return netns.dev === null ? 'no file leads there' : true
}

/** A bridge's port has no address to send from: whoever looks at it means the one at its other end. */
function topologySources(state: State): readonly (NetnsId | null)[] {
  const subject = subjectOf(state)
  if (subject?.kind !== 'link') return []
  const { row, netns, end } = subject
  const near = row.netns
  const far = row.far?.netns ?? null
  if (end === 'far') return [netns.id, near]
  const isBare = row.addresses.every(({ scope }) => scope === 'link')
  return isBare && far !== null ? [far, near] : [near, far]
}
