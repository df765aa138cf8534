import type { TopologyRow } from '../../derive/topology-row.ts'
import { subjectOf } from '../select/subject.ts'
import { nameOf, shown } from '../select/shown.ts'
import { treeOf, type TreeList } from '../select/tree.ts'
import type { State } from '../state.ts'

/** The rows from the section down to the selected thing. */
export function topologyCrumbs(state: State): readonly string[] {
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
