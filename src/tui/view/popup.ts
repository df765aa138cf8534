/**
 *   ┌ keys ───────────────────────────── 1-18 of 40 ┐
 *   │ ...                                           │
 *   └──────────────────────────────────── Esc closes ┘
 */
import { width } from '../../lib/width.ts'
import type { Line, Region, Size } from '../frame.ts'
import type { Box } from '../layout.ts'
import type { State } from '../state.ts'
import { glyphs } from './glyphs.ts'
import type { Popup } from './popups.ts'
import { lineOf, padded, span } from './text.ts'

/** Above everything but the header, the tab bar and the footer; no higher than what it holds. */
export function popupBox(size: Size, length: number, wanted = 0): Box {
  const columns = popupWidth(size, wanted)
  const height = Math.min(size.rows - 3, length + 2)
  return { top: 2, left: Math.floor((size.columns - columns) / 2), width: columns, height }
}

/** As wide as reads well, or as its longest line needs; a strip of the tree beside it would only confuse. */
function popupWidth(size: Size, wanted: number): number {
  return size.columns <= 110 ? size.columns : Math.min(size.columns, Math.max(100, wanted + sides))
}

/** The borders, and a blank beside each. */
const sides = 4

export function popupInner(size: Size, wanted = 0): number {
  return Math.max(0, popupWidth(size, wanted) - sides)
}

type Parts = {
  readonly lines: readonly Line[]
  /** With the rule above them; none where nothing stands below the lines. */
  readonly below: readonly Line[]
  /** Lines that are seen at once. */
  readonly height: number
  readonly box: Box
}

/** What a box holds, and how much of it is seen. */
export function popupParts(state: State, size: Size, { lines: content, below, wanted }: Popup): Parts {
  const columns = wanted?.(state) ?? 0
  const inner = popupInner(size, columns)
  const lines = content(state, inner)
  const notes = below?.(state, inner) ?? []
  const { line } = glyphs(state.options.ascii)
  const ruled = notes.length === 0 ? [] : [lineOf([span(line.repeat(inner), 'border')], inner), ...notes]
  const box = popupBox(size, lines.length + ruled.length, columns)
  return { lines, below: ruled, height: box.height - 2 - ruled.length, box }
}

export function popupRegion(state: State, size: Size, popup: Popup, scroll: number): Region {
  const { lines, below, height, box } = popupParts(state, size, popup)
  const inner = box.width - sides
  const { line, bar, corners } = glyphs(state.options.ascii)
  const from = Math.max(0, Math.min(scroll, lines.length - height))
  const shown = lines.slice(from, from + height)
  const count = lines.length > height ? ` ${from + 1}-${from + shown.length} of ${lines.length} ` : ''
  const edge = (left: string, right: string, begin: string, end: string): Line => {
    const fill = Math.max(0, box.width - 2 - width(begin) - width(end))
    return lineOf([span(`${left}${begin}${line.repeat(fill)}${end}${right}`, 'border.focus')], box.width)
  }
  const side = span(bar, 'border.focus')
  const body = [...shown, ...below].map(({ spans }) =>
    lineOf([side, span(' '), ...padded(spans, inner), span(' '), side], box.width),
  )
  return {
    id: 'popup',
    ...box,
    lines: [
      edge(corners[0], corners[1], ` ${popup.title(state)} `, count),
      ...body,
      edge(corners[2], corners[3], '', ' Esc closes '),
    ],
  }
}
