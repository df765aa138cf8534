/**
 * Which link is connected to which, across namespaces. The ifindex in `eth0@if6` means a link of another
 * namespace, and ifindexes repeat, so only the nsid beside it decides; where that leads nowhere, the other end's
 * own pointer may, and where that does not either, the answer is "unresolved" with the candidates.
 */
import type { NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { claimsOf, indexClaims, targetOf, type Claim, type ClaimIndex, type LinkRef } from './claims.ts'
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
      return claim === undefined || !claim.isPair ? null : pairedWith(index, claim)
    },
    lowerOf: (id, ifindex) => {
      const claim = index.claims.get(id)?.get(ifindex)
      return claim === undefined || claim.isPair ? null : standsOn(index, claim)
    },
    uppersOf: (id, ifindex) => {
      const netns = index.netns.get(id)
      const own = netns === undefined ? undefined : claimsOf(netns).ownUppers.get(ifindex)
      const others = index.uppers.get(id)?.get(ifindex)
      return own === undefined && others === undefined
        ? none
        : [...(own ?? []), ...(others ?? [])].map((claim) => claim.ref)
    },
  }
  memo.set(netns, made)
  return made
}

const memo = new WeakMap<readonly Netns[], Peers>()
const none: readonly LinkRef[] = []

/** A's word is taken only if B exists, is of a kind that has a peer, and does not say otherwise. */
function pairedWith(index: ClaimIndex, a: Claim): Peer {
  const target = targetOf(index, a)
  if (target === null) return byBackPointer(index, a)
  const b = index.claims.get(target)?.get(a.ifindex)
  if (b !== undefined && b.isPair && b.ifindex === a.ref.ifindex) {
    const back = targetOf(index, b)
    if (back === a.ref.netns) return b.ref
    // B cannot tell which namespace it points to. It is A's unless several say the same of it.
    if (back === null && backPointers(index, b).length === 1) return b.ref
  }
  return broken(index, a, target, b)
}

/** Why the link that A names is not taken for its peer. */
function broken(index: ClaimIndex, a: Claim, target: NetnsId, b: Claim | undefined): Unresolved {
  const at = { netns: target, ifindex: a.ifindex }
  const netns = index.netns.get(target)
  const link = netns === undefined ? undefined : indexOf(netns).links.get(a.ifindex)
  if (link === undefined) return { unknown: notThere(netns, a.ifindex), candidates: [], ...at }
  const candidates = [{ netns: target, ifindex: link.ifindex, name: link.name }]
  const says = (unknown: string): Unresolved => ({ unknown, candidates, ...at })
  if (b?.isPair !== true) return says(`link ${a.ifindex} in its namespace has no peer`)
  if (b.ifindex !== a.ref.ifindex) return says(`link ${a.ifindex} in its namespace points elsewhere`)
  if (targetOf(index, b) !== null) return says(`link ${a.ifindex} points back into another namespace`)
  return says('several links say that they are its peer')
}

function notThere(netns: Netns | undefined, ifindex: number): string {
  if (netns === undefined) return 'its namespace is not among those that were found'
  if (isUnknown(netns.links)) return `its namespace could not be read: ${netns.links.unknown}`
  return `there is no link ${ifindex} in its namespace`
}

function byBackPointer(index: ClaimIndex, a: Claim): Peer {
  const pointing = backPointers(index, a)
  const [only] = pointing
  if (pointing.length === 1 && only !== undefined) return only.ref
  return {
    unknown: onlyNumber(a),
    candidates: pointing.length > 0 ? pointing.map((claim) => claim.ref) : mutual(index, a),
    netns: null,
    ifindex: a.ifindex,
  }
}

/** What helps comes last: a line of the screen may end before it. */
function onlyNumber({ link }: Claim): string {
  const number = link.lower?.nsid ?? 'none'
  return `nsid ${number} leads to no namespace that was found; run as root to look further`
}

/** Links that say exactly this one is their peer, and that it may mean by its ifindex. */
function backPointers(index: ClaimIndex, a: Claim): readonly Claim[] {
  return (index.pointing().get(a.ref.netns)?.get(a.ref.ifindex) ?? []).filter(
    (b) => b.ref.ifindex === a.ifindex,
  )
}

/** Neither end can tell the other's namespace: all whose ifindexes point at each other could be it. */
function mutual(index: ClaimIndex, a: Claim): readonly LinkRef[] {
  return (index.lost().get(a.ifindex) ?? [])
    .filter((b) => b.isPair && b.ifindex === a.ref.ifindex && b.ref.netns !== a.ref.netns)
    .map((b) => b.ref)
}

function standsOn(index: ClaimIndex, a: Claim): Peer {
  const target = targetOf(index, a)
  if (target === null) {
    return {
      unknown: onlyNumber(a),
      candidates: lowerCandidates(index, a),
      netns: null,
      ifindex: a.ifindex,
    }
  }
  const world = index.netns.get(target)
  const link = world === undefined ? undefined : indexOf(world).links.get(a.ifindex)
  if (link !== undefined) return { netns: target, ifindex: link.ifindex, name: link.name }
  return { unknown: notThere(world, a.ifindex), candidates: [], netns: target, ifindex: a.ifindex }
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
