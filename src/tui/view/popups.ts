/** The boxes that open over a screen, one row each: what they are called and hold. Their hints are in mode-hints.ts. */
import type { Line } from '../frame.ts'
import { findingsOf } from '../select/findings.ts'
import type { Mode, State } from '../state.ts'
import { changeMenuLines } from './changing/change-menu.ts'
import { columnLines, copyLines, themeLines } from './choices.ts'
import { gapLines } from './gaps.ts'
import { helpLines } from './help.ts'
import { menuBelow, menuLines, menuTitle, menuWidth } from './menu.ts'
import { counted } from './numbers.ts'
import { compareLines } from './probes/compare-lines.ts'
import { quitLines } from './quit.ts'
import { outputLines, outputTitle } from './output.ts'

export type Popup = {
  readonly title: (state: State) => string
  readonly lines: (state: State, columns: number) => readonly Line[]
  /** What stays below the lines while they are scrolled. */
  readonly below?: (state: State, columns: number) => readonly Line[]
  /** Columns that its longest line would take. */
  readonly wanted?: (state: State) => number
}

const popups = {
  help: { title: () => 'help: keys, the filter, how a row reads', lines: helpLines },
  'help-search': { title: () => 'help: what holds these words', lines: helpLines },
  gaps: { title: gapsTitle, lines: gapLines },
  menu: { title: menuTitle, lines: menuLines, below: menuBelow, wanted: menuWidth },
  themes: { title: ({ theme }) => `theme: ${theme}`, lines: themeLines },
  columns: { title: () => 'columns, and what orders the rows', lines: columnLines },
  'change-menu': {
    title: ({ mode }) => (mode.type === 'change-menu' ? mode.title : ''),
    lines: changeMenuLines,
  },
  copy: { title: () => 'copy', lines: copyLines },
  compare: { title: () => 'two probes; ! differs', lines: compareLines },
  quit: { title: () => 'quit?', lines: quitLines },
  output: { title: outputTitle, lines: outputLines },
} as const satisfies Partial<Readonly<Record<Mode['type'], Popup>>>

/** null: what is open is no box, or nothing is. */
export function popupOf({ mode }: State): Popup | null {
  return isPopup(mode.type) ? popups[mode.type] : null
}

function isPopup(type: Mode['type']): type is keyof typeof popups {
  return Object.hasOwn(popups, type)
}

function gapsTitle(state: State): string {
  const { length } = findingsOf(state).findings
  return length === 0 ? 'could not be read' : `${counted(length, 'finding')}: Enter shows where`
}
