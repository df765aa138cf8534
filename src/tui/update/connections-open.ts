import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { connectionsChosen } from './connections-netns.ts'
import { leaving } from './jump.ts'

/** From whatever is selected to the connections of its namespace. */
export function connectionsOpened(state: State): State {
  const netns = screenOf(state).about(state)?.netns ?? null
  if (netns === null) return state
  const there = leaving(state)
  const pages = { ...there.pages, ports: 'connections' } as const
  return connectionsChosen({ ...there, screen: 'ports', pages }, netns)
}
