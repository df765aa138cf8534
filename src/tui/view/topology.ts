/** The Topology screen's own regions: the tree, and the panes beside or below it. */
import type { Region } from '../frame.ts'
import type { Layout } from '../layout.ts'
import type { State } from '../state.ts'
import { glyphs } from './glyphs.ts'
import { paneRegions } from './pane.ts'
import { lineOf, span } from './text.ts'
import { treeRegion } from './tree.ts'

export function topologyRegions(state: State, { tree, bar, panes }: Layout): readonly Region[] {
  return [
    treeRegion(state, tree),
    ...(bar === null ? [] : [barRegion(state, bar)]),
    ...panes.flatMap((pane) => paneRegions(state, pane)),
  ]
}

function barRegion(state: State, box: NonNullable<Layout['bar']>): Region {
  const line = lineOf([span(glyphs(state.options.ascii).bar, 'border')], 1)
  return { id: 'bar', ...box, lines: Array.from({ length: box.height }, () => line) }
}
