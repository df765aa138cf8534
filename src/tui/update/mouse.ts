/** What a click or the wheel does where it happens, found in the frame that is shown. */
import type { Region } from '../frame.ts'
import { layoutOf } from '../layout.ts'
import type { MouseInput } from '../msg.ts'
import { screens } from '../screens.ts'
import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { view } from '../view.ts'
import { popupLength } from '../view/lengths.ts'
import { popupOf } from '../view/popups.ts'
import { pressed } from './keys.ts'
import { shellClicked, shellScrolled } from './shells.ts'
import type { Step } from './step.ts'

/** As far as three lines of most programs. */
const wheelLines = 3

export function moused(state: State, mouse: MouseInput): Step {
  if (!state.mouse) return [state]
  const { event, row, column } = mouse
  const region = regionAt(view(state, state.size).regions, row, column)
  if (event === 'wheel-up' || event === 'wheel-down') {
    const isUp = event === 'wheel-up'
    if (region?.id === 'shell') return shellScrolled(state, { lines: isUp ? -wheelLines : wheelLines })
    return repeated(state, isUp ? 'up' : 'down')
  }
  if (region?.id === 'shell' && !isTyped(state)) return shellClicked(state)
  // Beside the shell's pane all is as without it.
  if (state.mode.type === 'shell-left') return moused({ ...state, mode: { type: 'browse' } }, mouse)
  const { mode } = state
  if (region === null) return [state]
  if (region.id === 'tabs' && mode.type === 'browse') return tabClicked(state, region, column)
  if (region.id === 'popup') return inPopup(state, event, row - region.top - 1)
  // Beside what is open: that is closed, as everywhere.
  if (mode.type !== 'browse') return isTyped(state) ? [state] : pressed(state, 'escape')
  if (layoutOf(state, state.size) === null) return [state]
  const clicked = screenOf(state).clicked(state, region.id, row - region.top)
  if (clicked === null) return [state]
  return event === 'double' ? pressed(clicked, 'enter') : [clicked]
}

function repeated(state: State, key: 'up' | 'down'): Step {
  let step: Step = [state]
  for (let line = 0; line < wheelLines; line += 1) {
    const [before, ...effects] = step
    const [after, ...more] = pressed(before, key)
    step = [after, ...effects, ...more]
  }
  return step
}

/** The last one lies on top. */
function regionAt(regions: readonly Region[], row: number, column: number): Region | null {
  return (
    regions.findLast(
      ({ top, left, width, height }) =>
        row >= top && row < top + height && column >= left && column < left + width,
    ) ?? null
  )
}

/** ` 1Topo 2Ns 3Rules`: as tab-bar.ts draws them. */
function tabClicked(state: State, region: Region, column: number): Step {
  let from = region.left
  for (const { key, tab } of screens) {
    const to = from + 1 + key.length + tab.length
    if (column >= from && column < to) return pressed(state, key)
    from = to
  }
  return [state]
}

/** A list's line is chosen by a click, and taken by a second one. */
function inPopup(state: State, event: MouseInput['event'], line: number): Step {
  const { mode } = state
  if (!('cursor' in mode) || mode.cursor === null || line < 0) return [state]
  const scroll = 'scroll' in mode ? mode.scroll : 0
  if (mode.type === 'gaps' || mode.type === 'find' || mode.type === 'command') return [state]
  // The frame, and what stands below the list, are none of its lines.
  const popup = popupOf(state)
  if (popup !== null && line >= popupLength(state, popup).height) return [state]
  const chosen: State = { ...state, mode: { ...mode, cursor: scroll + line } }
  return event === 'double' ? pressed(chosen, 'enter') : [chosen]
}

function isTyped({ mode }: State): boolean {
  return 'input' in mode
}
