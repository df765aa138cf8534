/** What the selected thing is to the forms of changes, in the words of the command line. */
import { linkAt } from '../../derive/netns-index.ts'
import { containersIn } from '../../derive/containers.ts'
import type { Engine, EngineNetwork } from '../../model/engine.ts'
import type { Link } from '../../model/link.ts'
import { listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import type { Values } from '../changing/form.ts'
import { screenOf } from '../screens/screen-of.ts'
import type { State } from '../state.ts'
import { memberRows } from '../tables/member-row.ts'
import { networksOfState } from '../tables/networks.ts'
import { netnsWord, networkWords } from './change-offers.ts'
import { engineWords } from './engine-words.ts'
import { netnsOf, shown } from './shown.ts'

/** Whose networks can be changed from here: lab's own, and those of engines that are asked over a socket. */
export type Changed = {
  readonly engine: 'lab' | 'docker' | 'podman'
  /** `--engine`, and of several of a kind `--socket`. */
  readonly values: Values
  /** null: the selected thing is on none. */
  readonly network: Pick<EngineNetwork, 'name' | 'driver' | 'scope'> | null
  /** A node, or a container; null: a network is selected. */
  readonly node: string | null
}

export type ChangeTarget = {
  readonly world: World
  /** As a command line takes it; null: nothing is selected that is in one. */
  readonly netns: string | null
  readonly inside: Netns | null
  readonly link: Link | null
  /** null: what is selected is no network's. */
  readonly changed: Changed | null
  /** Of an engine that nothing can be asked of. */
  readonly foreign: { readonly engine: string; readonly name: string } | null
}

/** null: nothing has been read yet. */
export function changeTarget(state: State): ChangeTarget | null {
  const { world } = shown(state)
  if (world === null) return null
  const about = screenOf(state).about(state)
  const inside = about === null || about.netns === null ? null : netnsOf(world, about.netns)
  const link =
    inside === null || about === null || about.ifindex === null ? null : linkAt(inside, about.ifindex)
  return {
    world,
    netns: inside === null ? null : netnsWord(world, inside.id),
    inside,
    link,
    ...(onNetworks(state, world) ?? elsewhere(world, inside, link)),
  }
}

type Named = Pick<ChangeTarget, 'changed' | 'foreign'>
const nobody: Named = { changed: null, foreign: null }

/** On screen 5 a network or a member is selected, not only its link. null: another screen is shown. */
function onNetworks(state: State, world: World): Named | null {
  if (state.screen !== 'networks') return null
  const page = state.pages.networks
  const { selected } = state.tables[page]
  if (page === 'members') {
    const row = memberRows(world.netns, world.engines, world).find(({ key }) => key === selected)
    return row === undefined ? nobody : namedOf(world, row, row.network, row.name)
  }
  const row = networksOfState(state)?.find(({ key }) => key === selected)
  return row === undefined ? nobody : namedOf(world, row, row.network, null)
}

function namedOf(
  world: World,
  { engine, endpoint }: Pick<Engine, 'engine' | 'endpoint'>,
  network: EngineNetwork | null,
  node: string | null,
): Named {
  if (engine === 'lab') return { changed: { engine, values: { engine }, network, node }, foreign: null }
  const values = engineWords(world, { engine, endpoint })
  return values === null || (engine !== 'docker' && engine !== 'podman')
    ? { changed: null, foreign: { engine, name: node ?? network?.name ?? engine } }
    : { changed: { engine, values, network, node }, foreign: null }
}

function elsewhere(world: World, inside: Netns | null, link: Link | null): Named {
  const network = networkOfBridge(world, inside, link)
  if (network !== null) return network
  if (inside === null || inside.id === world.host) return nobody
  const found = containersIn(world, inside.id).find(({ engine }) => engine.engine === 'lab')
  return found === undefined ? nobody : namedOf(world, found.engine, null, found.container.name)
}

/** Lab's are known by their mark, those of engines by what the engine says. */
function networkOfBridge(world: World, inside: Netns | null, link: Link | null): Named | null {
  if (inside === null || link === null) return null
  const mark = /^vethscope:([^:]+)$/.exec(link.alias ?? '')?.[1]
  if (inside.id === world.host && mark !== undefined && networkWords(world).includes(mark)) {
    const lab = { name: mark, driver: 'bridge', scope: 'local' }
    return { changed: { engine: 'lab', values: { engine: 'lab' }, network: lab, node: null }, foreign: null }
  }
  for (const engine of listOf(world.engines)) {
    if (engine.engine === 'lab' || engine.netns !== inside.id) continue
    const network = listOf(engine.networks).find(({ bridge }) => bridge === link.name)
    if (network !== undefined) return namedOf(world, engine, network, null)
  }
  return null
}
