/**
 * Where everything stands at a size. `update` asks it how many rows can be seen, `view` where to draw them.
 *
 *   narrow (80×24)            wide (from 110 columns and 30 rows)
 *   header                    header
 *   tab bar                   tab bar
 *   strip (0–3 lines)         strip
 *   tree                      tree            | details
 *   ...                                       | path
 *   details (or the pane      ...             | recent changes
 *   that has the focus)       footer
 *   footer
 */
import type { Size } from './frame.ts'
import { noticesOf } from './select/notices.ts'
import { paneRows } from './select/shells.ts'
import type { PaneId, State } from './state.ts'

export type Box = {
  readonly top: number
  readonly left: number
  readonly width: number
  readonly height: number
}
export type PaneBox = { readonly id: Exclude<PaneId, 'tree'>; readonly box: Box }
export type Layout = {
  readonly strip: Box
  readonly tree: Box
  /** The bar between the tree and the panes beside it; null: they are below it. */
  readonly bar: Box | null
  readonly panes: readonly PaneBox[]
  readonly footer: Box
}

export const smallest: Size = { columns: 60, rows: 16 }

/** null: too small to show anything. */
export function layoutOf(state: State, size: Size): Layout | null {
  const { columns } = size
  const frame = frameOf(state, size)
  if (frame === null) return null
  const { strip, body, footer } = frame
  if (columns >= 110 && rowsAbove(state, size) >= 30) return { strip, footer, ...wide(body) }
  return { strip, footer, ...narrow(body, state.topology.focus) }
}

/** What a shell's pane leaves of the rows. */
function rowsAbove(state: State, size: Size): number {
  return size.rows - paneRows(state, size)
}

/** What stands around every screen's own part. */
function frameOf(state: State, { columns, rows }: Size): Record<'strip' | 'body' | 'footer', Box> | null {
  if (columns < smallest.columns || rows < smallest.rows) return null
  const own = rowsAbove(state, { columns, rows })
  const most = own >= 30 ? 4 : own >= 24 ? 3 : 1
  const notices = Math.min(noticesOf(state).length, most)
  return {
    strip: { top: 2, left: 0, width: columns, height: notices },
    body: { top: 2 + notices, left: 0, width: columns, height: own - 3 - notices },
    footer: { top: rows - 1, left: 0, width: columns, height: 1 },
  }
}

/** What is a screen's own: between the strip and the footer. null: too small to show anything. */
export function bodyOf(state: State, size: Size): Box | null {
  return frameOf(state, size)?.body ?? null
}

/** The Rules screen: a heading, the rows, and the selected one in words. null: too small to show anything. */
export function rulesLayout(
  state: State,
  size: Size,
): { readonly heading: Box; readonly list: Box; readonly words: Box } | null {
  const body = frameOf(state, size)?.body
  if (body === undefined) return null
  const rows = rowsAbove(state, size)
  const usual = rows >= 40 ? 8 : rows >= 22 ? 6 : 4
  const height = state.rules.focus === 'words' ? Math.max(usual, Math.floor(body.height / 2)) : usual
  const list = body.height - height - 1
  return {
    heading: { ...body, height: 1 },
    list: { ...body, top: body.top + 1, height: list },
    words: { ...body, top: body.top + 1 + list, height },
  }
}

/** One pane below the tree; it gets half of the room while it has the focus. */
function narrow(body: Box, focus: PaneId): Pick<Layout, 'tree' | 'bar' | 'panes'> {
  const share = Math.floor(body.height / (focus === 'tree' ? 4 : 2))
  // A heading, three or four lines of facts, and the traffic.
  const height = Math.max(body.height >= 18 ? 6 : body.height >= 16 ? 5 : 4, Math.min(share, 14))
  const id = focus === 'tree' ? 'detail' : focus
  const top = body.top + body.height - height
  return {
    tree: { ...body, height: body.height - height },
    bar: null,
    panes: [{ id, box: { ...body, top, height } }],
  }
}

function wide(body: Box): Pick<Layout, 'tree' | 'bar' | 'panes'> {
  const right = Math.min(80, Math.max(40, Math.round(body.width * 0.34)))
  const left = body.width - right - 1
  const detail = Math.floor(body.height * 0.6)
  // A way out of a container has four links, two rules and an end.
  const path = Math.min(12, Math.floor(body.height * 0.26))
  const pane = (id: PaneBox['id'], top: number, height: number): PaneBox => ({
    id,
    box: { top: body.top + top, left: left + 1, width: right, height },
  })
  return {
    tree: { ...body, width: left },
    bar: { ...body, left, width: 1 },
    panes: [
      pane('detail', 0, detail),
      pane('path', detail, path),
      pane('changes', detail + path, body.height - detail - path),
    ],
  }
}

/** Rows of the tree that are seen at once, with the heading that stays on top while its section is scrolled. */
export function capacityOf(tree: Box): number {
  return Math.max(1, tree.height - 1)
}
