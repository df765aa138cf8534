/** The whole frame: pure, only what is visible, every line already cut to its region. */
import type { Frame, Region, Size } from './frame.ts'
import { layoutOf, smallest } from './layout.ts'
import { screenOf } from './screens/screen-of.ts'
import { shellView } from './select/shells.ts'
import type { State } from './state.ts'
import { changeFormCursor, changeFormRegion } from './view/changing/change-form.ts'
import { changeRunRegion } from './view/changing/change-run.ts'
import { findRegion } from './view/find-results.ts'
import { footerRegion, inputCursor } from './view/footer.ts'
import { headerRegion } from './view/header.ts'
import { completionRegion } from './view/command-line.ts'
import { popupRegion } from './view/popup.ts'
import { popupOf } from './view/popups.ts'
import { probeFormRegion } from './view/probe-form.ts'
import { routeRegion } from './view/route.ts'
import { shellCursor, shellRegion } from './view/shell.ts'
import { stripRegion } from './view/strip.ts'
import { tabBarRegion } from './view/tab-bar.ts'
import { lineOf, span } from './view/text.ts'

export function view(state: State, size: Size): Frame {
  const layout = layoutOf(state, size)
  if (layout === null) return tooSmall(size)
  const { strip, footer } = layout
  const shell = shellRegion(state, size)
  const own: Region[] = [
    headerRegion(state, size.columns),
    tabBarRegion(state, size.columns),
    ...(strip.height > 0 ? [stripRegion(state, strip)] : []),
    ...screenOf(state).regions(state, layout),
  ]
  const isFull = shellView(state, size) === 'full'
  const regions = [
    ...(isFull ? [] : own),
    ...(shell === null ? [] : [shell]),
    ...open(state, size),
    // Last: a message of several lines lies over whatever is open.
    footerRegion(state, footer),
  ]
  const column = inputCursor(state, size.columns)
  const { mode } = state
  const cursor =
    mode.type === 'change-form'
      ? changeFormCursor(state, size, mode)
      : column === null
        ? shellCursor(state, size)
        : { row: footer.top, column }
  return { columns: size.columns, rows: size.rows, regions, cursor }
}

/** What lies over the screen. */
function open(state: State, size: Size): readonly Region[] {
  const { mode } = state
  const popup = popupOf(state)
  if (popup !== null) return [popupRegion(state, size, popup, 'scroll' in mode ? mode.scroll : 0)]
  if (mode.type === 'find') return [findRegion(state, size)]
  if (mode.type === 'probe-form') return [probeFormRegion(state, size, mode)]
  if (mode.type === 'change-form') return [changeFormRegion(state, size, mode)]
  if (mode.type === 'change-run') return [changeRunRegion(state, size, mode)]
  if (mode.type === 'command') return [completionRegion(state, size)]
  return mode.type === 'route' ? [routeRegion(state, size, mode)] : []
}

function tooSmall(size: Size): Frame {
  const { columns, rows } = size
  const text = `vethscope needs ${smallest.columns}x${smallest.rows}; this terminal is ${columns}x${rows}`
  const regions: readonly Region[] =
    columns < 1 || rows < 1
      ? []
      : [{ id: 'small', top: 0, left: 0, width: columns, height: 1, lines: [lineOf([span(text)], columns)] }]
  return { columns, rows, regions, cursor: null }
}
