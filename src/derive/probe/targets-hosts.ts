/** Who could be at the far end: what is selected, the peer, the gateway, the members of its networks, the host. */
import { parseIp } from '../../lib/ip.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { addressOwners } from '../address-owners.ts'
import { allContainers } from '../containers.ts'
import { displayNames } from '../netns-name.ts'
import { addressesOf } from '../netns-index.ts'
import { isResolved, peers } from '../peers.ts'
import { ownerContainer, containerIndex } from '../rules/container-index.ts'
import { parseResolvConf } from './resolv-conf.ts'
import { resolverOf } from './resolver.ts'
import { isOnLink, ownAddresses } from './sought-address.ts'
import { defaultGateways } from './sought-gateway.ts'
import { networksIn } from './sought-names.ts'
import { soughtOf } from './sought.ts'
import type { Pointed } from './targets.ts'

export type TargetHost = {
  /** As it is typed. */
  readonly text: string
  readonly address: string
  readonly says: string
  /** null: of nobody here, or not known. */
  readonly netns: NetnsId | null
  /** It is what is selected, or the other end of that. */
  readonly isPointed?: boolean
}

/** More members than that are offered by nobody. */
const mostMembers = 300
const mostNeighbours = 20

/** The most useful first, each address once. */
export function targetHosts(world: World, from: Netns, pointed: Pointed): readonly TargetHost[] {
  const all = [
    ...pointedHosts(world, from, pointed).map((host) => ({ ...host, isPointed: true })),
    ...gatewayHosts(world, from),
    ...memberHosts(world, from, pointed),
    ...named(world, from, 'host'),
    ...nameservers(world, from),
    ...neighbourHosts(from),
  ].filter(({ address }) => !address.startsWith('127.') && address !== '::1')
  return firstOfEach(all)
}

function firstOfEach(all: readonly TargetHost[]): readonly TargetHost[] {
  const seen = new Set<string>()
  return all.filter(({ address }) => {
    const isNew = !seen.has(address)
    seen.add(address)
    return isNew
  })
}

/** What the selected thing says, and the other end of a selected link, from wherever one looks. */
function pointedHosts(world: World, from: Netns, { netns, ifindex, ends }: Pointed): readonly TargetHost[] {
  const own = new Set(listOf(from.addresses).map(({ local }) => local))
  const said = ends.flatMap(({ address, says }): readonly TargetHost[] => {
    if (own.has(address)) return []
    if (parseIp(address) === null) return named(world, from, address)
    return [{ text: address, address, says, netns: null }]
  })
  if (netns === null || ifindex === null) return said
  const there = world.netns.find(({ id }) => id === netns)
  const peer = peers(world.netns).peerOf(netns, ifindex)
  // From its own namespace the other end, from elsewhere itself.
  const end = netns !== from.id ? { netns, ifindex } : isResolved(peer) ? peer : null
  const other = end === null ? undefined : end.netns === netns ? there : find(world, end.netns)
  if (end === null || other === undefined || other.id === from.id) return said
  const name = displayNames(world.netns).get(other.id) ?? other.id
  const reached = addressesOf(other, end.ifindex).filter(({ scope }) => scope !== 'link' && scope !== 'host')
  return [
    ...said,
    ...reached.slice(0, 2).map(({ local }): TargetHost => {
      const byName = nameFor(world, from, name, local)
      return {
        text: byName ?? local,
        address: local,
        says: `${local}  the other end, in ${name}`,
        netns: other.id,
      }
    }),
  ]
}

function find(world: World, id: NetnsId): Netns | undefined {
  return world.netns.find((each) => each.id === id)
}

/** The name, where it is understood as that address. */
function nameFor(world: World, from: Netns, name: string, address: string): string | null {
  const found = soughtOf(world, from, name)
  return found.ok && 'address' in found.value && found.value.address === address ? name : null
}

