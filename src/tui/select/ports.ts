/** Published ports and listening sockets: in a replay made from its World, else as the worker told them. */
import { portsView } from '../../derive/ports-view.ts'
import type { PortsView } from '../../model/ports-view.ts'
import type { World } from '../../model/world.ts'
import type { State } from '../state.ts'
import { memoRecent } from './memo-recent.ts'
import { shown } from './shown.ts'

const recorded = memoRecent((world: World): PortsView => portsView(world))

/** null: they have not come yet. */
export function portsOf(state: State): PortsView | null {
  const { world, status, ports } = shown(state)
  return status.type === 'replay' && world !== null ? recorded(world) : ports
}

/** Why there is no row of a kind: still being read, or really none. */
export function noPorts(state: State, what: string, none: string): string {
  const view = portsOf(state)
  if (view?.complete === true) return none
  if (state.frozen !== null) return `${what} were not read before the picture was frozen; z makes it live`
  return `reading ${what} of every namespace …`
}

/** Behind a table's title: `12`, `12, 3 not read`, `12 …` while namespaces are still being read. */
export function countText(count: number, unread: number, isComplete: boolean): string {
  return `${count}${unread === 0 ? '' : `, ${unread} not read`}${isComplete ? '' : ' …'}`
}
