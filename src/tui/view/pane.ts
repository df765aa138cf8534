/** A pane beside or below the tree: a heading with how much of it is seen, and its lines. */
import type { Line, Region, Span } from '../frame.ts'
import type { PaneBox } from '../layout.ts'
import { pathShown } from '../select/path-shown.ts'
import { changesShown } from '../select/changes-shown.ts'
import type { State } from '../state.ts'
import { changeLines } from './changes.ts'
import { detailLines, detailTitle } from './detail.ts'
import { glyphs } from './glyphs.ts'
import { pathLines } from './path.ts'
import { rule } from './rule.ts'
import { lineOf, span } from './text.ts'

type Content = {
  readonly title: readonly Span[]
  readonly lines: readonly Line[]
  readonly from: number
  readonly total: number
}

export function paneRegion(state: State, { id, box }: PaneBox): Region {
  const height = box.height - 1
  const { title, lines, from, total } = contentOf(state, id, box.width, height)
  const last = Math.min(total, from + height)
  const right = total > height ? `${from + 1}-${last} of ${total}` : ''
  const focus = state.topology.focus === id
  const heading = rule(title, box.width, glyphs(state.options.ascii), { focus, right })
  return { id, ...box, lines: [lineOf(heading, box.width), ...lines.slice(0, height)] }
}

function contentOf(state: State, id: PaneBox['id'], columns: number, height: number): Content {
  const chosen = state.topology.scroll[id]
  switch (id) {
    case 'detail': {
      const lines = detailLines(state, columns)
      const from = Math.max(0, Math.min(chosen, lines.length - height))
      return { title: detailTitle(state), lines: lines.slice(from), from, total: lines.length }
    }
    case 'path': {
      const lines = pathLines(state, columns)
      // The line that says where it ends comes into sight with the last hop.
      const isLast = chosen >= (pathShown(state)?.hops.length ?? 0) - 1
      const from = Math.max(0, (isLast ? lines.length : chosen + 1) - height)
      return {
        title: [span('path', 'heading'), span('  rx/s tx/s', 'dim')],
        lines: lines.slice(from),
        from,
        total: lines.length,
      }
    }
    case 'changes': {
      const total = changesShown(state).length
      const from = Math.max(0, Math.min(chosen - height + 1, total - height))
      return {
        title: [span('recent changes', 'heading')],
        lines: changeLines(state, columns, from, height),
        from,
        total,
      }
    }
    default:
      return id satisfies never
  }
}
