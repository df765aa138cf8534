/** What the Networks table tells of each network, of all engines; made once for what the World and the findings are. */
import { indexOf } from '../../derive/netns-index.ts'
import type { EngineName, EngineNetwork } from '../../model/engine.ts'
import type { Finding, Findings } from '../../model/finding.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { memoRecent } from '../select/memo-recent.ts'
import { netnsOf } from '../select/shown.ts'
import { memberRows, type MemberRow } from './member-row.ts'

export type NetworkRow = {
  readonly key: string
  readonly engine: EngineName
  /** The engine's socket, or what else told of it. */
  readonly endpoint: string
  /** Whose bridges the engine's networks are; null: not known. */
  readonly netns: NetnsId | null
  readonly network: EngineNetwork
  /** Its bridge, else its parent: the link on the host. */
  readonly link: { readonly name: string; readonly ifindex: number | null } | null
  readonly members: readonly MemberRow[]
  /** Published ports of its members. */
  readonly ports: number
  /** Worst first. */
  readonly findings: readonly Finding[]
}

export const networkRows = memoRecent(
  (
    netns: World['netns'],
    engines: World['engines'],
    world: World,
    found: Findings,
  ): readonly NetworkRow[] => {
    const members = memberRows(netns, engines, world)
    return listOf(engines)
      .flatMap((engine) => {
        const home = engine.netns === null ? null : netnsOf(world, engine.netns)
        return listOf(engine.networks).map((network): NetworkRow => {
          const name = network.bridge ?? network.parent
          const ifindex =
            home === null || name === null ? null : (indexOf(home).byName.get(name)?.ifindex ?? null)
          const own = members.filter((each) => each.network === network && each.endpoint === engine.endpoint)
          const ports = new Set(own.flatMap(({ ports: each }) => each.map(({ text }) => text)))
          const row = {
            key: networkKey(engine.engine, engine.endpoint, network),
            engine: engine.engine,
            endpoint: engine.endpoint,
            netns: engine.netns,
            network,
            link: name === null ? null : { name, ifindex },
            members: own,
            ports: ports.size,
          }
          return { ...row, findings: found.findings.filter((each) => isConcerned(row, each)) }
        })
      })
      .toSorted(
        (a, b) =>
          Number(b.engine === 'lab') - Number(a.engine === 'lab') ||
          rank(a.network) - rank(b.network) ||
          texts.compare(a.network.name, b.network.name),
      )
  },
)

const texts = new Intl.Collator('en', { numeric: true })

export function networkKey(engine: string, endpoint: string, network: Pick<EngineNetwork, 'id'>): string {
  return `${engine} ${endpoint} ${network.id}`
}

/** Docker's `host` and `none` are no networks that anything could be on. */
function rank({ driver }: EngineNetwork): number {
  return driver === 'host' || driver === 'null' ? 1 : 0
}

/** About its bridge, a member's link or the port that leads there, or a member's whole namespace. */
function isConcerned(
  { netns, link, members }: Pick<NetworkRow, 'netns' | 'link' | 'members'>,
  { netns: where, subject, ifindex }: Finding,
): boolean {
  if (link !== null && where === netns && (subject === link.name || (ifindex ?? -1) === link.ifindex))
    return true
  return members.some(({ netns: own, link: eth, port, inside }) => {
    if (port !== null && port.netns === where && port.ifindex === ifindex) return true
    if (!inside || own !== where) return false
    return ifindex === null || eth === null || isUnknown(eth) || eth.ifindex === ifindex
  })
}
