/**
 * Connections that conntrack still follows although what they lead to is gone: packets of theirs keep the old
 * translation until they time out, whatever the rules say now.
 */
import { contains, parseIp, parsePrefix, type Prefix } from '../lib/ip.ts'
import type { Connection } from '../model/connection.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { AddressOwners } from './address-owners.ts'
import { isPair } from './claims.ts'
import { indexOf } from './netns-index.ts'
import { translationOf } from './translation.ts'

/** Why a connection of this namespace is stale; null where nothing says that it is. */
export function staleness(netns: Netns, owners: AddressOwners): (connection: Connection) => string | null {
  const local = localSubnets(netns)
  const missing = new Map<string, boolean>()
  const isMissing = (address: string): boolean => {
    const kept = missing.get(address)
    if (kept !== undefined) return kept
    const ip = parseIp(address)
    const is =
      ip !== null &&
      !owners.isOwned(address) &&
      local.some((prefix) => contains(prefix, ip)) &&
      (owners.isComplete || isUnreachable(netns, address))
    missing.set(address, is)
    return is
  }
  const hasAddress = ownAddresses(netns)
  return (connection) => {
    const { original, reply } = connection
    const translated = translationOf(connection)
    if (isMissing(reply.source)) {
      return translated === 'dnat' || translated === 'both'
        ? `the address it is sent on to, ${reply.source}, is in no namespace any more`
        : `${reply.source}, where it goes, is in no namespace`
    }
    if (isMissing(original.source))
      return `${original.source}, where it came from, is in no namespace any more`
    if (
      translated !== null &&
      translated !== 'dnat' &&
      hasAddress !== null &&
      !hasAddress(reply.destination)
    ) {
      return `answers go to ${reply.destination}, which is not an address here`
    }
    return null
  }
}

/**
 * Subnets of bridges that only namespaces of this machine are connected to: an address in there that no namespace has is
 * nobody's. A bridge with a real device or a virtual machine's tap leads to others.
 */
function localSubnets(netns: Netns): readonly Prefix[] {
  const { links, slaves } = indexOf(netns)
  return listOf(netns.addresses).flatMap((address) => {
    const link = links.get(address.ifindex)
    if (link?.kind !== 'bridge' || !(slaves.get(link.ifindex) ?? []).every(isPair)) return []
    return parsePrefix(`${address.local}/${address.prefixLen}`) ?? []
  })
}

function isUnreachable(netns: Netns, address: string): boolean {
  return listOf(netns.neighbours).some(({ dst, state }) => dst === address && state === 'FAILED')
}

/** null: cannot be told. */
function ownAddresses(netns: Netns): ((address: string) => boolean) | null {
  if (isUnknown(netns.addresses) || isUnknown(netns.routes)) return null
  const own = new Set(netns.addresses.map(({ local }) => local))
  // Whole prefixes may be local without being assigned (`ip route add local`).
  const prefixes = netns.routes.flatMap(({ type, dst }) => (type === 'local' ? (parsePrefix(dst) ?? []) : []))
  const kept = new Map<string, boolean>()
  return (address) => {
    if (own.has(address)) return true
    const known = kept.get(address)
    if (known !== undefined) return known
    const ip = parseIp(address)
    const is = ip !== null && prefixes.some((prefix) => contains(prefix, ip))
    kept.set(address, is)
    return is
  }
}
