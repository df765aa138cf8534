/** The links that a way goes by: the one that carries it, what that stands on, and what holds it. */
import { isResolved, peers } from '../../derive/peers.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { atOf } from '../at.ts'

export type Carrier = {
  /** As touches have it: `host`, `/run/netns/web`. */
  readonly at: string
  readonly link: string
  /** What the way is said to go by, where that is another link. */
  readonly under: string | null
}

/** `towards`: lladdr of who is next on the way; of a bridge only the port that it was seen at counts. */
export function carriersOf(
  world: World,
  netns: Netns,
  link: Link,
  towards: string | null,
): readonly Carrier[] {
  const found = new Map<string, Carrier>()
  const add = (where: Netns, each: Link): boolean => {
    const key = `${where.id} ${each.ifindex}`
    if (found.has(key)) return false
    found.set(key, { at: atOf(world, where), link: each.name, under: each === link ? null : link.name })
    return true
  }
  const down = (where: Netns, each: Link): void => {
    if (!add(where, each)) return
    for (const part of partsOf(where, each, towards)) down(where, part)
    const { lowerOf, peerOf } = peers(world.netns)
    const lower = linkOf(world, lowerOf(where.id, each.ifindex))
    if (lower !== null) down(lower.netns, lower.link)
    // The other end of a pair, and the bridge that it is on: without them nothing comes by this one.
    const peer = linkOf(world, peerOf(where.id, each.ifindex))
    if (peer === null) return
    add(peer.netns, peer.link)
    const master = masterOf(peer.netns, peer.link)
    if (master !== null) add(peer.netns, master)
  }
  down(netns, link)
  const master = masterOf(netns, link)
  if (master !== null) add(netns, master)
  return [...found.values()]
}

/** Ports of a bridge, links of a bond: those that stand for it to the outside. */
function partsOf(netns: Netns, link: Link, towards: string | null): readonly Link[] {
  const all = listOf(netns.links).filter(({ master }) => master === link.ifindex)
  if (link.kind !== 'bridge') return link.kind === 'vrf' ? [] : all
  const seen = listOf(netns.fdb).find(
    (entry) => entry.lladdr === towards && all.some(({ ifindex }) => ifindex === entry.ifindex),
  )
  const port = all.find(({ ifindex }) => ifindex === seen?.ifindex)
  return port === undefined ? all : [port]
}

function masterOf(netns: Netns, { master }: Link): Link | null {
  if (master === null) return null
  return listOf(netns.links).find(({ ifindex }) => ifindex === master) ?? null
}

function linkOf(
  world: World,
  ref: ReturnType<ReturnType<typeof peers>['peerOf']>,
): { readonly netns: Netns; readonly link: Link } | null {
  if (!isResolved(ref)) return null
  const netns = world.netns.find(({ id }) => id === ref.netns)
  const link = listOf(netns?.links ?? []).find(({ ifindex }) => ifindex === ref.ifindex)
  return netns === undefined || link === undefined ? null : { netns, link }
}
