/** Which of a thing's addresses a probe goes to: the one that is nearest to where it starts. */
import { contains, parseIp, parsePrefix } from '../../lib/ip.ts'
import { listOf } from '../../model/known.ts'
import type { Endpoint } from '../../model/engine.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import { addressOwners } from '../address-owners.ts'
import { isUnknown } from '../../model/known.ts'
import { linkAt } from '../netns-index.ts'
import { defaultGateways } from './sought-gateway.ts'
import { networksIn } from './sought-names.ts'

export type Reached = {
  readonly address: string
  readonly family: 4 | 6
  /** The network or link by which it has the address. */
  readonly on: string | null
}

/** An address on a network of its own, or in a namespace, as far as it can be sent to from elsewhere. */
export function addressesReached(
  world: World,
  from: Netns,
  endpoints: readonly Endpoint[],
  to: Netns | null,
): readonly Reached[] {
  const own = networksIn(world, from.id)
  const told = endpoints.flatMap(({ ipv4, ipv6, network, networkId }) =>
    [ipv4, ipv6].flatMap((cidr) =>
      cidr === null ? [] : [{ address: withoutLength(cidr), on: network, isShared: own.has(networkId) }],
    ),
  )
  const seen = to === null ? [] : ownAddresses(to)
  const all = [...told, ...seen.filter(({ address }) => !told.some((each) => each.address === address))]
  const isBare = !hasAddress(from, 'inet') && hasAddress(from, 'inet6')
  return all
    .flatMap((each): readonly (Reached & { readonly rank: number })[] => {
      const ip = parseIp(each.address)
      if (ip === null) return []
      const family = ip.family === 'inet' ? 4 : 6
      const isOther = (family === 4) === isBare
      const isFar = !each.isShared && !isOnLink(from, each.address)
      const { address, on } = each
      return [{ address, on, family, rank: (isOther ? 2 : 0) + (isFar ? 1 : 0) }]
    })
    .toSorted((a, b) => a.rank - b.rank)
    .map(({ address, family, on }) => ({ address, family, on }))
}

/** Those of global or site scope: 127.0.0.1 and fe80:: mean another thing elsewhere. */
export function ownAddresses(netns: Netns) {
  return listOf(netns.addresses)
    .filter(({ scope }) => scope === 'global' || scope === 'site')
    .map(({ local, ifindex }) => ({
      address: local,
      ifindex,
      on: linkAt(netns, ifindex)?.name ?? null,
      isShared: false,
    }))
}

function hasAddress(netns: Netns, wanted: 'inet' | 'inet6'): boolean {
  return listOf(netns.addresses).some(
    ({ family, scope }) => family === wanted && (scope === 'global' || scope === 'site'),
  )
}

/** Whether it lies in the network of one of the namespace's own addresses. */
export function isOnLink(netns: Netns, address: string): boolean {
  const ip = parseIp(address)
  if (ip === null) return false
  return listOf(netns.addresses).some(({ local, prefixLen, scope }) => {
    const prefix = scope === 'host' ? null : parsePrefix(`${local}/${prefixLen}`)
    return prefix !== null && contains(prefix, ip)
  })
}

/** The host's own addresses, as the namespace would call it: its gateway, if that is the host's, then what is near. */
export function hostReached(world: World, from: Netns): readonly Reached[] {
  const host = world.netns.find(({ id }) => id === world.host) ?? null
  const all = addressesReached(world, from, [], host)
  const gateways = defaultGateways(from)
  const { ownerOf } = addressOwners(world)
  const isGateway = ({ address }: Reached): boolean =>
    !isUnknown(gateways) &&
    gateways.some((gateway) => gateway.address === address) &&
    ownerOf(address) === world.host
  return from.id === world.host ? all : [...all.filter(isGateway), ...all.filter((each) => !isGateway(each))]
}

export function withoutLength(cidr: string): string {
  return cidr.split('/')[0] ?? cidr
}
