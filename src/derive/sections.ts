/**
 * Which namespaces get a section of their own in the tree, and on which row of a section the others hang. The host
 * has one, and every namespace with a bridge; a namespace whose veth leads into a section hangs there; the rest is
 * "not on a bridge".
 */
import type { NetnsId } from '../model/ids.ts'
import { listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { isPair, keyOf } from './claims.ts'
import { displayNames } from './netns-name.ts'
import { isResolved, peers as pair, type Peers } from './peers.ts'

export type Plan = {
  readonly byId: ReadonlyMap<NetnsId, Netns>
  readonly names: ReadonlyMap<NetnsId, string>
  readonly peers: Peers
  /** The host first, then init, then by name. */
  readonly sections: readonly Netns[]
  /** Row (keyOf) → the namespace whose other links are listed below it. */
  readonly hangs: ReadonlyMap<string, Netns>
  /** Links (keyOf) that are printed as the far end of a section's row and so have no row themselves. */
  readonly farEnds: ReadonlySet<string>
  readonly offBridge: readonly Netns[]
}

const natural = new Intl.Collator('en', { numeric: true }).compare

export function planSections(world: Pick<World, 'host' | 'netns'>): Plan {
  const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
  const names = displayNames(world.netns)
  const peers = pair(world.netns)
  const order = new Map([...names].sort((a, b) => natural(a[1], b[1])).map(([id], at) => [id, at]))
  const rank = (netns: Netns): number =>
    netns.id === world.host
      ? -2
      : netns.names.some((name) => name.source === 'init')
        ? -1
        : (order.get(netns.id) ?? 0)
  const sorted = [...world.netns].sort((a, b) => rank(a) - rank(b))
  const sections = sorted.filter((netns) => netns.id === world.host || hasBridge(netns))
  const hangs = new Map<string, Netns>()
  const farEnds = new Set<string>()
  const own = new Set(sections.map((netns) => netns.id))
  const placed = new Set(own)
  for (const netns of sections) {
    // Ports first: a namespace with a foot on a bridge belongs there rather than at a loose veth.
    const pairs = listOf(netns.links).filter(isPair)
    for (const link of [...pairs].sort((a, b) => Number(a.master === null) - Number(b.master === null))) {
      const peer = peers.peerOf(netns.id, link.ifindex)
      if (!isResolved(peer) || own.has(peer.netns)) continue
      const far = byId.get(peer.netns)
      if (far === undefined) continue
      farEnds.add(keyOf(peer.netns, peer.ifindex))
      if (placed.has(peer.netns)) continue
      placed.add(peer.netns)
      hangs.set(keyOf(netns.id, link.ifindex), far)
    }
  }
  return {
    byId,
    names,
    peers,
    sections,
    hangs,
    farEnds,
    offBridge: sorted.filter((netns) => !placed.has(netns.id)),
  }
}

function hasBridge(netns: Netns): boolean {
  return listOf(netns.links).some((link) => link.kind === 'bridge')
}
