/** Screen 1: the tree of what is connected to what. */
import { capacityOf, layoutOf } from '../layout.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { shown } from '../select/shown.ts'
import { subjectAt, subjectOf } from '../select/subject.ts'
import { topologyNeeds } from '../select/topology-needs.ts'
import { treeOf } from '../select/tree.ts'
import { panes, type PaneId, type State } from '../state.ts'
import { canFollow, followed } from '../update/follow.ts'
import { canGoIn, canGoOut, wentIn, wentOut } from '../update/fold.ts'
import { canCloseTopology, topologyClosed } from '../update/close-topology.ts'
import { movedInTopology } from '../update/topology-move.ts'
import { revealed } from '../update/revealed.ts'
import { withSelection } from '../update/selection.ts'
import { topologyCrumbs } from '../view/crumbs.ts'
import { topologyRegions } from '../view/topology.ts'
import { aboutSubject } from './about-subject.ts'
import type { About } from './about.ts'
import type { Screen } from './screen.ts'

export const topologyScreen: Screen = {
  regions: topologyRegions,
  needs: topologyNeeds,
  // Its selection is what other screens open on, so it is kept whichever is shown (update/settle.ts).
  placed: (_, state) => state,
  moved: movedInTopology,
  follow: { can: canFollow, run: followed },
  out: { can: canGoOut, run: wentOut },
  in: { can: canGoIn, run: wentIn },
  pane: paneTurned,
  close: { can: canCloseTopology, run: topologyClosed },
  filter: {
    text: ({ topology }) => topology.filter,
    // From the row that was selected when it was opened.
    typed: (state, filter) => {
      const origin = state.mode.type === 'filter' ? state.mode.before.topology?.selection : undefined
      const selection = origin === undefined ? state.topology.selection : origin
      return { ...state, topology: { ...state.topology, filter, selection, focus: 'tree' } }
    },
    told: (state) => {
      const { hits, problem } = treeOf(state)
      return { count: hits === null ? 'all rows' : hits.size === 1 ? '1 row' : `${hits.size} rows`, problem }
    },
  },
  marked: { can: canMark, run: marked },
  allMarked: (state) => {
    const { world } = shown(state)
    const { lines } = treeOf(state)
    return lines.flatMap((line) => {
      if (line.kind === 'ghost' || !state.topology.marked.has(line.id)) return []
      const about = aboutSubject(world, subjectAt(world, line.line.row, 'near'))
      return about === null ? [] : [about]
    })
  },
  turned: null,
  netns: null,
  growth: null,
  columns: null,
  crumbs: topologyCrumbs,
  about: selected,
  isThere: (state, place) => {
    if (place.screen !== 'topology') return false
    const everything: State = {
      ...state,
      mode: { type: 'browse' },
      topology: { ...state.topology, folds: new Set(), filter: '', ghost: null },
    }
    return treeOf(everything).at.has(place.selection.row)
  },
  went: (state, place) => (place.screen === 'topology' ? revealed(state, place.selection) : state),
  clicked: (state, region, line) => {
    const pane = panes.find((each) => each === region)
    if (pane === undefined) return null
    const focused: State = { ...state, topology: { ...state.topology, focus: pane } }
    return pane === 'tree' ? rowClicked(focused, line) : focused
  },
}

function paneTurned(state: State, step: 1 | -1): State {
  const at = panes.indexOf(state.topology.focus)
  const focus: PaneId = panes[(at + step + panes.length) % panes.length] ?? 'tree'
  return { ...state, topology: { ...state.topology, focus } }
}

function selected(state: State): About | null {
  return aboutSelected(shown(state).world, subjectOf(state))
}

/** Each key of the footer asks for it. */
const aboutSelected = memoRecent(aboutSubject)

function canMark(state: State): true | string {
  return selected(state) === null ? 'nothing is selected' : true
}

function marked(state: State): State {
  const row = state.topology.selection?.row
  if (row === undefined) return state
  const all = new Set(state.topology.marked)
  if (!all.delete(row)) all.add(row)
  return movedInTopology({ ...state, topology: { ...state.topology, marked: all, focus: 'tree' } }, 'down')
}

/** The first line may be the heading that stays while its section is scrolled. */
function rowClicked(state: State, line: number): State {
  const { lines } = treeOf(state)
  const { top } = state.topology
  const first = lines[top]
  const hasHeading = top > 0 && !(first?.kind === 'row' && first.line.row.kind === 'section')
  const height = capacityOf(layoutOf(state, state.size)?.tree ?? { top: 0, left: 0, width: 0, height: 1 })
  const row = lines[top + Math.min(line, height) - (hasHeading ? 1 : 0)]
  return row === undefined ? state : withSelection(state, { row: row.id, end: 'near' })
}
