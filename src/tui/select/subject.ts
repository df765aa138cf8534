/** What the selection is about: the thing that the panes describe and the keys act on. */
import { pathTo, wayToRow } from '../../derive/topology-rows.ts'
import type { ContainerRow, LinkRow, NetnsRow, Section, TopologyRow } from '../../derive/topology-row.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import type { Ghost, Selection, State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { netnsOf, shown } from './shown.ts'
import { topologyOf, treeOf } from './tree.ts'

export type Subject =
  | {
      readonly kind: 'link'
      readonly netns: Netns
      readonly link: Link
      readonly row: LinkRow
      readonly end: 'near' | 'far'
    }
  /** Of a container's row: the namespace that it uses. */
  | { readonly kind: 'netns'; readonly netns: Netns; readonly row: NetnsRow | Section | ContainerRow }
  /** The heading of the namespaces that are on no bridge. */
  | { readonly kind: 'group'; readonly row: Section }
  | { readonly kind: 'ghost'; readonly ghost: Ghost }
  | null

export function subjectOf(state: State): Subject {
  const { selection } = state.topology
  if (selection === null) return null
  const list = treeOf(state)
  const index = list.at.get(selection.row)
  const line = index === undefined ? undefined : list.lines[index]
  if (line === undefined) return null
  if (line.kind === 'ghost') return { kind: 'ghost', ghost: line.ghost }
  return subjectAt(shown(state).world, line.line.row, selection.end)
}

export const subjectAt = memoRecent((world: World | null, row: TopologyRow, end: 'near' | 'far'): Subject => {
  if (row.kind === 'link') {
    const far = end === 'far' ? row.far : null
    const netns = netnsOf(world, far?.netns ?? row.netns)
    if (netns === null) return null
    return {
      kind: 'link',
      netns,
      link: far?.link ?? row.link,
      row,
      end: far === null ? 'near' : 'far',
    }
  }
  const netns = row.netns === null ? null : netnsOf(world, row.netns)
  if (netns !== null) return { kind: 'netns', netns, row }
  return row.kind === 'section' ? { kind: 'group', row } : null
})

/** Where a link or a namespace stands in the tree, on whichever row it is shown; null: nowhere. */
export function selectionOf(world: World, netns: NetnsId, ifindex: number | null): Selection | null {
  const row = pathTo(topologyOf(world), netns, ifindex)?.at(-1)
  if (row === undefined) return null
  const own = ifindex === null ? !row.startsWith('link:') : row === `link:${netns}:${ifindex}`
  return { row, end: own ? 'near' : 'far' }
}

/** The row of a container that has no namespace of its own; null: it has none. */
export function selectionOfContainer(world: World, netns: NetnsId, container: string): Selection | null {
  const id = `container:${netns}:${container}`
  return wayToRow(topologyOf(world), id) === null ? null : { row: id, end: 'near' }
}

/** The rows above it, outermost first. */
export function ancestorsOf(world: World, selection: Selection): readonly string[] {
  return wayToRow(topologyOf(world), selection.row)?.slice(0, -1) ?? []
}

/** `link:NETNS:IFINDEX`, where NETNS may itself hold colons. */
export function splitRowId(id: string): readonly [string, string, string?] {
  const first = id.indexOf(':')
  const kind = id.slice(0, first)
  const rest = id.slice(first + 1)
  if (kind !== 'link') return [kind, rest]
  const last = rest.lastIndexOf(':')
  return [kind, rest.slice(0, last), rest.slice(last + 1)]
}
