/** Addresses of a network: who has which, and the next free one. */
import { contains, formatIp, parseIp, parsePrefix, widthOf, type Prefix } from '../../lib/ip.ts'
import { sanitise } from '../../lib/sanitise.ts'
import { listOf } from '../../model/known.ts'
import type { Lab, LabNetwork } from '../../model/lab.ts'
import type { World } from '../../model/world.ts'
import { linkNamed, type Spot } from '../at.ts'
import { macOf, withoutLength } from './mac-of.ts'
import type { LabSubnet } from './subnets.ts'

/** Address → who has it: `node web`, `the gateway`. */
export type AddressUsers = ReadonlyMap<string, string>

/** NUD_* of entries that tell of nobody: the kernel asked and got no answer, or has not asked. */
const tellsNothing = new Set(['FAILED', 'INCOMPLETE', 'NONE'])

/** Those that an address of a network cannot be given to anybody else for. */
export function addressUsers(network: LabNetwork, lab: Lab, host: Spot): AddressUsers {
  const link = linkNamed(host, network.bridge ?? network.parent ?? '')
  const users = new Map<string, string>()
  const add = (address: string | null, who: string): void => {
    if (address !== null && !users.has(withoutLength(address))) users.set(withoutLength(address), who)
  }
  for (const { gateway } of network.subnets) add(gateway, `the gateway of network ${network.name}`)
  for (const node of lab.nodes) {
    for (const each of node.endpoints.filter((one) => one.network === network.name)) {
      add(each.ipv4, `node ${node.name}`)
      add(each.ipv6, `node ${node.name}`)
    }
  }
  if (link === null || host.netns === null) return users
  for (const { ifindex, local } of listOf(host.netns.addresses)) {
    if (ifindex === link.ifindex) add(local, `the host's ${link.name}`)
  }
  for (const { ifindex, dst, lladdr, state } of listOf(host.netns.neighbours)) {
    // One with the MAC that the address itself leads to is what is left of a node that is gone.
    const isOurs = lladdr === null || lladdr === macOf(dst)
    if (ifindex !== link.ifindex || isOurs || tellsNothing.has(state)) continue
    add(dst, `a neighbour at ${link.name} (${sanitise(lladdr)})`)
  }
  return users
}

/** Every address that anybody of the World has: not given away by ourselves, whatever it is connected to. */
export function addressesSeen(world: World): ReadonlySet<string> {
  return new Set(world.netns.flatMap(({ addresses }) => listOf(addresses).map(({ local }) => local)))
}

/** The lowest one of the range, else of the subnet, that nobody has; null: there is none. */
export function freeAddress(
  { subnet, ipRange }: LabSubnet,
  users: AddressUsers,
  seen: ReadonlySet<string>,
): string | null {
  const whole = parsePrefix(subnet)
  const range = parsePrefix(ipRange ?? subnet)
  if (whole === null || range === null) return null
  const [first, last] = usable(whole)
  const end = range.value + (1n << BigInt(widthOf(range.family) - range.length)) - 1n
  for (let value = range.value > first ? range.value : first; value <= end && value <= last; value += 1n) {
    const address = formatIp({ family: range.family, value })
    if (!users.has(address) && !seen.has(address)) return address
  }
  return null
}

/** Why it cannot be given to a node; null: it can. */
export function whyNotAddress(address: string, { subnet }: LabSubnet, users: AddressUsers): string | null {
  const [whole, ip] = [parsePrefix(subnet), parseIp(address)]
  if (whole === null || ip === null || !contains(whole, ip)) return `it is not in ${subnet}`
  const [first, last] = usable(whole)
  if (ip.value < first) return `it stands for ${subnet} itself`
  if (ip.value > last) return `it is the broadcast address of ${subnet}`
  const user = users.get(formatIp(ip))
  return user === undefined ? null : `${user} has it`
}

/** Without network and broadcast address; of IPv6 only the first stands for something else: any router (RFC 4291, 2.6.1). */
function usable({ family, value, length }: Prefix): readonly [bigint, bigint] {
  const size = 1n << BigInt(widthOf(family) - length)
  if (size <= 2n) return [value, value + size - 1n]
  return [value + 1n, value + size - (family === 'inet' ? 2n : 1n)]
}