function gatewayHosts(world: World, from: Netns): readonly TargetHost[] {
  const gateways = defaultGateways(from)
  if (isUnknown(gateways)) return []
  const first = named(world, from, 'gateway')
  const others = gateways.map(({ address, link }): TargetHost => ({
    text: address,
    address,
    says: `default gateway${link === null ? '' : ` by ${link}`}`,
    netns: null,
  }))
  return [...first, ...others]
}

/** One that is typed by name. */
function named(world: World, from: Netns, text: string): readonly TargetHost[] {
  const found = soughtOf(world, from, text)
  if (!found.ok || !('address' in found.value)) return []
  const { address, from: by } = found.value
  const netns = addressOwners(world).ownerOf(address)
  return [{ text, address, says: `${address}  ${by ?? ''}`.trimEnd(), netns }]
}

/** Namespaces with an address in a network of this one's, and containers of its networks that could not be read. */
function memberHosts(world: World, from: Netns, pointed: Pointed): readonly TargetHost[] {
  const names = displayNames(world.netns)
  const index = containerIndex(world)
  const near = pointed.netns === from.id && pointed.ifindex !== null ? pointed.ifindex : null
  const members: (TargetHost & { readonly rank: number })[] = []
  for (const other of world.netns) {
    if (other.id === from.id || other.id === world.host || members.length >= mostMembers) continue
    const reached = ownAddresses(other).find(({ address }) => isOnLink(from, address))
    if (reached === undefined) continue
    const container = ownerContainer(index, other.id)?.container ?? null
    const name = container?.name ?? names.get(other.id) ?? other.id
    const byName = named(world, from, name)[0]
    const address = byName?.netns === other.id ? byName.address : reached.address
    const rank = near !== null && isOnLink(onlyLink(from, near), address) ? 0 : 1
    const on = container?.endpoints.find(({ ipv4, ipv6 }) =>
      [ipv4, ipv6].some((each) => each?.split('/')[0] === address),
    )
    const aliases = (on?.aliases ?? []).filter((alias) => container?.id.startsWith(alias) !== true)
    const says = [
      `${address}  ${on === undefined ? 'in its network' : `on ${on.network}`}`,
      ...(aliases.length === 0 ? [] : [`alias ${aliases.join(' ')}`]),
    ]
    const text = byName?.address === address ? name : address
    const told = text === address ? [...says, `of ${name}`] : says
    members.push({ text, address, says: told.join(', '), netns: other.id, rank })
  }
  return [...members.toSorted((a, b) => a.rank - b.rank), ...toldMembers(world, from)]
}

function onlyLink(netns: Netns, ifindex: number): Netns {
  return { ...netns, addresses: addressesOf(netns, ifindex) }
}

/** By the engine's word, also where the namespace itself could not be read. */
function toldMembers(world: World, from: Netns): readonly TargetHost[] {
  const own = networksIn(world, from.id)
  if (own.size === 0) return []
  return allContainers(world)
    .filter(
      ({ container }) =>
        container.netns !== from.id && container.endpoints.some(({ networkId }) => own.has(networkId)),
    )
    .slice(0, mostMembers)
    .flatMap(({ container }) => named(world, from, container.name))
}

/** Of resolv.conf. */
export function nameservers(world: World, from: Netns): readonly TargetHost[] {
  const { resolvConf } = resolverOf(world, from)
  if (resolvConf === null) return []
  return parseResolvConf(resolvConf).servers.map(({ address }) => ({
    text: address,
    address,
    says: 'nameserver',
    netns: null,
  }))
}

/** Who answered on a link a while ago. */
function neighbourHosts(from: Netns): readonly TargetHost[] {
  return listOf(from.neighbours)
    .filter(
      ({ dst, state }) =>
        !['NOARP', 'FAILED', 'NONE'].includes(state) && !/^(fe80|ff|22[4-9]|23\d)/i.test(dst),
    )
    .slice(0, mostNeighbours)
    .map(({ dst, state }) => ({ text: dst, address: dst, says: `neighbour, ${state}`, netns: null }))
}
