/** Fills in what rtnetlink does not tell of WireGuard links: port, mark, peers. Never a private key. */
import { unknown, type Known } from '../../model/known.ts'
import type { Link } from '../../model/link.ts'
import { attribute } from './netlink/build.ts'
import { familyNumber, genericRequest } from './netlink/generic.ts'
import type { WireguardData } from './netlink/kind-data.ts'
import { joinWireguard, parseWireguard } from './netlink/parse-wireguard.ts'
import { describeNetlinkError, NETLINK_GENERIC, type Netlink } from './netlink/socket.ts'

const WG_CMD_GET_DEVICE = 0
const WGDEVICE_A_IFINDEX = 1

/** `socket` is the rtnetlink socket of the namespace; only where there is a WireGuard link is another one opened. */
export function withWireguard(socket: Netlink, links: readonly Link[]): readonly Link[] {
  if (!links.some((link) => link.kind === 'wireguard')) return links
  const generic = socket.openBeside(NETLINK_GENERIC)
  const read = (ifindex: number): Known<WireguardData> =>
    generic.ok ? readDevice(generic.value, ifindex) : unknown(generic.failure.unknown)
  const filled = links.map((link) =>
    link.kind === 'wireguard' ? { ...link, wireguard: read(link.ifindex) } : link,
  )
  if (generic.ok) generic.value.close()
  return filled
}

function readDevice(generic: Netlink, ifindex: number): Known<WireguardData> {
  const family = familyNumber(generic, 'wireguard')
  if (!family.ok) return unknown(describeNetlinkError(family.error))
  const [number] = family.values
  if (number === undefined) return unknown('the kernel did not tell')
  const request = genericRequest(WG_CMD_GET_DEVICE, attribute(WGDEVICE_A_IFINDEX, ifindex))
  const answer = generic.dump(number, request, parseWireguard)
  // The answer held the private key.
  generic.forget()
  if (!answer.ok) return unknown(describeNetlinkError(answer.error))
  return joinWireguard(answer.values) ?? unknown('the kernel did not tell')
}
