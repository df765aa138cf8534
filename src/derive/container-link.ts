/** The link by which a container is on one of its networks. */
import type { Container, Endpoint } from '../model/engine.ts'
import { isUnknown, unknown, type Known } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { addressesOf } from './netns-index.ts'
import type { LinkRef } from './peers.ts'

/**
 * Told by the address that the engine gave it, else by the MAC: links above one parent (ipvlan) share theirs. Null: the
 * endpoint has neither (modes host and none), or nothing runs.
 */
export function endpointLink(
  container: Container,
  endpoint: Endpoint,
  netns: Netns | undefined,
): Known<LinkRef | null> {
  if (isUnknown(container.netns)) return container.netns
  if (container.netns === null || (endpoint.ipv4 ?? endpoint.ipv6 ?? endpoint.mac) === null) return null
  if (netns === undefined) return unknown('its namespace was not found')
  if (isUnknown(netns.links)) return netns.links
  const wanted = [endpoint.ipv4, endpoint.ipv6].flatMap((each) =>
    each === null ? [] : [withoutPrefix(each)],
  )
  const links = netns.links.filter((link) => link.kind !== 'loopback')
  const byAddress = links.filter((link) =>
    addressesOf(netns, link.ifindex).some(({ local }) => wanted.includes(local)),
  )
  const mac = endpoint.mac?.toLowerCase()
  const byMac = links.filter((link) => mac !== undefined && link.lladdr?.toLowerCase() === mac)
  const [only] = byAddress.length > 0 ? byAddress : byMac
  // Two with the same address: the MAC decides.
  const link = byAddress.find((each) => byMac.includes(each)) ?? only
  return link === undefined ? null : { netns: netns.id, ifindex: link.ifindex, name: link.name }
}

function withoutPrefix(address: string): string {
  return address.split('/')[0] ?? address
}
