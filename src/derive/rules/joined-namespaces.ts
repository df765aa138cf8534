/** Which namespaces a packet could go between: those that pairs join, or devices that stand on one of another's. */
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import { isResolved, peers } from '../peers.ts'

export type JoinedNamespaces = {
  readonly neighboursOf: (id: NetnsId) => ReadonlySet<NetnsId>
  /** The same for all that lead to one another. */
  readonly partOf: (id: NetnsId) => NetnsId
  /** It could not be read, or a far end of it is not known: it may lead anywhere. */
  readonly isOpen: (id: NetnsId) => boolean
}

const memo = new WeakMap<readonly Netns[], JoinedNamespaces>()
const none: ReadonlySet<NetnsId> = new Set()

export function joinedNamespaces(namespaces: readonly Netns[]): JoinedNamespaces {
  const kept = memo.get(namespaces)
  if (kept !== undefined) return kept
  const pairs = peers(namespaces)
  const neighbours = new Map<NetnsId, Set<NetnsId>>(namespaces.map(({ id }) => [id, new Set()]))
  const open = new Set<NetnsId>()
  for (const { id, links } of namespaces) {
    if (isUnknown(links)) open.add(id)
    for (const link of listOf(links)) {
      if (link.kind === 'loopback') continue
      const ends = [pairs.peerOf(id, link.ifindex), pairs.lowerOf(id, link.ifindex)]
      // A tunnel device's other end is a process, which may be in any namespace (slirp4netns, pasta, a VPN).
      if (link.kind === 'tun' || (link.kind === 'veth' && ends[0] === null)) open.add(id)
      for (const end of ends) {
        if (end === null) continue
        if (!isResolved(end)) open.add(id)
        else if (end.netns !== id) {
          neighbours.get(id)?.add(end.netns)
          neighbours.get(end.netns)?.add(id)
        }
      }
    }
  }
  const parts = partsOf(namespaces, neighbours)
  const made: JoinedNamespaces = {
    neighboursOf: (id) => neighbours.get(id) ?? none,
    partOf: (id) => parts.get(id) ?? id,
    isOpen: (id) => open.has(id) || !neighbours.has(id),
  }
  memo.set(namespaces, made)
  return made
}

function partsOf(
  namespaces: readonly Netns[],
  neighbours: ReadonlyMap<NetnsId, ReadonlySet<NetnsId>>,
): ReadonlyMap<NetnsId, NetnsId> {
  const parts = new Map<NetnsId, NetnsId>()
  for (const { id } of namespaces) {
    const waiting = [id]
    for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
      if (parts.has(next)) continue
      parts.set(next, id)
      waiting.push(...(neighbours.get(next) ?? []))
    }
  }
  return parts
}
