/** Overlay networks of the engines that are in a Swarm, each put together across its hidden namespaces. */
import { dockerOptions } from '../model/docker-options.ts'
import type { Container, Engine, EngineNetwork } from '../model/engine.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown, listOf, unknown, type Known } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { Overlay, OverlayBalancer, OverlayLink, OverlayMember } from '../model/overlay.ts'
import type { PublishedPort } from '../model/published-port.ts'
import type { World } from '../model/world.ts'
import { endpointLink } from './container-link.ts'
import { addressesOf } from './netns-index.ts'
import { overlayPeers } from './overlay-peers.ts'
import { isIn, overlaySegments } from './overlay-segments.ts'
import { isResolved, peers } from './peers.ts'
import { publishedPorts } from './ports/published-ports.ts'

const memo = new WeakMap<World, readonly Overlay[]>()

/** In the order of engines and of their networks. */
export function overlays(world: World): readonly Overlay[] {
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  const made = listOf(world.engines).flatMap((engine) =>
    listOf(engine.networks)
      .filter(({ driver }) => driver === 'overlay')
      .map((network) => overlayOf(world, engine, network)),
  )
  memo.set(world, made)
  return made
}

function overlayOf(world: World, engine: Engine, network: EngineNetwork): Overlay {
  const { options } = network
  const isIngress = network.made?.ingress ?? network.name === 'ingress'
  const sandbox = sandboxOf(world, engine, network)
  const hidden = world.netns.find(({ id }) => id === sandbox)
  const balancer = isUnknown(sandbox) ? sandbox : balancerOf(world, network, isIngress, sandbox)
  return {
    socket: engine.endpoint,
    network,
    isIngress,
    isEncrypted: options['encrypted'] !== undefined && options['encrypted'] !== 'false',
    vnis: vnisOf(network),
    sandbox,
    segments: hidden === undefined ? [] : overlaySegments(hidden, network),
    peers: overlayPeers(engine, network, hidden),
    members: membersOf(world, engine, network),
    balancer,
    ports: isIngress ? ingressPorts(world, engine, network, balancer) : [],
  }
}

/** Docker keeps the VNIs in this option, one for each subnet. */
function vnisOf({ options }: EngineNetwork): readonly number[] {
  const list = options[dockerOptions.vxlanIds] ?? ''
  return list
    .split(',')
    .filter((each) => /^\d+$/.test(each))
    .map(Number)
}

/**
 * By the file that Docker gives it (`1-` and the beginning of the network's id), else by who is connected to it. Where several engines
 * of one Swarm are seen at once each has one of that name: the vxlan in it was made in its own engine's namespace.
 */
function sandboxOf(world: World, engine: Engine, network: EngineNetwork): Known<NetnsId | null> {
  const named = world.netns.filter(({ names }) =>
    names.some(({ name, source }) => source === 'docker' && isSandboxName(name, network.id)),
  )
  const own = named.filter((netns) => {
    const home = homeOf(netns)
    return home === null || engine.netns === null || home === engine.netns
  })
  const [only, ...more] = own
  if (only !== undefined && more.length === 0) return only.id
  const connected = new Set(
    membersOf(world, engine, network).flatMap(({ port }) => (port === null ? [] : [port.netns])),
  )
  const [behind, ...others] = connected
  if (behind !== undefined && others.length === 0) return behind
  if (only === undefined) return null
  return unknown(`${own.length} namespaces are called like that of ${network.name}`)
}

function isSandboxName(name: string, id: string): boolean {
  const [, start] = /^\d+-([0-9a-z]{9,})$/.exec(name) ?? []
  return start !== undefined && id.startsWith(start)
}

/** Where a vxlan of it was made, whose packets leave there; null: it has none, or that is not known. */
function homeOf(netns: Netns): NetnsId | null {
  const vxlan = listOf(netns.links).find(({ kind }) => kind === 'vxlan')
  const nsid = vxlan?.lower?.nsid
  if (nsid === undefined || nsid === null) return null
  return listOf(netns.nsids).find((each) => each.nsid === nsid)?.id ?? null
}

function membersOf(world: World, engine: Engine, network: EngineNetwork): readonly OverlayMember[] {
  const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
  return listOf(engine.containers).flatMap((container) => {
    const endpoint = container.endpoints.find(({ networkId }) => networkId === network.id)
    if (endpoint === undefined) return []
    const id = namespaceOf(container)
    const link = endpointLink(container, endpoint, id === null ? undefined : byId.get(id))
    const found = link === null || isUnknown(link) ? null : link
    const { ipv4, ipv6, mac } = endpoint
    const port = found === null ? null : otherEnd(world, found)
    return [
      { containerId: container.id, name: container.name, ipv4, ipv6, mac, netns: id, link: found, port },
    ]
  })
}

function namespaceOf({ netns }: Container): NetnsId | null {
  return isUnknown(netns) ? null : netns
}

function otherEnd(world: World, { netns, ifindex }: OverlayLink): OverlayLink | null {
  const peer = peers(world.netns).peerOf(netns, ifindex)
  return isResolved(peer) ? peer : null
}

/** `lb_` and the beginning of the network's id; of ingress ingress_sbox. The one whose link leads into this network's namespace. */
function balancerOf(
  world: World,
  network: EngineNetwork,
  isIngress: boolean,
  sandbox: NetnsId | null,
): Known<OverlayBalancer | null> {
  if (sandbox === null) return null
  const isCalled = ({ names }: Netns): boolean =>
    names.some(({ name }) =>
      isIngress ? name === 'ingress_sbox' : name.startsWith('lb_') && network.id.startsWith(name.slice(3)),
    )
  const called = world.netns.filter(isCalled)
  for (const netns of called) {
    for (const { ifindex, name } of listOf(netns.links)) {
      const link = { netns: netns.id, ifindex, name }
      if (otherEnd(world, link)?.netns !== sandbox) continue
      return { netns: netns.id, address: addressesOf(netns, ifindex)[0]?.local ?? null, link }
    }
  }
  const unread = called.find(({ links }) => isUnknown(links))
  return unread !== undefined && isUnknown(unread.links) ? unread.links : null
}

/** Rules of the host lead to ingress_sbox, which shares out by IPVS; where that was not seen, the way ends there. */
function ingressPorts(
  world: World,
  engine: Engine,
  { subnets }: EngineNetwork,
  balancer: Overlay['balancer'],
): Known<readonly PublishedPort[]> {
  const host = world.netns.find(({ id }) => id === engine.netns)
  if (host === undefined) return unknown('the namespace of its engine was not found')
  if (host.firewall === null) return unknown('the rules of its engine’s namespace were not read')
  const entrance = balancer === null || isUnknown(balancer) ? null : balancer.netns
  return publishedPorts(world).filter(({ netns, via, target }) => {
    if (netns !== host.id) return false
    if (target.netns !== null && target.netns === entrance) return true
    const { address } = target
    return via === 'ipvs' && address !== null && subnets.some(({ subnet }) => isIn(subnet, address))
  })
}
