/** What the checks ask of a World, made once: which nodes stand behind which bridge, and which engine made what. */
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import type { Address } from '../../model/address.ts'
import type { Container, Engine, EngineNetwork } from '../../model/engine.ts'
import type { NetnsId } from '../../model/ids.ts'
import { listOf } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { insideCommand } from '../inside-command.ts'
import { quoted } from '../../lib/quoted.ts'
import { addressesOf, indexOf } from '../netns-index.ts'
import { displayNames } from '../netns-name.ts'
import { isResolved, peers, type Peers } from '../peers.ts'

/** A namespace on a segment: its own end of the pair, and the bridge port at the other end. */
export type Node = {
  readonly netns: Netns
  readonly name: string
  readonly link: Link
  readonly addresses: readonly Address[]
  readonly port: Link
}

/** One bridge with what stands on it: an Ethernet segment as far as this machine sees it. */
export type Segment = {
  readonly netns: Netns
  readonly bridge: Link
  readonly addresses: readonly Address[]
  readonly nodes: readonly Node[]
  /** Ports that do not lead to a namespace of this World: uplinks, vxlan, taps. More may stand behind them. */
  readonly otherPorts: readonly Link[]
  readonly network: EngineNetwork | null
}

export type FindingContext = {
  readonly world: World
  readonly byId: ReadonlyMap<NetnsId, Netns>
  readonly names: ReadonlyMap<NetnsId, string>
  readonly peers: Peers
  readonly segments: readonly Segment[]
  readonly engines: readonly Engine[]
  /** Running containers by the namespace they are in; several share one. */
  readonly containers: ReadonlyMap<NetnsId, readonly Container[]>
}

const memo = new WeakMap<World, FindingContext>()

export function findingContext(world: World): FindingContext {
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  const made = contextOf(world)
  memo.set(world, made)
  return made
}

function contextOf(world: World): FindingContext {
  const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
  const names = displayNames(world.netns)
  const pairs = peers(world.netns)
  const engines = listOf(world.engines)
  const containers = new Map<NetnsId, Container[]>()
  for (const container of engines.flatMap((engine) => listOf(engine.containers))) {
    if (typeof container.netns !== 'string') continue
    const list = containers.get(container.netns)
    if (list === undefined) containers.set(container.netns, [container])
    else list.push(container)
  }
  const segments = world.netns.flatMap((netns) =>
    listOf(netns.links)
      .filter((link) => link.kind === 'bridge')
      .map((bridge) => segmentOf(netns, bridge)),
  )
  return { world, byId, names, peers: pairs, segments, engines, containers }

  function segmentOf(netns: Netns, bridge: Link): Segment {
    const nodes: Node[] = []
    const otherPorts: Link[] = []
    for (const port of indexOf(netns).slaves.get(bridge.ifindex) ?? []) {
      const peer = pairs.peerOf(netns.id, port.ifindex)
      const far = isResolved(peer) ? byId.get(peer.netns) : undefined
      const link = isResolved(peer) && far !== undefined ? indexOf(far).links.get(peer.ifindex) : undefined
      // A pair with both ends here is a leg of this namespace, not somebody behind the bridge.
      if (far === undefined || link === undefined || far.id === netns.id) otherPorts.push(port)
      else {
        const addresses = addressesOf(far, link.ifindex)
        nodes.push({ netns: far, name: names.get(far.id) ?? far.id, link, addresses, port })
      }
    }
    const network =
      engines
        .filter((engine) => engine.netns === netns.id)
        .flatMap((engine) => listOf(engine.networks))
        .find((each) => each.bridge === bridge.name) ?? null
    return {
      netns,
      bridge,
      addresses: addressesOf(netns, bridge.ifindex),
      nodes,
      otherPorts,
      network,
    }
  }
}

/** Whose network it is; several engines of a namespace may have networks. */
export function engineOf({ engines }: FindingContext, network: EngineNetwork | null): Engine | undefined {
  return engines.find(({ networks }) => network !== null && listOf(networks).includes(network))
}

/** `docker0` in the host's namespace, `br0 in web` elsewhere. */
export function placeName(context: FindingContext, netns: Netns, link: string): string {
  return netns.id === context.world.host ? link : `${link} in ${context.names.get(netns.id) ?? netns.id}`
}

/** The command line that shows it, from where people type; outside names in it quoted. */
export function inside({ world }: FindingContext, netns: Netns, ...words: readonly string[]): string {
  const command = words.map(quoted).join(' ')
  return insideCommand(world, netns, command) ?? command
}

export function isUp(link: Link): boolean {
  return link.flags.includes('UP')
}

/** The gateway of a node's default route in the main table; null where it has none. */
export function gatewayOf(netns: Netns, family: Address['family']): string | null {
  const route = listOf(netns.routes).find(
    (each) =>
      each.family === family &&
      each.dst === 'default' &&
      each.table === 254 &&
      each.type === 'unicast' &&
      each.gateway !== null,
  )
  return route?.gateway ?? null
}

/** Whether an address lies in the network that one of a link's own addresses spans. */
export function sameNetwork(own: Address, address: string): boolean {
  const prefix = parsePrefix(`${own.local}/${own.prefixLen}`)
  const ip = parseIp(address)
  return prefix !== null && ip !== null && contains(prefix, ip)
}
