/** Every counter of a namespace that tells of lost packets, with its growth between two looks. */
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import {
  conntrackCounters,
  linkCounters,
  neighbourOverflow,
  neighbourStates,
  protocolCounters,
  qdiscDrops,
  softnetCounters,
} from './drop-counters.ts'
import { linkAt } from './netns-index.ts'

export type DropGroup = 'link' | 'qdisc' | 'protocol' | 'conntrack' | 'neighbour' | 'softnet'

export type Drop = {
  readonly group: DropGroup
  /** The link, or null where it is the whole namespace's (of softnet: the machine's). */
  readonly subject: string | null
  readonly counter: string
  readonly value: number
  /** Since the first look; null where there was only one, or it was not there. */
  readonly growth: number | null
  readonly says: string
}

export type Unread = { readonly what: DropGroup; readonly reason: string }

export type Drops = { readonly drops: readonly Drop[]; readonly unread: readonly Unread[] }

/** `before` null: only one look. Counters that are 0 are among them. */
export function dropsOf(world: World, id: NetnsId, before: World | null): Drops {
  const now = counted(world, id)
  const then = before === null ? null : counted(before, id)
  const was = new Map(then?.rows.map((row) => [keyOf(row), row.value]))
  const drops = now.rows.map((row): Drop => {
    const old = was.get(keyOf(row))
    // A link that was made anew under its old name counts from 0 again.
    return { ...row, growth: old === undefined ? null : Math.max(0, row.value - old) }
  })
  return { drops, unread: now.unread }
}

type Row = Omit<Drop, 'growth'>

const keyOf = ({ group, subject, counter }: Row): string => `${group} ${subject ?? ''} ${counter}`

type Counted = { readonly rows: readonly Row[]; readonly unread: readonly Unread[] }

function counted(world: World, id: NetnsId): Counted {
  const rows: Row[] = []
  const unread: Unread[] = []
  const netns = world.netns.find((each) => each.id === id)
  if (netns === undefined) return { rows, unread }
  const take = (what: DropGroup, found: readonly Row[] | string) => {
    if (typeof found === 'string') unread.push({ what, reason: found })
    else rows.push(...found)
  }
  take('link', links(netns))
  take('qdisc', qdiscs(netns))
  take('protocol', protocols(netns))
  take('conntrack', conntrack(netns))
  take('neighbour', neighbours(world, netns))
  take(
    'softnet',
    isUnknown(world.softnet) ? world.softnet.unknown : named('softnet', world.softnet, softnetCounters),
  )
  return { rows, unread }
}

/** Only counters that this kernel has. */
function named(
  group: DropGroup,
  values: Readonly<Record<string, number>>,
  meanings: Readonly<Record<string, string>>,
): readonly Row[] {
  return Object.entries(meanings).flatMap(([counter, says]) => {
    const value = values[counter]
    return value === undefined ? [] : [{ group, subject: null, counter, value, says }]
  })
}

const linkNames = Object.keys(linkCounters) as readonly (keyof typeof linkCounters)[]

function links(netns: Netns): readonly Row[] | string {
  if (isUnknown(netns.links)) return netns.links.unknown
  return netns.links.flatMap(({ name, stats }) => {
    if (isUnknown(stats)) return []
    return linkNames.flatMap((counter): readonly Row[] => {
      const value = stats[counter]
      return value === null
        ? []
        : [{ group: 'link', subject: name, counter, value, says: linkCounters[counter] }]
    })
  })
}

const notRead = 'was not read'

function qdiscs(netns: Netns): readonly Row[] | string {
  const read = netns.details?.qdiscs ?? { unknown: notRead }
  if (isUnknown(read)) return read.unknown
  return read.flatMap(({ ifindex, kind, handle, drops }): readonly Row[] => {
    if (drops === null) return []
    const name = linkAt(netns, ifindex)?.name ?? `link ${ifindex}`
    return [{ group: 'qdisc', subject: name, counter: `${kind} ${handle}`, value: drops, says: qdiscDrops }]
  })
}

function protocols({ details }: Netns): readonly Row[] | string {
  const read = details?.counters ?? { unknown: notRead }
  return isUnknown(read) ? read.unknown : named('protocol', read, protocolCounters)
}

function conntrack({ conntrack: read }: Netns): readonly Row[] | string {
  const stats = read?.stats ?? { unknown: notRead }
  return isUnknown(stats) ? stats.unknown : named('conntrack', stats, conntrackCounters)
}

function neighbours(world: World, netns: Netns): readonly Row[] | string {
  const { neighbours: read } = netns
  if (isUnknown(read)) return read.unknown
  const states = Object.entries(neighbourStates).map(([state, says]): Row => ({
    group: 'neighbour',
    subject: null,
    counter: state,
    value: read.filter((each) => each.state === state).length,
    says,
  }))
  return [...states, ...overflows(world)]
}

/** The tables of all namespaces share one limit a family (net/core/neighbour.c, neigh_alloc). */
function overflows(world: World): readonly Row[] {
  return (['inet', 'inet6'] as const).flatMap((family): readonly Row[] => {
    const limit = world.sysctls[`${family === 'inet' ? 'ipv4' : 'ipv6'}.neigh.default.gc_thresh3`]
    if (limit === undefined || isUnknown(limit)) return []
    let count = 0
    for (const { neighbours: each } of world.netns) {
      // Permanent ones are not counted since 5.0, NOARP ones always are.
      for (const entry of listOf(each)) if (entry.family === family && entry.state !== 'PERMANENT') count++
    }
    const counter = family === 'inet' ? 'IPv4 table' : 'IPv6 table'
    return count < Number(limit)
      ? []
      : [{ group: 'neighbour', subject: null, counter, value: count, says: neighbourOverflow }]
  })
}
