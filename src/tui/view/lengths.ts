/** How much there is to scroll through, and how much of it is seen: what scrolling stops at. */
import { layoutOf, type PaneBox } from '../layout.ts'
import { changesShown } from '../select/changes-shown.ts'
import { pathShown } from '../select/path-shown.ts'
import type { State } from '../state.ts'
import { detailLines } from './detail.ts'
import { gapLines } from './gaps.ts'
import { helpLines } from './help.ts'
import { popupBox, popupInner } from './popup.ts'

/** `cursor`: one of the lines is chosen, rather than all of them scrolled. */
export type Length = { readonly length: number; readonly height: number; readonly cursor: boolean }

export function lengthOf(state: State, what: PaneBox['id'] | 'help' | 'gaps'): Length {
  if (what === 'help' || what === 'gaps') {
    const columns = popupInner(state.size)
    const lines = what === 'help' ? helpLines(state, columns) : gapLines(state, columns)
    return { length: lines.length, height: popupBox(state.size, lines.length).height - 2, cursor: false }
  }
  const box = layoutOf(state, state.size)?.panes.find((pane) => pane.id === what)?.box
  const height = Math.max(1, (box?.height ?? 2) - 1)
  if (what === 'changes') return { length: changesShown(state).length, height, cursor: true }
  if (what === 'path') return { length: pathShown(state)?.hops.length ?? 0, height, cursor: true }
  return { length: detailLines(state, box?.width ?? state.size.columns).length, height, cursor: false }
}
