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
export function popupBox(size: Size, length: number): Box {
  const columns = popupWidth(size)
  const height = Math.min(size.rows - 3, length + 2)
  return { top: 2, left: Math.floor((size.columns - columns) / 2), width: columns, height }
}

/** As wide as reads well; a strip of the tree beside it would only confuse. */
function popupWidth(size: Size): number {
  return size.columns <= 110 ? size.columns : 100
}

export function popupInner(size: Size): number {
  return popupWidth(size) - 4
}

export function popupRegion(
  state: State,
  size: Size,
  { title, lines: content }: Popup,
  scroll: number,
): Region {
  const inner = popupInner(size)
  const lines = content(state, inner)
  const box = popupBox(size, lines.length)
  const { line, bar, corners } = glyphs(state.options.ascii)
  const height = box.height - 2
  const from = Math.max(0, Math.min(scroll, lines.length - height))
  const shown = lines.slice(from, from + height)
  const count = lines.length > height ? ` ${from + 1}-${from + shown.length} of ${lines.length} ` : ''
  const edge = (left: string, right: string, begin: string, end: string): Line => {
    const fill = Math.max(0, box.width - 2 - width(begin) - width(end))
    return lineOf([span(`${left}${begin}${line.repeat(fill)}${end}${right}`, 'border.focus')], box.width)
  }
  const side = span(bar, 'border.focus')
  const body = Array.from({ length: height }, (_, at) =>
    lineOf([side, span(' '), ...padded(shown[at]?.spans ?? [], inner), span(' '), side], box.width),
  )
  return {
    id: 'popup',
    ...box,
    lines: [
      edge(corners[0], corners[1], ` ${title(state)} `, count),
      ...body,
      edge(corners[2], corners[3], '', ' Esc closes '),
    ],
  }
}
