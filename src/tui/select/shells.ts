/** What of the shells is in sight, and which of them run. */
import type { Size } from '../frame.ts'
import type { ShellRun } from '../shell/shells-state.ts'
import type { State } from '../state.ts'

/** What would end with the program: `q` asks first. */
export function runningShells({ shells }: Pick<State, 'shells'>): readonly ShellRun[] {
  return shells.list.filter(({ ended }) => ended === null)
}

/** The one that the pane shows, or would. */
export function activeShell({ shells }: Pick<State, 'shells'>): ShellRun | null {
  return shells.list.find(({ number }) => number === shells.active) ?? null
}

type Seen = Pick<State, 'shells' | 'mode'>

/** Below this there is no room for a pane beside the screen's own part. */
const paneFrom = 20
/** What the screen's own part keeps. */
const leastAbove = 12

/** `full`: nothing else is in sight; null: no shell is. */
export function shellView(state: Seen, { rows }: Size): 'pane' | 'full' | null {
  const { shells, mode } = state
  if (!shells.isShown || activeShell(state) === null) return null
  const isIts = mode.type === 'shell' || mode.type === 'shell-left'
  if (isIts && (shells.isFull || rows < paneFrom)) return 'full'
  return rows < paneFrom ? null : 'pane'
}

/** Rows of the pane, with its heading, above the footer. */
export function paneRows(state: Seen, size: Size): number {
  return shellView(state, size) === 'pane' ? Math.min(Math.floor(size.rows / 2), size.rows - leastAbove) : 0
}

/** Where the shell stands, its heading first; null: not in sight. */
export function shellBox(
  state: Seen,
  size: Size,
): { readonly top: number; readonly left: 0; readonly width: number; readonly height: number } | null {
  const { columns, rows } = size
  switch (shellView(state, size)) {
    case 'full':
      return { top: 0, left: 0, width: columns, height: Math.max(2, rows - 1) }
    case 'pane': {
      const height = paneRows(state, size)
      return { top: rows - 1 - height, left: 0, width: columns, height }
    }
    default:
      return null
  }
}
