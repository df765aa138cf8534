/** What the selected thing is to the forms of changes, in the words of the command line. */
import { linkAt } from '../../derive/netns-index.ts'
import { containersIn } from '../../derive/containers.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { memberRows } from '../tables/member-row.ts'
import { networksOfState } from '../tables/networks.ts'
import { netnsWord, networkWords } from './change-offers.ts'
import { netnsOf, shown } from './shown.ts'

export type ChangeTarget = {
  readonly world: World
  /** As a command line takes it; null: nothing is selected that is in one. */
  readonly netns: string | null
  readonly inside: Netns | null
  readonly link: Link | null
  /** A lab's, by name. */
  readonly network: string | null
  /** Of another engine. */
  readonly foreign: { readonly engine: string; readonly name: string } | null
  readonly node: string | null
}

/** null: nothing has been read yet. */
export function changeTarget(state: State): ChangeTarget | null {
  const { world } = shown(state)
  if (world === null) return null
  const about = screenOf(state).about(state)
  const inside = about === null || about.netns === null ? null : netnsOf(world, about.netns)
  const link =
    inside === null || about === null || about.ifindex === null ? null : linkAt(inside, about.ifindex)
  const named = onScreen(state, world)
  return {
    world,
    netns: inside === null ? null : netnsWord(world, inside.id),
    inside,
    link,
    network: named.network ?? networkOfBridge(world, inside, link),
    foreign: named.foreign,
    node: named.node ?? nodeIn(world, inside),
  }
}

type Named = Pick<ChangeTarget, 'network' | 'foreign' | 'node'>
const nobody: Named = { network: null, foreign: null, node: null }

/** On screen 5 a network or a member is selected, not only its link. */
function onScreen(state: State, world: World): Named {
  if (state.screen !== 'networks') return nobody
  const page = state.pages.networks
  const { selected } = state.tables[page]
  if (page === 'members') {
    const row = memberRows(world.netns, world.engines, world).find(({ key }) => key === selected)
    if (row === undefined) return nobody
    return row.engine === 'lab'
      ? { network: row.network?.name ?? null, foreign: null, node: row.name }
      : { network: null, foreign: { engine: row.engine, name: row.name }, node: null }
  }
  const row = networksOfState(state)?.find(({ key }) => key === selected)
  if (row === undefined) return nobody
  return row.engine === 'lab'
    ? { network: row.network.name, foreign: null, node: null }
    : { network: null, foreign: { engine: row.engine, name: row.network.name }, node: null }
}

function networkOfBridge(world: World, inside: Netns | null, link: Link | null): string | null {
  if (inside?.id !== world.host || link === null) return null
  const mark = /^vethscope:([^:]+)$/.exec(link.alias ?? '')?.[1]
  return mark !== undefined && networkWords(world).includes(mark) ? mark : null
}

function nodeIn(world: World, inside: Netns | null): string | null {
  if (inside === null || inside.id === world.host) return null
  return containersIn(world, inside.id).find(({ engine }) => engine.engine === 'lab')?.container.name ?? null
}
