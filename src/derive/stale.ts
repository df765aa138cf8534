/**
 * Which rows of the tree may be others than before: those of links that changed, and of the links that they are
 * connected to. A host with a thousand containers is connected to all of them, but one of its links only to one.
 */
import { same } from '../lib/same.ts'
import type { NetnsId } from '../model/ids.ts'
import { listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { claimsOf, type Claim } from './claims.ts'
import { wayOut } from './end-mark.ts'
import { addressesOf, indexOf } from './netns-index.ts'
import { sameItems } from './same-row.ts'
import type { Plan } from './sections.ts'

/** Links by their namespace; `all`: every one of it, and the namespace itself. */
export type Stale = ReadonlyMap<NetnsId, ReadonlySet<number> | 'all'>
type World = Pick<Plan, 'byId' | 'names'>
type Said = Pick<Plan, 'marks' | 'published'>

/** `changed`: between the same two. null: any row may be another one. */
export function staleBetween(was: World, is: World, changed: Stale): Stale | null {
  // What cannot be told by its nsid is looked for everywhere.
  if (hasLost(was) || hasLost(is)) return null
  const stale = new Map<NetnsId, Set<number> | 'all'>()
  const mark = (id: NetnsId, ifindex: number): void => {
    const links = stale.get(id)
    if (links === undefined) stale.set(id, new Set([ifindex]))
    else if (links !== 'all') links.add(ifindex)
  }
  for (const [id, links] of changed) stale.set(id, links === 'all' ? links : new Set(links))
  for (const [id, links] of changed) {
    for (const { target, ifindex, ref } of [...claimsIn(was, id), ...claimsIn(is, id)]) {
      if (links === 'all' || links.has(ref.ifindex)) mark(target, ifindex)
      // What stands on it in its own namespace.
      if (target === id && links !== 'all' && links.has(ifindex)) mark(id, ref.ifindex)
    }
  }
  for (const netns of is.byId.values()) {
    const { targets, byIfindex } = claimsOf(netns)
    if (!intersect(targets, changed)) continue
    for (const { target, ifindex, ref } of byIfindex.values()) {
      const links = changed.get(target)
      if (links === 'all' || links?.has(ifindex) === true) mark(netns.id, ref.ifindex)
    }
  }
  return stale
}

/** What a row shows of a namespace or a link is different, or it is in one of the worlds only; neighbours, details and
 * routes are on no row, but where ports are published the default route says on which. */
export function changedBetween(was: World & Said, is: World & Said): Stale {
  const changed = new Map<NetnsId, ReadonlySet<number> | 'all'>()
  for (const [id, netns] of is.byId) {
    const before = was.byId.get(id)
    if (
      before === undefined ||
      !sameNetns(before, netns) ||
      was.names.get(id) !== is.names.get(id) ||
      !sameTenants(was, is, id) ||
      !samePublishing(is, before, netns)
    ) {
      changed.set(id, 'all')
      continue
    }
    const links =
      before.links !== netns.links || before.addresses !== netns.addresses
        ? changedLinks(before, netns)
        : noLinks
    const bridges = changedBridges(was, is, netns)
    if (links === 'all') changed.set(id, links)
    else if (links.size > 0 || bridges.length > 0 || links !== noLinks) {
      changed.set(id, new Set([...links, ...bridges]))
    }
  }
  for (const id of was.byId.keys()) if (!is.byId.has(id)) changed.set(id, 'all')
  return changed
}

const noLinks: ReadonlySet<number> = new Set()

/** An engine says the same of who lives there, and rules send the same ports there. */
function sameTenants(was: Said, is: Said, id: NetnsId): boolean {
  if (was.marks.tenants.get(id) !== is.marks.tenants.get(id)) return false
  return was.published === is.published || same(textsOf(was, id), textsOf(is, id))
}

/** On the same of its links. */
function samePublishing({ marks }: Said, before: Netns, after: Netns): boolean {
  if (before.routes === after.routes) return true
  const tenants = marks.tenants.get(after.id) ?? []
  return tenants.every(({ container }) => container.ports.length === 0) || wayOut(before) === wayOut(after)
}

const textsOf = ({ published }: Said, id: NetnsId): unknown => [...(published?.get(id) ?? [])]

/** Bridges of which an engine says another thing than before. */
function changedBridges(was: Said, is: Said, netns: Netns): readonly number[] {
  const [before, after] = [was.marks.bridges.get(netns.id), is.marks.bridges.get(netns.id)]
  if (before === after) return []
  const { byName } = indexOf(netns)
  return [...new Set([...(before?.keys() ?? []), ...(after?.keys() ?? [])])]
    .filter((name) => !same(before?.get(name), after?.get(name)))
    .flatMap((name) => byName.get(name)?.ifindex ?? [])
}

function sameNetns(a: Netns, b: Netns): boolean {
  return (
    a.nsids === b.nsids &&
    a.names === b.names &&
    a.readable === b.readable &&
    a.firewall === b.firewall &&
    a.holders.processes.length === b.holders.processes.length
  )
}

/** A bridge that comes or goes makes sections and ports: that is everything. */
function changedLinks(before: Netns, after: Netns): ReadonlySet<number> | 'all' {
  const [was, is] = [indexOf(before).links, indexOf(after).links]
  // Links that could not be read on one side are none.
  if (was.size !== listOf(before.links).length || was.size === 0 || is.size === 0) return 'all'
  const changed = new Set<number>()
  for (const [ifindex, link] of is) {
    const old = was.get(ifindex)
    if (old === link) {
      const same = sameItems(addressesOf(before, ifindex), addressesOf(after, ifindex))
      if (!same) changed.add(ifindex)
      continue
    }
    if (old?.kind !== link.kind && (old?.kind === 'bridge' || link.kind === 'bridge')) return 'all'
    changed.add(ifindex)
  }
  for (const [ifindex, old] of was) {
    if (is.has(ifindex)) continue
    if (old.kind === 'bridge') return 'all'
    changed.add(ifindex)
  }
  return changed
}

function claimsIn({ byId }: World, id: NetnsId): Iterable<Claim> {
  const netns = byId.get(id)
  return netns === undefined ? [] : claimsOf(netns).byIfindex.values()
}

function intersect(targets: ReadonlySet<NetnsId>, changed: Stale): boolean {
  for (const id of changed.keys()) if (targets.has(id)) return true
  return false
}

function hasLost({ byId }: World): boolean {
  for (const netns of byId.values()) {
    for (const target of claimsOf(netns).hidden) if (!byId.has(target)) return true
  }
  return false
}
