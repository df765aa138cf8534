/** Addresses that a file asks for: who gets any gets none of them. */
import { normalIp } from '../../lib/ip.ts'
import type { LabConnection } from '../../model/intent.ts'
import type { Lab } from '../../model/lab.ts'
import type { NetworkFile } from '../../model/network-file.ts'
import { hostSpot } from '../at.ts'
import { addressesSeen, addressUsers, freeAddress } from '../lab/free-address.ts'
import type { Moment } from './world-after.ts'

/** Network → addresses. */
export type Reserved = ReadonlyMap<string, ReadonlySet<string>>

export function askedFor({ nodes = {} }: NetworkFile): Reserved {
  const all = new Map<string, Set<string>>()
  for (const { name, ip, ip6 } of Object.values(nodes).flatMap(({ networks = [] }) => networks)) {
    const addresses = [ip, ip6].flatMap((each) => (each === undefined ? [] : [normalIp(each) ?? each]))
    if (addresses.length > 0) all.set(name, new Set([...(all.get(name) ?? []), ...addresses]))
  }
  return all
}

/** The same as it is, unless the next free address is one that somebody else of the file asks for. */
export function withAddresses(
  { world, context }: Moment,
  lab: Lab,
  connection: LabConnection,
  reserved: Reserved,
): LabConnection {
  const network = lab.networks.find(({ name }) => name === connection.network)
  const kept = reserved.get(connection.network)
  if (network === undefined || kept === undefined) return connection
  const users = addressUsers(network, lab, hostSpot(world, context))
  const taken = new Map([...users, ...[...kept].map((address) => [address, 'the file'] as const)])
  const seen = addressesSeen(world)
  const next = (isSix: boolean): string | undefined => {
    const subnet = network.subnets.find((each) => each.subnet.includes(':') === isSix)
    if (subnet === undefined || (isSix && !network.ipv6)) return undefined
    const free = freeAddress(subnet, users, seen)
    if (free === null || !kept.has(free)) return undefined
    return freeAddress(subnet, taken, seen) ?? undefined
  }
  const [ip, ip6] = [connection.ip ?? next(false), connection.ip6 ?? next(true)]
  return { ...connection, ...(ip === undefined ? {} : { ip }), ...(ip6 === undefined ? {} : { ip6 }) }
}
