/**
 * Which namespaces get a section of their own in the tree, and on which row of a section the others hang. The host
 * has one, and every namespace with a bridge; a namespace whose veth leads into a section hangs there; the rest is
 * "not on a bridge".
 */
import type { NetnsId } from '../model/ids.ts'
import { listOf } from '../model/known.ts'
import type { Link } from '../model/link.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { isPair } from './claims.ts'
import type { EngineMarks } from './engine-marks.ts'
import { displayNames } from './netns-name.ts'
import { isResolved, peers as pair, type Peers } from './peers.ts'
import type { PortsByAddress } from './ports-by-address.ts'

export type Plan = {
  readonly byId: ReadonlyMap<NetnsId, Netns>
  readonly names: ReadonlyMap<NetnsId, string>
  readonly peers: Peers
  /** The host first, then init, then by name. */
  readonly sections: readonly Netns[]
  /** Their ids. */
  readonly own: ReadonlySet<NetnsId>
  /** Namespace and ifindex of a row → the namespace whose other links are listed below it. */
  readonly hangs: ReadonlyMap<NetnsId, ReadonlyMap<number, Netns>>
  readonly offBridge: readonly Netns[]
  readonly marks: EngineMarks
  /** null: no rules were read. */
  readonly published: PortsByAddress | null
}

/** So that `web10` stands behind `web9`; a collator takes twenty times as long. */
function naturalKey(name: string): string {
  return name.replace(/\d+/g, (digits) => digits.padStart(12, '0'))
}

export function planSections(world: Pick<World, 'host' | 'netns'>): Omit<Plan, 'marks' | 'published'> {
  const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
  const names = displayNames(world.netns)
  const peers = pair(world.netns)
  const inOrder = (list: readonly Netns[]): readonly Netns[] =>
    list
      .map((netns) => ({ netns, key: sortKey(netns, world.host, names.get(netns.id) ?? '') }))
      .sort((a, b) => (a.key < b.key ? -1 : 1))
      .map((each) => each.netns)
  const sections = inOrder(world.netns.filter((netns) => netns.id === world.host || hasBridge(netns)))
  const hangs = new Map<NetnsId, Map<number, Netns>>()
  const own = new Set(sections.map((netns) => netns.id))
  const placed = new Set(own)
  for (const netns of sections) {
    for (const link of pairsOf(netns)) {
      const peer = peers.peerOf(netns.id, link.ifindex)
      if (!isResolved(peer) || placed.has(peer.netns)) continue
      const far = byId.get(peer.netns)
      if (far === undefined) continue
      placed.add(peer.netns)
      const rows = hangs.get(netns.id)
      if (rows === undefined) hangs.set(netns.id, new Map([[link.ifindex, far]]))
      else rows.set(link.ifindex, far)
    }
  }
  return {
    byId,
    names,
    peers,
    sections,
    own,
    hangs,
    offBridge: inOrder(world.netns.filter((netns) => !placed.has(netns.id))),
  }
}

/** The host first, then init, then by name; by id where two have one name. */
function sortKey(netns: Netns, host: NetnsId, name: string): string {
  if (netns.id === host) return '0'
  const isInit = netns.names.some((one) => one.source === 'init')
  return `${isInit ? 1 : 2} ${naturalKey(name)} ${netns.id}`
}

const pairs = new WeakMap<Netns, readonly Link[]>()

/** Ports first: a namespace with a foot on a bridge belongs there rather than at a loose veth. */
function pairsOf(netns: Netns): readonly Link[] {
  const kept = pairs.get(netns)
  if (kept !== undefined) return kept
  const all = listOf(netns.links).filter(isPair)
  const made = [...all.filter((link) => link.master !== null), ...all.filter((link) => link.master === null)]
  pairs.set(netns, made)
  return made
}

const bridges = new WeakMap<Netns, boolean>()

function hasBridge(netns: Netns): boolean {
  const kept = bridges.get(netns)
  if (kept !== undefined) return kept
  const has = listOf(netns.links).some((link) => link.kind === 'bridge')
  bridges.set(netns, has)
  return has
}
