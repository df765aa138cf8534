/** `(` and `)` on the connections: those of the namespace before, or of the next one. */
import { isHidden, type NetnsId } from '../../model/ids.ts'
import { connectionsNetns, netnsSelected } from '../select/connections.ts'
import { shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { withTable } from '../table/with-table.ts'
import { namespaceRows } from '../tables/namespace-row.ts'

/** In the order in which the Namespaces screen has them. */
function choicesIn(state: State): readonly NetnsId[] {
  const { world } = shown(state)
  if (world === null) return []
  return namespaceRows(world.netns, world.engines, world).flatMap(({ id, netns }) =>
    netns.readable === true && !isHidden(id) ? [id] : [],
  )
}

export function netnsTurned(state: State, step: 1 | -1): State {
  const choices = choicesIn(state)
  const now = connectionsNetns(state)
  const at = choices.findIndex((id) => id === now)
  const netns = choices[(at + step + choices.length) % choices.length]
  return netns === undefined ? state : connectionsChosen(state, netns)
}

/** From the first row, whatever was looked at in another namespace. */
export function connectionsChosen(state: State, netns: NetnsId): State {
  const chosen: State = { ...state, connectionsOf: { netns, beside: netnsSelected(state) } }
  return withTable(chosen, 'connections', { selected: null, at: 0, top: 0, gone: null, marked: new Set() })
}

export function canTurnNetns(state: State): true | string {
  if (state.pages.ports !== 'connections') return 'only for connections: } leads to them'
  return choicesIn(state).length > 1 ? true : 'no other namespace could be read'
}
