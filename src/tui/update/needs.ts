import type { Need } from '../../collect/protocol.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isHidden } from '../../model/ids.ts'
import { layoutOf } from '../layout.ts'
import { pathShown } from '../select/path-shown.ts'
import { rowsWanted } from '../select/rules.ts'
import { shown } from '../select/shown.ts'
import { subjectOf } from '../select/subject.ts'
import { treeOf } from '../select/tree.ts'
import type { State } from '../state.ts'

/**
 * Counters of the namespaces whose links are in sight, details of the selected one. While the first World comes in,
 * nothing holds that up: details take as long to read as a hundred namespaces.
 */
export function needsOf(state: State): readonly Need[] {
  if (shown(state).world === null) return []
  if (state.screen === 'rules') return rulesNeed(state)
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
  if (selected !== null && subject?.kind === 'link') ids.add(selected.id)
  for (const hop of pathShown(state)?.hops ?? []) ids.add(hop.netns.id)
  const counted = [...ids].filter((id) => !isHidden(id)).sort()
  const needs: Need[] = counted.length === 0 ? [] : [{ kind: 'counters', netns: counted }]
  const filled = state.feed.since !== null
  if (filled && selected !== null && selected.readable === true && !isHidden(selected.id)) {
    needs.push({ kind: 'details', netns: selected.id })
  }
  return needs
}

/** The rows in sight, with a page around them. */
function rulesNeed(state: State): readonly Need[] {
  const { netns, filter, folded } = state.rules
  return netns === null ? [] : [{ kind: 'rules', netns, filter, folded, ...rowsWanted(state) }]
}
