/**
 * Whose an address is, and which network a prefix. One address may be there several times (each Podman network, each
 * host that is played in a namespace): what stands next to the namespace that asks comes first.
 */
import { formatPrefix, normalIp, parsePrefix } from '../../lib/ip.ts'
import type { Address } from '../../model/address.ts'
import type { Container, Engine } from '../../model/engine.ts'
import type { NetnsId } from '../../model/ids.ts'
import { listOf } from '../../model/known.ts'
import type { World } from '../../model/world.ts'
import { indexOf } from '../netns-index.ts'
import { displayNames } from '../netns-name.ts'
import { containerIndex, ownerContainer } from './container-index.ts'
import { joinedNamespaces } from './joined-namespaces.ts'

export type AddressOwner = {
  /** `self`: the namespace that asks. */
  readonly kind: 'self' | 'container' | 'netns'
  /** Outside text: sanitise where shown. */
  readonly name: string
  /** null: a container whose namespace is not known. */
  readonly netns: NetnsId | null
  readonly container: Container | null
}

export type NetworkName = {
  readonly name: string
  /** The link here that has the network. */
  readonly link: string | null
}

export type AddressNames = {
  /** All that have it and stand equally near; more than one is a doubt that must be shown as one. */
  readonly ownersOf: (address: string, from: NetnsId) => readonly AddressOwner[]
  readonly networkOf: (prefix: string, from: NetnsId) => NetworkName | null
}

type Known = {
  readonly netns: NetnsId | null
  readonly container: Container | null
  readonly engine: Engine | null
}
type Network = { readonly netns: NetnsId | null; readonly name: string; readonly link: string | null }

const memo = new WeakMap<World, AddressNames>()

/** Made once for each World, in one pass over its addresses, endpoints and networks. */
export function addressNames(world: World): AddressNames {
  const kept = memo.get(world)
  if (kept !== undefined) return kept
  const known = knownAddresses(world)
  const networks = knownNetworks(world)
  const names = displayNames(world.netns)
  const asOwner = ({ netns, container }: Known, from: NetnsId): AddressOwner => {
    if (netns === from) {
      const name = from === world.host ? 'this host' : 'this namespace'
      return { kind: 'self', name, netns, container }
    }
    if (container !== null) return { kind: 'container', name: container.name, netns, container }
    return { kind: 'netns', name: netns === null ? '' : (names.get(netns) ?? netns), netns, container }
  }
  const made: AddressNames = {
    ownersOf: (address, from) => {
      const all = known.get(spelled(address)) ?? []
      return nearest(all, (one) => distance(world, one, from)).map((one) => asOwner(one, from))
    },
    networkOf: (prefix, from) => {
      const all = networks.get(spelledPrefix(prefix)) ?? []
      const [only, ...more] = nearest(all, (one) => (one.netns === from ? 0 : 1))
      return only === undefined || more.some((one) => one.name !== only.name) ? null : only
    },
  }
  memo.set(world, made)
  return made
}

/** IPv4 has one spelling only. */
const spelled = (address: string): string =>
  address.includes(':') ? (normalIp(address) ?? address) : address

function spelledPrefix(text: string): string {
  const prefix = parsePrefix(text)
  return prefix === null ? text : formatPrefix(prefix)
}

const prefixes = new WeakMap<Address, string>()

/** Where a thousand namespaces are, spelling their networks is what all this costs; a World read again has the same rows. */
function networkPrefix(address: Address): string {
  const kept = prefixes.get(address)
  if (kept !== undefined) return kept
  const made = spelledPrefix(`${address.local}/${address.prefixLen}`)
  prefixes.set(address, made)
  return made
}

function nearest<T>(all: readonly T[], far: (one: T) => number): readonly T[] {
  const best = Math.min(...all.map(far))
  return best === Infinity ? [] : all.filter((one) => far(one) === best)
}

/** How many steps away, roughly; Infinity: no way leads there, so the rules of `from` cannot mean it. */
function distance(world: World, one: Known, from: NetnsId): number {
  if (one.netns === from) return 0
  if (one.engine?.netns === from) return 1
  if (one.netns === null) return 3
  const { neighboursOf, partOf, isOpen } = joinedNamespaces(world.netns)
  if (neighboursOf(from).has(one.netns)) return 1
  if (partOf(one.netns) === partOf(from)) return 2
  return isOpen(one.netns) || isOpen(from) ? 3 : Infinity
}

/** Every namespace has 127.0.0.1; no rule means somebody's by it. */
const everywhere = /^(?:127\.|::1$|fe80:)/

function knownAddresses(world: World): ReadonlyMap<string, readonly Known[]> {
  const containers = containerIndex(world)
  const known = new Map<string, Known[]>()
  for (const netns of world.netns) {
    const owner = ownerContainer(containers, netns.id)
    const one = { netns: netns.id, container: owner?.container ?? null, engine: owner?.engine ?? null }
    for (const { local } of listOf(netns.addresses)) {
      if (everywhere.test(local)) continue
      const list = append(known, local, one)
      // An address may stand on two links of a namespace, which is still one owner.
      if (list.length > 1 && list.at(-2)?.netns === netns.id) list.pop()
    }
  }
  for (const { engine, container } of containers.all) {
    const netns = typeof container.netns === 'string' ? container.netns : null
    for (const { ipv4, ipv6 } of container.endpoints) {
      for (const cidr of [ipv4, ipv6]) {
        const address = spelled(cidr?.split('/')[0] ?? '')
        if (
          address === '' ||
          (netns !== null && known.get(address)?.some((one) => one.netns === netns) === true)
        )
          continue
        append(known, address, { netns, container, engine })
      }
    }
  }
  return known
}

function knownNetworks(world: World): ReadonlyMap<string, readonly Network[]> {
  const networks = new Map<string, Network[]>()
  const named = new Set<string>()
  for (const engine of listOf(world.engines)) {
    for (const { name, bridge, parent, subnets } of listOf(engine.networks)) {
      for (const { subnet } of subnets) {
        const prefix = spelledPrefix(subnet)
        append(networks, prefix, { netns: engine.netns, name, link: bridge ?? parent })
        named.add(`${engine.netns ?? ''} ${prefix}`)
      }
    }
  }
  for (const netns of world.netns) {
    for (const address of listOf(netns.addresses)) {
      const { ifindex, local } = address
      const link = indexOf(netns).links.get(ifindex)
      const prefix = networkPrefix(address)
      if (link === undefined || everywhere.test(local) || named.has(`${netns.id} ${prefix}`)) continue
      append(networks, prefix, { netns: netns.id, name: `network of ${link.name}`, link: link.name })
    }
  }
  return networks
}

function append<V>(map: Map<string, V[]>, key: string, value: V): V[] {
  const list = map.get(key)
  if (list === undefined) {
    const made = [value]
    map.set(key, made)
    return made
  }
  list.push(value)
  return list
}
