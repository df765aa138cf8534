import type { Need } from '../../collect/protocol.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isHidden } from '../../model/ids.ts'
import { layoutOf } from '../layout.ts'
import type { State } from '../state.ts'
import { netnsOf, shown } from './shown.ts'
import { pathShown } from './path-shown.ts'
import { subjectOf } from './subject.ts'
import { treeOf } from './tree.ts'
import { wayOf } from './way-shown.ts'

/**
 * Counters of the namespaces whose links are in sight, details of the selected one. While the first World comes in,
 * nothing holds that up: details take as long to read as a hundred namespaces.
 */
export function topologyNeeds(state: State): readonly Need[] {
  const ids = new Set<NetnsId>()
  const layout = layoutOf(state, state.size)
  if (layout !== null) {
    const { top } = state.topology
    for (const line of treeOf(state).lines.slice(top, top + layout.tree.height)) {
      if (line.kind === 'row' && line.line.row.kind === 'link') ids.add(line.line.row.netns)
    }
  }
  const subject = subjectOf(state)
  const selected = subject?.kind === 'link' || subject?.kind === 'netns' ? subject.netns : null
  // The chart sums up the links of a namespace too.
  if (selected !== null) ids.add(selected.id)
  const path = pathShown(state)
  for (const hop of path?.hops ?? []) ids.add(hop.netns.id)
  const counted = [...ids].filter((id) => !isHidden(id)).sort()
  const needs: Need[] = counted.length === 0 ? [] : [{ kind: 'counters', netns: counted }]
  const isPathShown = layout?.panes.some(({ id }) => id === 'path') ?? false
  const way = isPathShown && path !== null && state.feed.since !== null ? wayOf(path) : null
  if (way !== null) needs.push({ kind: 'way', ...way })
  return selected === null ? needs : [...needs, ...detailsNeed(state, selected.id)]
}

/** Of a namespace that can be entered, once the first World is here. */
export function detailsNeed(state: State, id: NetnsId): readonly Need[] {
  const netns = netnsOf(shown(state).world, id)
  const isOpen = netns !== null && netns.readable === true && !isHidden(id)
  return state.feed.since !== null && isOpen ? [{ kind: 'details', netns: id }] : []
}
