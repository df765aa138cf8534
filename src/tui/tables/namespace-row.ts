/** What the Namespaces table tells of each; made again only for those that are others than before. */
import { containersIn } from '../../derive/containers.ts'
import { isHidden, type NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf, unknown, type Known } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { defaultRoute } from '../../derive/path.ts'
import { processCount } from '../../derive/process-count.ts'
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
  /** Not known where some process that could not be looked into may be in it. */
  readonly processes: Known<number>
  readonly links: Known<number>
  readonly addresses: readonly string[]
  readonly gateway: string | null
  readonly forwards: Known<Forwards>
}

/** What is passed on from link to link: `no`, `v4`, `v6`, `v4 v6`; `some v4`: not from every link. */
export type Forwards = string

/** Host first, then by name. */
export const namespaceRows = memoRecent(
  (netns: World['netns'], engines: World['engines'], world: World): readonly NamespaceRow[] =>
    netns
      .map((each) => rowOf({ netns, engines }, world, each))
      .sort(
        (a, b) => Number(b.id === world.host) - Number(a.id === world.host) || texts.compare(a.name, b.name),
      ),
)

const texts = new Intl.Collator('en', { numeric: true })

type Kept = { readonly row: NamespaceRow; readonly engines: World['engines'] }
const rows = new WeakMap<Netns, Kept>()

function rowOf(engines: Pick<World, 'netns' | 'engines'>, world: World, netns: Netns): NamespaceRow {
  const name = nameOf(world, netns.id)
  const kept = rows.get(netns)
  if (kept !== undefined && kept.engines === engines.engines && kept.row.name === name)
    if (isSame(kept.row.processes, processCount(world, netns))) return kept.row
  const row = made(engines, world, netns, name)
  rows.set(netns, { row, engines: engines.engines })
  return row
}

/** Who could not be looked into is told by the whole host, not by the namespace. */
function isSame(one: Known<number>, other: Known<number>): boolean {
  return isUnknown(one) ? isUnknown(other) && one.unknown === other.unknown : one === other
}

function made(
  engines: Pick<World, 'netns' | 'engines'>,
  world: World,
  netns: Netns,
  name: string,
): NamespaceRow {
  const within = containersIn(engines, netns.id).map(({ container }) => container)
  const own = within.find(({ joins }) => joins === null)
  const global = listOf(netns.addresses).filter(({ scope }) => scope === 'global')
  return {
    id: netns.id,
    netns,
    name,
    source: isHidden(netns.id) ? 'hidden' : (netns.names.find((each) => each.name === name)?.source ?? ''),
    mode: netns.id === world.host ? 'host' : (own?.modeKind ?? null),
    // Whose namespace it is first, then those that joined it.
    containers: within
      .toSorted((a, b) => Number(a.joins !== null) - Number(b.joins !== null))
      .map((container) => container.name),
    processes: processCount(world, netns),
    links: isUnknown(netns.links) ? netns.links : netns.links.length,
    addresses: global.map(({ local, prefixLen }) => `${local}/${prefixLen}`),
    gateway: defaultRoute(netns)?.gateway ?? null,
    forwards: forwardsOf(netns),
  }
}

/**
 * By the links, which the kernel tells with their dump (ip_forward sets it on all of them): what comes in by a link is
 * passed on where that link forwards. Loopback counts only where there is nothing else.
 */
function forwardsOf({ links, readable }: Netns): Known<Forwards> {
  if (readable !== true) return readable
  if (isUnknown(links)) return links
  const others = links.filter(({ kind }) => kind !== 'loopback')
  const counted = others.length > 0 ? others : links
  const v4 = share(
    counted.flatMap(({ inet }) => (inet === null || isUnknown(inet) ? [] : [inet.forwarding !== 0])),
  )
  const v6 = share(
    counted.flatMap(({ inet6 }) => (inet6 === null || isUnknown(inet6) ? [] : [inet6.forwarding !== 0])),
  )
  if (v4 === null && v6 === null) return unknown('the links do not tell')
  const parts = [
    ...(v4 === null || v4 === 'none' ? [] : [`${v4}v4`]),
    ...(v6 === null || v6 === 'none' ? [] : [`${v6}v6`]),
  ]
  return parts.length === 0 ? 'no' : parts.join(' ')
}

function share(values: readonly boolean[]): 'none' | 'some ' | '' | null {
  if (values.length === 0) return null
  if (values.every((value) => value)) return ''
  return values.includes(true) ? 'some ' : 'none'
}
