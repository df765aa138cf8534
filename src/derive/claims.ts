/** What each link says about the link at its other end or below it, before anyone checks whether that is so. */
import { hiddenNetnsId, isHidden, type NetnsId, type Nsid } from '../model/ids.ts'
import { listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'

export type LinkRef = { readonly netns: NetnsId; readonly ifindex: number; readonly name: string }

export type Claim = {
  readonly link: Link
  /** It is one end of two; otherwise it stands on the link it names. */
  readonly isPair: boolean
  readonly ref: LinkRef
  /** The namespace that the link's nsid means; a hidden one may turn out not to be in the World. */
  readonly target: NetnsId
  readonly isHidden: boolean
  readonly ifindex: number
}

type ByTarget = ReadonlyMap<NetnsId, ReadonlyMap<number, readonly Claim[]>>

export type ClaimIndex = {
  readonly netns: ReadonlyMap<NetnsId, Netns>
  readonly claims: ReadonlyMap<NetnsId, ReadonlyMap<number, Claim>>
  /** What stands on links of other namespaces, by the namespace and the ifindex it points at: mostly there is little. */
  readonly uppers: ByTarget
  /** The same of ends of pairs; made when first asked for, because exact tables do not need it. */
  readonly pointing: () => ByTarget
  /** Those whose target cannot be told, by their own ifindex. Made when first asked for: mostly there are none. */
  readonly lost: () => ReadonlyMap<number, readonly Claim[]>
}

/** The kinds that come in twos. */
export function isPair(link: Link): boolean {
  return link.kind === 'veth' || link.kind === 'netkit'
}

type OwnClaims = {
  readonly byIfindex: ReadonlyMap<number, Claim>
  /** What stands on links of the same namespace, by their ifindex. */
  readonly ownUppers: ReadonlyMap<number, readonly Claim[]>
  /** What stands on links of others. */
  readonly uppers: readonly Claim[]
  /** The other namespaces that they are about. */
  readonly targets: ReadonlySet<NetnsId>
  /** Those of them that no file leads to: they may not be in the World. */
  readonly hidden: readonly NetnsId[]
}

type Kept = { readonly id: NetnsId; readonly nsids: Netns['nsids']; readonly own: OwnClaims }

/** By the table of links: it stays the same list while other tables of the namespace change. */
const memo = new WeakMap<object, Kept>()

/** Needs no other namespace, so it is kept with its own. */
export function claimsOf(netns: Netns): OwnClaims {
  const kept = memo.get(netns.links)
  if (kept?.id === netns.id && kept.nsids === netns.nsids) return kept.own
  const claims = new Map<number, Claim>()
  const ownUppers = new Map<number, Claim[]>()
  for (const link of listOf(netns.links)) {
    const claim = claimOf(netns, link)
    if (claim === null) continue
    claims.set(link.ifindex, claim)
    if (claim.isPair || claim.target !== netns.id) continue
    const list = ownUppers.get(claim.ifindex)
    if (list === undefined) ownUppers.set(claim.ifindex, [claim])
    else list.push(claim)
  }
  const all = [...claims.values()]
  const targets = new Set(all.map((claim) => claim.target).filter((target) => target !== netns.id))
  const own: OwnClaims = {
    byIfindex: claims,
    ownUppers,
    uppers: all.filter((claim) => !claim.isPair && claim.target !== netns.id),
    targets,
    hidden: [...targets].filter(isHidden),
  }
  memo.set(netns.links, { id: netns.id, nsids: netns.nsids, own })
  return own
}

type KeptClaim = { readonly nsids: Netns['nsids']; readonly claim: Claim | null }

/** By the link: of a thousand that one stands beside, mostly none changed. */
const claimMemo = new WeakMap<Link, KeptClaim>()

function claimOf(netns: Netns, link: Link): Claim | null {
  const kept = claimMemo.get(link)
  if (kept?.nsids === netns.nsids && (kept.claim === null || kept.claim.ref.netns === netns.id))
    return kept.claim
  const claim = madeClaim(netns, link)
  claimMemo.set(link, { nsids: netns.nsids, claim })
  return claim
}

function madeClaim(netns: Netns, link: Link): Claim | null {
  if (link.lower === null) return null
  const { nsid } = link.lower
  // Older kernels leave IFLA_LINK out where both ifindexes are equal; LINK_NETNSID stays.
  const pair = isPair(link)
  const ifindex = link.lower.ifindex === 0 && nsid !== null && pair ? link.ifindex : link.lower.ifindex
  // A tunnel or vxlan that is bound to no device (`sit0@NONE`).
  if (ifindex === 0) return null
  // A namespace that no file leads to is in the World as hidden:<seer>:<nsid>, or not at all.
  const target = nsid === null ? netns.id : (idsOf(netns).get(nsid) ?? hiddenNetnsId(netns.id, nsid))
  const ref = { netns: netns.id, ifindex: link.ifindex, name: link.name }
  return { link, isPair: pair, ref, target, isHidden: isHidden(target), ifindex }
}

const idMemo = new WeakMap<object, ReadonlyMap<Nsid, NetnsId | null>>()

function idsOf({ nsids }: Netns): ReadonlyMap<Nsid, NetnsId | null> {
  const kept = idMemo.get(nsids)
  if (kept !== undefined) return kept
  const ids = new Map(listOf(nsids).map((entry) => [entry.nsid, entry.id]))
  idMemo.set(nsids, ids)
  return ids
}

export function indexClaims(netns: readonly Netns[]): ClaimIndex {
  const all = netns.map(claimsOf)
  let lost: Map<number, Claim[]> | null = null
  let pointing: ByTarget | null = null
  const index: ClaimIndex = {
    netns: new Map(netns.map((each) => [each.id, each])),
    claims: new Map(netns.map((each, at) => [each.id, all[at]?.byIfindex ?? new Map<number, Claim>()])),
    uppers: byTarget(all.flatMap((own) => own.uppers)),
    pointing: () =>
      (pointing ??= byTarget(all.flatMap((own) => [...own.byIfindex.values()].filter((one) => one.isPair)))),
    lost: () => (lost ??= lostOf(index)),
  }
  return index
}

function byTarget(claims: readonly Claim[]): ByTarget {
  const targets = new Map<NetnsId, Map<number, Claim[]>>()
  for (const claim of claims) {
    let there = targets.get(claim.target)
    if (there === undefined) targets.set(claim.target, (there = new Map<number, Claim[]>()))
    const list = there.get(claim.ifindex)
    if (list === undefined) there.set(claim.ifindex, [claim])
    else list.push(claim)
  }
  return targets
}

/** The namespace a claim is about; null where the nsid leads nowhere. */
export function targetOf(index: ClaimIndex, claim: Claim): NetnsId | null {
  return claim.isHidden && !index.netns.has(claim.target) ? null : claim.target
}

function lostOf(index: ClaimIndex): Map<number, Claim[]> {
  const lost = new Map<number, Claim[]>()
  for (const claims of index.claims.values()) {
    for (const claim of claims.values()) {
      if (targetOf(index, claim) !== null) continue
      const list = lost.get(claim.ref.ifindex)
      if (list === undefined) lost.set(claim.ref.ifindex, [claim])
      else list.push(claim)
    }
  }
  return lost
}
