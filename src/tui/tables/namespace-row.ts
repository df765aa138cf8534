/** What the Namespaces table tells of each, made once a World. */
import { containersIn } from '../../derive/containers.ts'
import { isHidden, type NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf, type Known } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { defaultRoute } from '../select/path.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { nameOf } from '../select/shown.ts'

export type NamespaceRow = {
  readonly id: NetnsId
  readonly netns: Netns
  readonly name: string
  /** Where the name comes from. */
  readonly source: string
  /** How its containers are connected, `bridge`, `host`; null: it has none. */
  readonly mode: string | null
  readonly containers: readonly string[]
  readonly processes: number
  readonly links: Known<number>
  readonly addresses: readonly string[]
  readonly gateway: string | null
}

/** Host first, then by name. */
export const namespaceRows = memoRecent(
  (netns: World['netns'], engines: World['engines'], world: World): readonly NamespaceRow[] =>
    netns
      .map((each) => rowOf({ netns, engines }, world, each))
      .sort(
        (a, b) =>
          Number(b.id === world.host) - Number(a.id === world.host) ||
          a.name.localeCompare(b.name, 'en', { numeric: true }),
      ),
)

function rowOf(engines: Pick<World, 'netns' | 'engines'>, world: World, netns: Netns): NamespaceRow {
  const name = nameOf(world, netns.id)
  const within = containersIn(engines, netns.id).map(({ container }) => container)
  const own = within.find(({ joins }) => joins === null)
  const global = listOf(netns.addresses).filter(({ scope }) => scope === 'global')
  return {
    id: netns.id,
    netns,
    name,
    source: isHidden(netns.id) ? 'hidden' : (netns.names.find((each) => each.name === name)?.source ?? ''),
    mode: netns.id === world.host ? 'host' : (own?.modeKind ?? null),
    containers: within.map((container) => container.name),
    processes: netns.holders.processes.length,
    links: isUnknown(netns.links) ? netns.links : netns.links.length,
    addresses: global.map(({ local, prefixLen }) => `${local}/${prefixLen}`),
    gateway: defaultRoute(netns)?.gateway ?? null,
  }
}
