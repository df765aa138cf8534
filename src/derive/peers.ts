/**
 * Which link is connected to which, across namespaces. The ifindex in `eth0@if6` means a link of another
 * namespace, and ifindexes repeat, so only the nsid beside it decides; where that leads nowhere, the other end's
 * own pointer may, and where that does not either, the answer is "unresolved" with the candidates.
 */
import type { NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { indexClaims, isPair, keyOf, targetOf, type Claim, type ClaimIndex, type LinkRef } from './claims.ts'
import { indexOf } from './netns-index.ts'

export type { LinkRef } from './claims.ts'

export type Unresolved = {
  readonly unknown: string
  readonly candidates: readonly LinkRef[]
  /** As far as it is known: where the other end must be, and its ifindex there. */
  readonly netns: NetnsId | null
  readonly ifindex: number
}

export type Peer = LinkRef | Unresolved | null

export type Peers = {
  /** The other end of a veth or netkit; null for every other kind. */
  readonly peerOf: (netns: NetnsId, ifindex: number) => Peer
  /** The device below a macvlan, ipvlan, vlan, vxlan …; null where there is none. */
  readonly lowerOf: (netns: NetnsId, ifindex: number) => Peer
  /** The links that stand on this one (macvlans, vlans …), from every namespace. */
  readonly uppersOf: (netns: NetnsId, ifindex: number) => readonly LinkRef[]
}

export function isResolved(peer: Peer): peer is LinkRef {
  return peer !== null && !('unknown' in peer)
}

/** Pairs every link of these namespaces; cheap to call again when some of them changed. */
export function peers(netns: readonly Netns[]): Peers {
  const kept = memo.get(netns)
  if (kept !== undefined) return kept
  const index = indexClaims(netns)
  const made: Peers = {
    peerOf: (id, ifindex) => {
      const claim = index.claims.get(id)?.get(ifindex)
      return claim === undefined || !isPair(claim.link) ? null : pairedWith(index, claim)
    },
    lowerOf: (id, ifindex) => {
      const claim = index.claims.get(id)?.get(ifindex)
      return claim === undefined || isPair(claim.link) ? null : standsOn(index, claim)
    },
    uppersOf: (id, ifindex) =>
      (index.pointing.get(keyOf(id, ifindex)) ?? [])
        .filter((claim) => !isPair(claim.link))
        .map((claim) => claim.ref),
  }
  memo.set(netns, made)
  return made
}

const memo = new WeakMap<readonly Netns[], Peers>()

/** A's word is taken only if B exists, is of a kind that has a peer, and does not say otherwise. */
function pairedWith(index: ClaimIndex, a: Claim): Peer {
  const target = targetOf(index, a)
  if (target === null) return byBackPointer(index, a)
  const world = index.netns.get(target)
  const unresolved = (unknown: string, candidates: readonly LinkRef[] = []): Unresolved => ({
    unknown,
    candidates,
    netns: target,
    ifindex: a.ifindex,
  })
  if (world === undefined) return unresolved('its namespace is not among those that were found')
  if (isUnknown(world.links)) return unresolved(`its namespace could not be read: ${world.links.unknown}`)
  const link = indexOf(world).links.get(a.ifindex)
  if (link === undefined) return unresolved(`there is no link ${a.ifindex} in its namespace`)
  const ref = { netns: target, ifindex: link.ifindex, name: link.name }
  const b = index.claims.get(target)?.get(a.ifindex)
  if (b === undefined || !isPair(link))
    return unresolved(`link ${a.ifindex} in its namespace has no peer`, [ref])
  if (b.ifindex !== a.ref.ifindex)
    return unresolved(`link ${a.ifindex} in its namespace points elsewhere`, [ref])
  const back = targetOf(index, b)
  if (back === a.ref.netns) return ref
  if (back !== null) return unresolved(`link ${a.ifindex} points back into another namespace`, [ref])
  // B cannot tell which namespace it points to. It is A's unless several say the same of it.
  const rivals = backPointers(index, b)
  return rivals.length === 1 ? ref : unresolved('several links say that they are its peer', [ref])
}

function byBackPointer(index: ClaimIndex, a: Claim): Peer {
  const pointing = backPointers(index, a)
  const [only] = pointing
  if (pointing.length === 1 && only !== undefined) return only.ref
  return {
    unknown: `its namespace has no known nsid here (${a.link.lower?.nsid ?? 'none'})`,
    candidates: pointing.length > 0 ? pointing.map((claim) => claim.ref) : mutual(index, a),
    netns: null,
    ifindex: a.ifindex,
  }
}

/** Links that say exactly this one is their peer, and that it may mean by its ifindex. */
function backPointers(index: ClaimIndex, a: Claim): readonly Claim[] {
  return (index.pointing.get(keyOf(a.ref.netns, a.ref.ifindex)) ?? []).filter(
    (b) => isPair(b.link) && b.ref.ifindex === a.ifindex,
  )
}

/** Neither end can tell the other's namespace: all whose ifindexes point at each other could be it. */
function mutual(index: ClaimIndex, a: Claim): readonly LinkRef[] {
  return (index.lost().get(a.ifindex) ?? [])
    .filter((b) => isPair(b.link) && b.ifindex === a.ref.ifindex && b.ref.netns !== a.ref.netns)
    .map((b) => b.ref)
}

function standsOn(index: ClaimIndex, a: Claim): Peer {
  const target = targetOf(index, a)
  if (target === null) {
    return {
      unknown: `its namespace has no known nsid here (${a.link.lower?.nsid ?? 'none'})`,
      candidates: lowerCandidates(index, a),
      netns: null,
      ifindex: a.ifindex,
    }
  }
  const world = index.netns.get(target)
  const link = world === undefined ? undefined : indexOf(world).links.get(a.ifindex)
  if (link !== undefined) return { netns: target, ifindex: link.ifindex, name: link.name }
  const unknown =
    world === undefined
      ? 'its namespace is not among those that were found'
      : isUnknown(world.links)
        ? `its namespace could not be read: ${world.links.unknown}`
        : `there is no link ${a.ifindex} in its namespace`
  return { unknown, candidates: [], netns: target, ifindex: a.ifindex }
}

/** A lower device says nothing of what stands on it: any link of that ifindex elsewhere could be it. */
function lowerCandidates(index: ClaimIndex, a: Claim): readonly LinkRef[] {
  const candidates: LinkRef[] = []
  for (const [id, netns] of index.netns) {
    const link = id === a.ref.netns ? undefined : indexOf(netns).links.get(a.ifindex)
    if (link !== undefined && link.kind !== 'loopback')
      candidates.push({ netns: id, ifindex: link.ifindex, name: link.name })
  }
  return candidates
}
