/** How much there is to scroll through, and how much of it is seen: what scrolling stops at. */
import { layoutOf, type PaneBox } from '../layout.ts'
import { changesShown } from '../select/changes-shown.ts'
import { pathShown } from '../select/path-shown.ts'
import type { State } from '../state.ts'
import { chartRows } from './chart.ts'
import { columnLines, copyLines } from './choices.ts'
import { detailLines } from './detail.ts'
import { gapLines } from './gaps.ts'
import { helpLines } from './help.ts'
import { menuLines } from './menu.ts'
import { outputLines } from './output.ts'
import { popupBox, popupInner } from './popup.ts'

/** `cursor`: one of the lines is chosen, rather than all of them scrolled. */
export type Length = { readonly length: number; readonly height: number; readonly cursor: boolean }

export function lengthOf(state: State, what: PaneBox['id'] | Popup): Length {
  if (isPopup(what)) {
    const columns = popupInner(state.size)
    const lines = popupLines[what](state, columns)
    return { length: lines.length, height: popupBox(state.size, lines.length).height - 2, cursor: false }
  }
  const box = layoutOf(state, state.size)?.panes.find((pane) => pane.id === what)?.box
  const height = Math.max(1, (box?.height ?? 2) - 1)
  if (what === 'changes') return { length: changesShown(state).length, height, cursor: true }
  if (what === 'path') return { length: pathShown(state)?.hops.length ?? 0, height, cursor: true }
  const chart = box === undefined ? 0 : chartRows(state, box)
  return {
    length: detailLines(state, box?.width ?? state.size.columns).length,
    height: Math.max(1, height - chart),
    cursor: false,
  }
}

const popupLines = {
  help: helpLines,
  gaps: gapLines,
  menu: menuLines,
  output: outputLines,
  columns: columnLines,
  copy: copyLines,
} as const
type Popup = keyof typeof popupLines

function isPopup(what: PaneBox['id'] | Popup): what is Popup {
  return Object.hasOwn(popupLines, what)
}
