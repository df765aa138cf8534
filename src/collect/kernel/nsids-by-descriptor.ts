/**
 * What a namespace's numbers mean, found by asking with other namespaces' descriptors: the way for kernels that
 * cannot answer for another namespace (before 4.20), and for users who may not make an observer. One question a
 * candidate, so the likely ones come first and it ends when every number is explained.
 */
import type { NetnsId } from '../../model/ids.ts'
import { nsid } from '../../model/ids.ts'
import { unknown } from '../../model/known.ts'
import type { NetnsTables } from '../../model/netns.ts'
import type { FoundNetns } from '../reader.ts'
import type { Libc } from './libc.ts'
import { describeNetlinkError, type Netlink } from './netlink/socket.ts'
import { nsidOfDescriptor, ownNsids } from './nsid.ts'
import { openNamespace } from './open-namespace.ts'

/** `netlink` belongs to the namespace whose numbers are asked for. */
export function nsidsByDescriptor(
  libc: Libc,
  netlink: Netlink,
  candidates: Iterable<FoundNetns>,
): NetnsTables['nsids'] {
  const table = ownNsids(netlink)
  if (!table.ok) return unknown(describeNetlinkError(table.error))
  const ids = new Map<number, NetnsId | null>(table.values.map((row) => [row.nsid, null]))
  let open = ids.size
  for (const candidate of candidates) {
    if (open === 0) break
    const number = numberOf(libc, netlink, candidate)
    if (number === null || ids.get(number) !== null) continue
    ids.set(number, candidate.id)
    open--
  }
  return [...ids].map(([number, id]) => ({ nsid: nsid(number), id }))
}

function numberOf(libc: Libc, netlink: Netlink, candidate: FoundNetns): number | null {
  const opened = openNamespace(libc, candidate)
  if (!opened.ok) return null
  const answer = nsidOfDescriptor(netlink, opened.value)
  libc.close(opened.value)
  return answer.ok ? (answer.values[0]?.nsid ?? null) : null
}

/**
 * Whom to ask about first: the namespaces whose own numbers mean `id` (a pair of links makes both sides allot
 * one), then the host, then all others.
 */
export function* likelyFirst(
  id: NetnsId,
  host: NetnsId | null,
  found: ReadonlyMap<NetnsId, FoundNetns>,
  resolved: ReadonlyMap<NetnsId, NetnsTables['nsids']>,
): Generator<FoundNetns> {
  const first = new Set<NetnsId>(host === null ? [] : [host])
  for (const [other, nsids] of resolved) {
    if (Array.isArray(nsids) && nsids.some((entry: { readonly id: NetnsId | null }) => entry.id === id))
      first.add(other)
  }
  for (const each of first) {
    const netns = found.get(each)
    if (netns !== undefined) yield netns
  }
  for (const [other, netns] of found) if (!first.has(other)) yield netns
}
