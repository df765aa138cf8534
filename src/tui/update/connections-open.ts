/** From whatever is selected to the connections of its namespace. */
import { isHidden } from '../../model/ids.ts'
import { screenOf } from '../screens/screen-of.ts'
import { nameOf, netnsOf, shown } from '../select/shown.ts'
import type { State } from '../state.ts'
import { connectionsChosen } from './connections-netns.ts'
import { leaving } from './jump.ts'

export function canOpenConnections(state: State): true | string {
  const { world } = shown(state)
  const id = screenOf(state).about(state)?.netns ?? null
  const netns = id === null ? null : netnsOf(world, id)
  if (netns === null) return 'nothing is selected that is in a namespace'
  if (isHidden(netns.id)) return `${nameOf(world, netns.id)} is hidden: no path leads there`
  return netns.readable === true
    ? true
    : `${nameOf(world, netns.id)} could not be read: ${netns.readable.unknown}`
}

export function connectionsOpened(state: State): State {
  const netns = screenOf(state).about(state)?.netns ?? null
  if (netns === null) return state
  const there = leaving(state)
  return connectionsChosen(
    { ...there, screen: 'ports', pages: { ...there.pages, ports: 'connections' } },
    netns,
  )
}
