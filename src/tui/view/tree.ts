/**
 * ── host ─────────────────────────────────────────────────── rx/s ── tx/s ─
 *    eth0          192.0.2.2/24         UP                     1.2M     80k
 *  ▼ docker0       172.17.0.1/16        bridge UP                 -       -
 *  ├─veth195490d ⇄ redis123   eth0   172.17.0.2/16               3k      1k
 * >└─vethe8201cd ⇄ nginx1     eth0   172.17.0.3/16              12k     44k
 * ── not on a bridge ───────────────────────────────────────────────────────
 *    openc         1 link  1 process
 * ?  net:[402653]  could not be read: permission denied
 */
import type { Section, Topology, TopologyRow } from '../../derive/topology-row.ts'
import type { TopologyLine } from '../../derive/topology-rows.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Line, Region, Span } from '../frame.ts'
import type { Box } from '../layout.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { topologyOf, treeOf, type TreeLine } from '../select/tree.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { columnsOf, type Columns } from './columns.ts'
import { containerRowSpans } from './container-row.ts'
import { glyphs } from './glyphs.ts'
import { linkRowSpans } from './link-row.ts'
import { needsOf, none } from './needs.ts'
import { netnsRowSpans } from './netns-row.ts'
import type { RowContext } from './row-context.ts'
import { sectionSpans } from './section-row.ts'
import { gap, lineOf, span } from './text.ts'

export function treeRegion(state: State, box: Box): Region {
  const list = treeOf(state)
  if (list.lines.length === 0) return { id: 'tree', ...box, lines: [emptyLine(state, box.width)] }
  const { top } = state.topology
  const first = list.lines[top]
  const heading =
    first?.kind === 'row' && first.line.row.kind === 'section' ? null : headingAbove(list.lines, top)
  const room = box.height - (heading === null ? 0 : 1)
  let section = heading === null ? null : netnsOfHeading(heading)
  const lines = list.lines.slice(top, top + room).map((line) => {
    if (line.kind === 'row' && line.line.row.kind === 'section') section = netnsOfHeading(line)
    return drawn(state, line, box.width, list.hits, section)
  })
  const above = heading === null ? [] : [lineOf(sectionOf(state, heading, box.width, false), box.width)]
  return { id: 'tree', ...box, lines: [...above, ...lines] }
}

/** By all rows, also folded and filtered ones, so that nothing moves sideways. */
function treeColumns(state: State, width: number): Columns {
  const { world } = shown(state)
  return columnsFor(world === null ? null : topologyOf(world), width)
}

const columnsFor = memoRecent((topology: Topology | null, width: number): Columns =>
  columnsOf(width, topology === null ? none : needsOf(topology)),
)

function netnsOfHeading(line: TreeLine): NetnsId | null {
  return line.kind === 'row' && line.line.row.kind === 'section' ? line.line.row.netns : null
}

/** The heading of a section stays while its rows are scrolled. */
function headingAbove(lines: readonly TreeLine[], top: number): TreeLine | null {
  return (
    lines.slice(0, top).findLast((line) => line.kind === 'row' && line.line.row.kind === 'section') ?? null
  )
}

function drawn(
  state: State,
  line: TreeLine,
  columns: number,
  hits: ReadonlySet<string> | null,
  section: NetnsId | null,
): Line {
  const { selection, focus } = state.topology
  const here = selection?.row === line.id
  if (line.kind === 'ghost') {
    // What is gone has one end: the mark stands here also when the far one was selected.
    const mark = here ? '>' : ' '
    const indent = gap(1 + 2 * Math.max(1, line.ghost.depth))
    return lineOf([span(mark, 'key'), indent, span(`${line.ghost.label}  is gone`, 'gone')], columns, here)
  }
  const { row } = line.line
  const isMarked = state.topology.marked.has(line.id)
  const mark = here && selection.end === 'near' ? '>' : isMarked ? '*' : ' '
  const selected = here && (focus === 'tree' || state.mode.type !== 'browse')
  if (row.kind === 'section') return lineOf(sectionOf(state, line, columns, here), columns, selected)
  const context = {
    glyphs: glyphs(state.options.ascii),
    columns: treeColumns(state, columns),
    feed: shown(state),
    host: shown(state).world?.host ?? null,
    section,
    mark,
    farSelected: here && selection.end === 'far',
    hit: hits?.has(line.id) ?? false,
    now: state.now,
  }
  return lineOf(rowSpans(line.line, row, context), columns, selected)
}

function rowSpans(
  line: TopologyLine,
  row: Exclude<TopologyRow, Section>,
  context: RowContext,
): readonly Span[] {
  switch (row.kind) {
    case 'link':
      return linkRowSpans(line, row, context)
    case 'netns':
      return netnsRowSpans(line, row, context)
    default:
      return containerRowSpans(line, row, context)
  }
}

function sectionOf(state: State, line: TreeLine, columns: number, here: boolean): readonly Span[] {
  if (line.kind === 'ghost' || line.line.row.kind !== 'section') return []
  const total = shown(state).status.type === 'replay'
  return sectionSpans(
    line.line,
    line.line.row,
    treeColumns(state, columns),
    glyphs(state.options.ascii),
    here,
    total,
  )
}

function emptyLine(state: State, columns: number): Line {
  const nothing =
    shown(state).world === null ? 'reading the network namespaces of this host …' : 'no row fits the filter'
  return lineOf([span(`   ${nothing}`, 'dim')], columns)
}
