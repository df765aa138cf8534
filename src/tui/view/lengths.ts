/** How much there is to scroll through, and how much of it is seen: what scrolling stops at. */
import { layoutOf, type PaneBox } from '../layout.ts'
import { changesShown } from '../select/changes-shown.ts'
import { pathShown } from '../select/path-shown.ts'
import type { State } from '../state.ts'
import { chartRows } from './chart.ts'
import { detailLines } from './detail.ts'
import { popupParts } from './popup.ts'
import type { Popup } from './popups.ts'

/** `cursor`: one of the lines is chosen, rather than all of them scrolled. */
export type Length = { readonly length: number; readonly height: number; readonly cursor: boolean }

/** Of the lines of a box. */
export function popupLength(state: State, popup: Popup): Omit<Length, 'cursor'> {
  const { lines, height } = popupParts(state, state.size, popup)
  return { length: lines.length, height }
}

export function paneLength(state: State, what: PaneBox['id']): Length {
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
