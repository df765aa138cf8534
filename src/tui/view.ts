/** The whole frame: pure, only what is visible, every line already cut to its region. */
import type { Frame, Region, Size } from './frame.ts'
import { layoutOf, smallest } from './layout.ts'
import { screenOf } from './screens/screen-of.ts'
import { findingsOf } from './select/findings.ts'
import type { State } from './state.ts'
import { counted } from './view/numbers.ts'
import { findRegion } from './view/find-results.ts'
import { footerRegion, inputCursor } from './view/footer.ts'
import { gapLines } from './view/gaps.ts'
import { headerRegion } from './view/header.ts'
import { helpLines } from './view/help.ts'
import { columnLines, copyLines, themeLines } from './view/choices.ts'
import { completionRegion } from './view/command-line.ts'
import { menuLines, menuTitle } from './view/menu.ts'
import { outputLines, outputTitle } from './view/output.ts'
import { popupRegion } from './view/popup.ts'
import { routeRegion } from './view/route.ts'
import { stripRegion } from './view/strip.ts'
import { tabBarRegion } from './view/tab-bar.ts'
import { lineOf, span } from './view/text.ts'

export function view(state: State, size: Size): Frame {
  const layout = layoutOf(state, size)
  if (layout === null) return tooSmall(size)
  const { strip, footer } = layout
  const regions: Region[] = [
    headerRegion(state, size.columns),
    tabBarRegion(state, size.columns),
    ...(strip.height > 0 ? [stripRegion(state, strip)] : []),
    ...screenOf(state).regions(state, layout),
    footerRegion(state, footer),
    ...popup(state, size),
  ]
  const column = inputCursor(state, size.columns)
  const cursor = column === null ? null : { row: footer.top, column }
  return { columns: size.columns, rows: size.rows, regions, cursor }
}

function popup(state: State, size: Size): readonly Region[] {
  switch (state.mode.type) {
    case 'help':
      return [
        popupRegion(state, size, 'help: keys, the filter, how a row reads', helpLines, state.mode.scroll),
      ]
    case 'gaps':
      return [popupRegion(state, size, gapsTitle(state), gapLines, state.mode.scroll)]
    case 'find':
      return [findRegion(state, size)]
    case 'help-search':
      return [popupRegion(state, size, 'help: what holds these words', helpLines, 0)]
    case 'menu':
      return [popupRegion(state, size, menuTitle(state), menuLines, state.mode.scroll)]
    case 'command':
      return [completionRegion(state, size)]
    case 'themes':
      return [popupRegion(state, size, `theme: ${state.theme}`, themeLines, 0)]
    case 'columns':
      return [
        popupRegion(state, size, 'columns: Enter orders by it, Space shows or hides it', columnLines, 0),
      ]
    case 'copy':
      return [popupRegion(state, size, 'copy', copyLines, 0)]
    case 'output':
      return [popupRegion(state, size, outputTitle(state), outputLines, state.mode.scroll)]
    case 'route':
      return [routeRegion(state, size, state.mode)]
    case 'browse':
    case 'filter':
      return []
    default:
      return state.mode satisfies never
  }
}

function gapsTitle(state: State): string {
  const { length } = findingsOf(state).findings
  return length === 0 ? 'could not be read' : `${counted(length, 'finding')}: Enter shows where`
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
