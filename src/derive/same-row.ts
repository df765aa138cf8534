/** Whether a row that was derived anew says what it said before: then the old object stays, and all that is kept by it. */
import { same } from '../lib/same.ts'
import type { LinkRef } from './claims.ts'
import { isResolved, type Peer } from './peers.ts'
import type { FarEnd, LinkRow } from './topology-row.ts'

/** Two rows of one link. Links and addresses are the kernel's: they are the same where their namespace is. */
export function sameRow(a: LinkRow, b: LinkRow): boolean {
  return (
    a.link === b.link &&
    sameItems(a.addresses, b.addresses) &&
    a.role === b.role &&
    a.offBridge === b.offBridge &&
    a.lowerNetnsName === b.lowerNetnsName &&
    a.children === b.children &&
    a.network === b.network &&
    a.nat === b.nat &&
    same(a.end, b.end) &&
    sameFar(a.far, b.far) &&
    samePeer(a.peer, b.peer) &&
    samePeer(a.lower, b.lower) &&
    sameRefs(a.uppers, b.uppers)
  )
}

export function sameItems<T>(a: readonly T[], b: readonly T[]): boolean {
  return a === b || (a.length === b.length && a.every((item, at) => item === b[at]))
}

function sameFar(a: FarEnd | null, b: FarEnd | null): boolean {
  if (a === null || b === null) return a === b
  return (
    a.link === b.link &&
    sameItems(a.addresses, b.addresses) &&
    a.netns === b.netns &&
    a.netnsName === b.netnsName
  )
}

function samePeer(a: Peer, b: Peer): boolean {
  if (a === null || b === null) return a === b
  if (a.netns !== b.netns || a.ifindex !== b.ifindex) return false
  if (isResolved(a) || isResolved(b)) return isResolved(a) && isResolved(b) && a.name === b.name
  return a.unknown === b.unknown && sameRefs(a.candidates, b.candidates)
}

function sameRefs(a: readonly LinkRef[], b: readonly LinkRef[]): boolean {
  return a === b || (a.length === b.length && a.every((ref, at) => sameRef(ref, b[at])))
}

function sameRef(a: LinkRef, b: LinkRef | undefined): boolean {
  return a === b || (b !== undefined && a.netns === b.netns && a.ifindex === b.ifindex && a.name === b.name)
}
