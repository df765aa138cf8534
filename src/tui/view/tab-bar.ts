/**
 *  1 Topo                                     host > docker0 > vethe8201cd
 */
import type { TopologyRow } from '../../derive/topology-row.ts'
import { cut, width } from '../../lib/width.ts'
import type { Region } from '../frame.ts'
import { screens } from '../screens.ts'
import { subjectOf } from '../select/subject.ts'
import { nameOf, shown } from '../select/shown.ts'
import { treeOf, type TreeList } from '../select/tree.ts'
import type { State } from '../state.ts'
import { rulesCrumbs } from './rules-heading.ts'
import { bothEnds, clean, lineOf, span, widthOf } from './text.ts'

export function tabBarRegion(state: State, columns: number): Region {
  const tabs = screens.flatMap((screen) => [
    span(' '),
    span(screen.key, 'key'),
    span(screen.tab, screen.id === state.screen ? 'heading' : 'dim'),
  ])
  const crumbs = lastOf(crumbsOf(state), columns - widthOf(tabs) - 3)
  const end = [span(crumbs, 'dim'), span(' ')]
  return {
    id: 'tabs',
    top: 1,
    left: 0,
    width: columns,
    height: 1,
    lines: [lineOf(bothEnds(tabs, end, columns), columns)],
  }
}

/** As many of them as fit; where one stands matters more than the way there. */
function lastOf(names: readonly string[], columns: number): string {
  for (let from = 0; from < names.length; from += 1) {
    const text = [...(from > 0 ? ['…'] : []), ...names.slice(from)].join(' > ')
    if (width(clean(text)) <= columns) return text
  }
  return cut(clean(names.at(-1) ?? ''), columns)
}

/** The rows from the section down to the selected thing. */
function crumbsOf(state: State): readonly string[] {
  if (state.screen === 'rules') return rulesCrumbs(state)
  const { world } = shown(state)
  const { selection } = state.topology
  const subject = subjectOf(state)
  if (world === null || selection === null || subject === null) return []
  const names = [...wayTo(treeOf(state), selection.row)]
  if (subject.kind === 'link' && subject.end === 'far') {
    names.push(`${nameOf(world, subject.netns.id)} ${subject.link.name}`)
  }
  return names
}

/** Upwards from the row, each time to the nearest one that stands further out. */
function wayTo({ lines, at }: TreeList, row: string): readonly string[] {
  const names: string[] = []
  let depth = Infinity
  for (let index = at.get(row) ?? -1; index >= 0 && depth > 0; index -= 1) {
    const line = lines[index]
    if (line === undefined) break
    if (line.kind === 'ghost') {
      if (line.id === row) return [line.ghost.label]
    } else if (line.line.depth < depth) {
      depth = line.line.depth
      names.unshift(rowName(line.line.row))
    }
  }
  return names
}

export function rowName(row: TopologyRow): string {
  if (row.kind === 'link') return row.link.name
  return row.kind === 'section' && row.of !== 'netns' ? 'not on a bridge' : row.name
}
