/** Who is on a network, each with the way in and the address there: an engine's network, or whatever stands on a bridge. */
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import type { Address } from '../../model/address.ts'
import type { EngineName, EngineNetwork } from '../../model/engine.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { MatrixMember, Place, Target } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { allContainers } from '../containers.ts'
import { addressesOf } from '../netns-index.ts'
import { displayNames } from '../netns-name.ts'
import { isResolved, peers } from '../peers.ts'
import { placeOf } from './place.ts'

type Family = 4 | 6
export type NetworkMembers = { readonly network: string; readonly members: readonly MatrixMember[] }

type Found = { readonly engine: EngineName; readonly endpoint: string; readonly network: EngineNetwork }

/** `text`: a network's name, id or `docker:NAME`; or a bridge's name. Each member has its first address of that family. */
export function networkMembers(world: World, text: string, family: Family | null): Outcome<NetworkMembers> {
  const networks = networksCalled(world, text)
  const [first, second] = networks
  if (first !== undefined && second !== undefined) return failed(ambiguous(text, networks))
  const found =
    first === undefined
      ? onBridge(world, text, family)
      : { name: first.network.name, members: ofEngine(world, first, family) }
  if (found === null) return failed(noSuchNetwork(world, text))
  if (found.members.length === 0) return failed(nobodyThere(found.name, family))
  const members = found.members.toSorted((a, b) => (orderOf(a) < orderOf(b) ? -1 : 1))
  return succeeded({ network: found.name, members })
}

function networksCalled(world: World, text: string): readonly Found[] {
  const all = listOf(world.engines).flatMap(({ engine, endpoint, networks }) =>
    listOf(networks).map((network): Found => ({ engine, endpoint, network })),
  )
  const exact = all.filter(
    ({ engine, network: { name, id } }) => name === text || id === text || `${engine}:${name}` === text,
  )
  if (exact.length > 0) return exact
  const byBridge = all.filter(({ network }) => network.bridge === text)
  if (byBridge.length > 0) return byBridge
  return /^[0-9a-f]{3,64}$/.test(text) ? all.filter(({ network }) => network.id.startsWith(text)) : []
}

function ofEngine(
  world: World,
  { endpoint, network }: Found,
  family: Family | null,
): readonly MatrixMember[] {
  return allContainers(world).flatMap(({ engine, container }): readonly MatrixMember[] => {
    if (engine.endpoint !== endpoint || container.netns === null || isUnknown(container.netns)) return []
    const end = container.endpoints.find(
      ({ networkId, network: name }) =>
        networkId === network.id || (networkId === '' && name === network.name),
    )
    const target = end === undefined ? null : firstOf([end.ipv4, end.ipv6], container.name, family)
    return target === null ? [] : [{ name: container.name, place: entrance(world, container.netns), target }]
  })
}

/** The bridge of the host, else of any other namespace; its members are the far ends of its ports. */
function onBridge(
  world: World,
  text: string,
  family: Family | null,
): { readonly name: string; readonly members: readonly MatrixMember[] } | null {
  const bridges = world.netns.flatMap((netns) =>
    listOf(netns.links)
      .filter(({ kind, name }) => kind === 'bridge' && name === text)
      .map((link) => ({ netns, link })),
  )
  const bridge = bridges.find(({ netns }) => netns.id === world.host) ?? bridges[0]
  if (bridge === undefined) return null
  const { netns, link } = bridge
  const subnets = addressesOf(netns, link.ifindex).map(({ local, prefixLen }) => `${local}/${prefixLen}`)
  const { peerOf } = peers(world.netns)
  const names = displayNames(world.netns)
  const members = listOf(netns.links)
    .filter(({ master }) => master === link.ifindex)
    .flatMap((port): readonly MatrixMember[] => {
      const peer = peerOf(netns.id, port.ifindex)
      if (!isResolved(peer)) return []
      const far = world.netns.find(({ id }) => id === peer.netns)
      if (far === undefined) return []
      const addresses = inOrder(addressesOf(far, peer.ifindex), subnets)
      const name = names.get(far.id) ?? far.id
      const target = firstOf(addresses, name, family)
      return target === null ? [] : [{ name, place: entrance(world, far.id), target }]
    })
  return { name: text, members }
}

/** Those of the bridge's own subnets first, IPv4 before IPv6; none that is of one link only. */
function inOrder(addresses: readonly Address[], subnets: readonly string[]): readonly string[] {
  const prefixes = subnets.flatMap((each) => parsePrefix(each) ?? [])
  const rank = ({ local, family }: Address): number => {
    const ip = parseIp(local)
    const isInside = ip !== null && prefixes.some((prefix) => contains(prefix, ip))
    return (isInside ? 0 : 2) + (family === 'inet' ? 0 : 1)
  }
  return addresses
    .filter(({ scope }) => scope !== 'link' && scope !== 'host')
    .toSorted((a, b) => rank(a) - rank(b))
    .map(({ local }) => local)
}

function firstOf(addresses: readonly (string | null)[], name: string, family: Family | null): Target | null {
  for (const prefixed of addresses) {
    const address = prefixed?.split('/')[0] ?? ''
    const ip = parseIp(address)
    const its = ip?.family === 'inet' ? 4 : 6
    if (ip !== null && (family === null || family === its)) {
      return { text: name, address, family: its, from: `member ${name}` }
    }
  }
  return null
}

/** Who may not be entered is tried by the others all the same. */
function entrance(world: World, id: NetnsId): Place {
  const netns = world.netns.find((each) => each.id === id)
  const place = netns === undefined ? null : placeOf(world, netns)
  if (place?.ok === true) return place.value
  const name = displayNames(world.netns).get(id) ?? id
  return { netns: { id, name }, dev: 0, paths: [], sockets: [], user: null }
}

/** By address, as people count them. */
function orderOf({ target }: MatrixMember): bigint {
  return parseIp(target.address)?.value ?? 0n
}

function ambiguous(text: string, found: readonly Found[]): Failure {
  const each = found.map(({ engine, network }) => `${engine}:${network.name} (${network.id.slice(0, 12)})`)
  return {
    kind: 'ambiguous',
    what: `"${text}" could mean ${each.join(' or ')}`,
    subject: text,
    hint: 'give the engine (docker:NAME) or the id',
  }
}

function noSuchNetwork(world: World, text: string): Failure {
  const silent = listOf(world.engines).filter(({ networks }) => isUnknown(networks))
  const unread =
    silent.length === 0
      ? ''
      : `; the networks of ${silent.map(({ engine }) => engine).join(', ')} could not be read`
  return {
    kind: 'not-found',
    what: `there is no network and no bridge "${text}"${unread}`,
    subject: text,
    hint: '`vethscope ls networks` lists them',
  }
}

function nobodyThere(name: string, family: Family | null): Failure {
  return {
    kind: 'not-found',
    what: `nobody on "${name}" runs and has an${family === null ? '' : ` IPv${family}`} address`,
    subject: name,
  }
}
