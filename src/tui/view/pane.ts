/** A pane beside or below the tree: a heading with how much of it is seen, and its lines. */
import type { Line, Region, Span } from '../frame.ts'
import type { Box, PaneBox } from '../layout.ts'
import { pathShown } from '../select/path-shown.ts'
import { changesShown } from '../select/changes-shown.ts'
import type { State } from '../state.ts'
import { changeLines } from './changes.ts'
import { chartRegions, chartRows } from './chart.ts'
import { detailLines, detailTitle } from './detail.ts'
import { glyphs } from './glyphs.ts'
import { pathLines, pathNumbers } from './path.ts'
import { rule } from './rule.ts'
import { lineOf, span } from './text.ts'

type Content = {
  readonly title: readonly Span[]
  readonly lines: readonly Line[]
  readonly from: number
  /** How many of them are in sight. */
  readonly seen: number
  readonly total: number
  /** Titles of the columns at the right end. */
  readonly numbers?: string
}

/** The pane, and above its last rows the chart of what it is about. */
export function paneRegions(state: State, { id, box }: PaneBox): readonly Region[] {
  if (id !== 'detail') return [paneRegion(state, id, box)]
  const height = box.height - chartRows(state, box)
  return [paneRegion(state, id, { ...box, height }), ...chartRegions(state, box)]
}

function paneRegion(state: State, id: PaneBox['id'], box: Box): Region {
  const height = box.height - 1
  const { title, lines, from, seen, total, numbers } = contentOf(state, id, box.width, height)
  const right = total > seen ? `${from + 1}-${from + seen} of ${total}` : ''
  const focus = state.topology.focus === id
  const look = glyphs(state.options.ascii)
  const ends = [right, numbers ?? ''].filter((text) => text !== '').join(` ${look.line} `)
  const heading = rule(title, box.width, look, { focus, right: ends })
  return { id, ...box, lines: [lineOf(heading, box.width), ...lines.slice(0, height)] }
}

function contentOf(state: State, id: PaneBox['id'], columns: number, height: number): Content {
  const chosen = state.topology.scroll[id]
  switch (id) {
    case 'detail': {
      const lines = detailLines(state, columns)
      const from = Math.max(0, Math.min(chosen, lines.length - height))
      const seen = Math.min(height, lines.length - from)
      return { title: detailTitle(state, columns), lines: lines.slice(from), from, seen, total: lines.length }
    }
    case 'path': {
      const { lines, chosen: line } = pathLines(state, columns)
      // The line that says where it ends comes into sight with the last hop.
      const isLast = chosen >= (pathShown(state)?.hops.length ?? 0) - 1
      const from = Math.max(0, (isLast ? lines.length : line + 1) - height)
      return {
        title: [span('path out', 'heading')],
        lines: lines.slice(from),
        from,
        seen: Math.min(height, lines.length - from),
        total: lines.length,
        numbers: pathNumbers(state, columns),
      }
    }
    case 'changes': {
      const { lines, from, seen } = changeLines(state, columns, height)
      const total = changesShown(state).length
      return { title: [span('recent changes', 'heading')], lines, from, seen, total }
    }
    default:
      return id satisfies never
  }
}
