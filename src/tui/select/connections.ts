/** The connections that are here: in a replay made from its World, else as the worker sent them. */
import type { Need } from '../../collect/protocol.ts'
import { connectionsWindow } from '../../derive/connections-window.ts'
import type { ConnectionOrder, ConnectionsWanted, ConnectionsWindow } from '../../model/connection-view.ts'
import { isHidden, type NetnsId } from '../../model/ids.ts'
import type { World } from '../../model/world.ts'
import type { State } from '../state.ts'
import { tableLayout } from '../table/table-layout.ts'
import { memoRecent } from './memo-recent.ts'
import { netnsOf, shown } from './shown.ts'
import { subjectOf } from './subject.ts'

type Answer = ConnectionsWindow | { readonly netns: NetnsId; readonly unknown: string }

/** The namespace of what is selected on Topology, if it can be read, else the host's. */
export function netnsSelected(state: State): NetnsId | null {
  const { world } = shown(state)
  const subject = subjectOf(state)
  const selected = subject?.kind === 'link' || subject?.kind === 'netns' ? subject.netns : null
  return selected !== null && selected.readable === true && !isHidden(selected.id)
    ? selected.id
    : (world?.host ?? null)
}

/** Whose connections are shown. What was chosen holds until something else is selected on Topology. */
export function connectionsNetns(state: State): NetnsId | null {
  const beside = netnsSelected(state)
  const { connectionsOf } = state
  const isThere = connectionsOf !== null && netnsOf(shown(state).world, connectionsOf.netns) !== null
  return isThere && connectionsOf.beside === beside ? connectionsOf.netns : beside
}

const orders: readonly ConnectionOrder[] = [
  'standing',
  'protocol',
  'source',
  'destination',
  'state',
  'timeout',
  'bytes',
  'container',
]

/** Filter and order: another one is another question, where other rows are another part of the same answer. */
function questionOf({ tables }: State): Pick<ConnectionsWanted, 'text' | 'order' | 'descending'> {
  const { filter, order } = tables.connections
  const by = orders.find((each) => each === order?.column) ?? 'standing'
  return { text: filter.trim(), order: by, descending: by !== 'standing' && order?.descending === true }
}

/** As text: what the rows that are here answer. */
export function connectionsAsked(state: State): string {
  return JSON.stringify([connectionsNetns(state), questionOf(state)])
}

/** Those in sight, with a page before and more behind. */
function rowsWanted(state: State): Pick<ConnectionsWanted, 'from' | 'count'> {
  const { top, focus } = state.tables.connections
  const page = Math.max(8, tableLayout(state, state.size, focus)?.rows.height ?? 0)
  return { from: Math.max(0, (Math.floor(top / page) - 1) * page), count: 4 * page }
}

/** Of the selected one, to stay on it. */
function keyWanted({ tables }: State): string | undefined {
  const { selected } = tables.connections
  return selected === null || selected === '' ? undefined : selected
}

export function connectionsNeeds(state: State): readonly Need[] {
  const netns = connectionsNetns(state)
  if (netns === null) return []
  const key = keyWanted(state)
  const wanted = { ...questionOf(state), ...rowsWanted(state) }
  return [{ kind: 'connections', netns, ...wanted, ...(key === undefined ? {} : { key }) }]
}

/** Whether the rows that are here answer what is asked, rather than the filter that was typed before. */
export function isConnectionsAnswer(state: State): boolean {
  const { status, connectionsFor } = shown(state)
  return status.type === 'replay' || connectionsFor === connectionsAsked(state)
}

/** null: they have not come yet. */
export function connectionsOf(state: State): Answer | null {
  const { world, status, connections } = shown(state)
  const netns = connectionsNetns(state)
  if (world === null || netns === null) return null
  if (status.type !== 'replay') return connections?.netns === netns ? connections : null
  const { text, order, descending } = questionOf(state)
  const { from, count } = rowsWanted(state)
  return recorded(world, netns, text, order, descending, from, count, keyWanted(state))
}

const recorded = memoRecent(
  (
    world: World,
    netns: NetnsId,
    text: string,
    order: ConnectionOrder,
    descending: boolean,
    from: number,
    count: number,
    key: string | undefined,
  ): Answer => {
    const conntrack = netnsOf(world, netns)?.conntrack ?? null
    if (conntrack === null) return { netns, unknown: 'they are not in this recording' }
    const wanted = { text, order, descending, from, count }
    return connectionsWindow(world, netns, conntrack, key === undefined ? wanted : { ...wanted, key })
  },
)

/** The window, if there is one. */
export function connectionsWindowOf(state: State): ConnectionsWindow | null {
  const answer = connectionsOf(state)
  return answer === null || 'unknown' in answer ? null : answer
}
