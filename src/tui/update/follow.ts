/** Where Enter leads: from a link to its other end, to what it stands on, to its master. */
import { isResolved, peers, type Peer } from '../../derive/peers.ts'
import type { NetnsId } from '../../model/ids.ts'
import type { World } from '../../model/world.ts'
import { nameOf, shown } from '../select/shown.ts'
import { pathShown } from '../select/path-shown.ts'
import { selectionOf, subjectOf, type Subject } from '../select/subject.ts'
import { changesShown } from '../select/changes-shown.ts'
import type { Selection, State } from '../state.ts'
import { folded } from './fold.ts'
import { jumped } from './jump.ts'
import { saying } from './step.ts'

type Target =
  | { readonly type: 'place'; readonly selection: Selection }
  /** It has no reference but rows below it. */
  | { readonly type: 'fold' }
  | { readonly type: 'none'; readonly why: string }

export function followed(state: State): State {
  const target = targetOf(state)
  switch (target.type) {
    case 'place':
      return jumped(state, target.selection)
    case 'fold':
      return folded(state)
    case 'none':
      return saying(state, 'refused', target.why)
    default:
      return target satisfies never
  }
}

/** true, or why Enter leads nowhere. */
export function canFollow(state: State): true | string {
  const target = targetOf(state)
  return target.type === 'none' ? target.why : true
}

function targetOf(state: State): Target {
  const { world } = shown(state)
  if (world === null) return { type: 'none', why: 'nothing has been read yet' }
  const { focus, scroll } = state.topology
  if (focus === 'changes') {
    const change = changesShown(state)[scroll.changes]
    if (change === undefined) return { type: 'none', why: 'nothing has changed yet' }
    if (change.netns === null) return { type: 'none', why: `${change.subject} has no row in the tree` }
    return toLink(
      world,
      change.netns,
      change.ifindex,
      `${change.netnsName} ${change.subject} is not there any more`,
    )
  }
  if (focus === 'path') {
    const hop = pathShown(state)?.hops[scroll.path]
    if (hop === undefined) return { type: 'none', why: 'there is no path from here' }
    return toLink(world, hop.netns.id, hop.link.ifindex, `${hop.link.name} has no row in the tree`)
  }
  return ofSubject(world, state, subjectOf(state))
}

function ofSubject(world: World, state: State, subject: Subject): Target {
  if (subject === null) return { type: 'none', why: 'nothing is selected' }
  if (subject.kind === 'ghost') return { type: 'none', why: `${subject.ghost.label} is gone` }
  if (subject.kind === 'group') return { type: 'fold' }
  if (subject.kind === 'netns') {
    if (subject.row.kind === 'container')
      return toLink(world, subject.netns.id, null, `${subject.row.name} uses a namespace without a row`)
    const below = subject.row.children.length > 0
    const why =
      subject.netns.readable === true
        ? `${nameOf(world, subject.netns.id)} has no links but loopback`
        : `${nameOf(world, subject.netns.id)} could not be read: ${subject.netns.readable.unknown}`
    return below ? { type: 'fold' } : { type: 'none', why }
  }
  const { netns, link, row, end } = subject
  const pairs = peers(world.netns)
  // From the far end back to the row it stands on, whatever the kernel says of the peer.
  if (end === 'far') return toLink(world, row.netns, row.ifindex, `${row.link.name} has no row in the tree`)
  const peer = toPeer(world, link.name, pairs.peerOf(netns.id, link.ifindex))
  if (peer !== null) return peer
  const lower = toPeer(world, link.name, pairs.lowerOf(netns.id, link.ifindex))
  if (lower !== null) return lower
  if (link.master !== null)
    return toLink(world, netns.id, link.master, `the master of ${link.name} has no row in the tree`)
  if (row.children.length > 0 && state.topology.filter === '') return { type: 'fold' }
  return { type: 'none', why: `${link.name} refers to no other link` }
}

function toPeer(world: World, name: string, peer: Peer): Target | null {
  if (peer === null) return null
  if (isResolved(peer)) return toLink(world, peer.netns, peer.ifindex, `${peer.name} has no row in the tree`)
  const could = peer.candidates.map((each) => `${each.name} in ${nameOf(world, each.netns)}`)
  const maybe = could.length === 0 ? '' : `; it could be ${could.slice(0, 3).join(' or ')}`
  return { type: 'none', why: `the other end of ${name} is not known: ${peer.unknown}${maybe}` }
}

function toLink(world: World, netns: NetnsId, ifindex: number | null, otherwise: string): Target {
  const selection =
    selectionOf(world, netns, ifindex) ?? (ifindex === null ? null : selectionOf(world, netns, null))
  return selection === null ? { type: 'none', why: otherwise } : { type: 'place', selection }
}
