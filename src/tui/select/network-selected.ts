import type { State } from '../state.ts'
import { memberRows } from '../tables/member-row.ts'
import type { NetworkRow } from '../tables/network-row.ts'
import { networksOfState } from '../tables/networks.ts'
import { shown } from './shown.ts'

/** On screen 5: the selected network, or that of the selected member; null: none is. */
export function networkSelected(state: State): NetworkRow | null {
  const { world } = shown(state)
  const rows = networksOfState(state)
  if (state.screen !== 'networks' || world === null || rows === null) return null
  const page = state.pages.networks
  const { selected } = state.tables[page]
  if (page === 'networks') return rows.find(({ key }) => key === selected) ?? null
  const member = memberRows(world.netns, world.engines, world).find(({ key }) => key === selected)
  return (
    rows.find(({ network, endpoint }) => network === member?.network && endpoint === member.endpoint) ?? null
  )
}
