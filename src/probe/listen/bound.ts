/** A socket inside that is bound to where it shall listen, or the sentence why it cannot be. */
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { parseIp } from '../../lib/ip.ts'
import type { ListenRequest } from '../../model/probe.ts'
import { SOCK_DGRAM, SOCK_STREAM } from '../socket/calls.ts'
import { errnoSays } from '../socket/errno-says.ts'
import type { Sockets } from '../socket/sockets.ts'

const SOL_SOCKET = 1
const SO_REUSEADDR = 2
const SOL_IPV6 = 41
const IPV6_V6ONLY = 26
const backlog = 64

export type Bound = { readonly fd: number; readonly port: number }

export function boundInside(
  sockets: Sockets,
  { place, protocol, address, port }: ListenRequest,
): Outcome<Bound> {
  const { calls } = sockets
  const [plain = address] = address.split('%')
  const ip = parseIp(plain)
  if (ip === null) return failed({ kind: 'usage', what: `"${address}" is not an address`, subject: address })
  const family = ip.family === 'inet' ? 4 : 6
  const opened = sockets.open(place, family, protocol === 'tcp' ? SOCK_STREAM : SOCK_DGRAM, 0)
  if (!opened.ok) return opened
  const fd = opened.value
  // What a connection of the last listener left in TIME_WAIT does not keep the next one out; a listener does (socket(7)).
  if (protocol === 'tcp') calls.setInt(fd, SOL_SOCKET, SO_REUSEADDR, 1)
  // `::` hears IPv4 as well, whatever net.ipv6.bindv6only says.
  if (family === 6) calls.setInt(fd, SOL_IPV6, IPV6_V6ONLY, 0)
  const refused = calls.bind(fd, { family, address: plain, port }) !== 0 ? calls.errno() : null
  const unheard =
    refused === null && protocol === 'tcp' && calls.listen(fd, backlog) !== 0 ? calls.errno() : refused
  if (unheard === null) return succeeded({ fd, port: calls.localAddress(fd)?.port ?? port })
  calls.close(fd)
  return failed(cannotListen(place.netns.name, protocol, address, port, unheard))
}

function cannotListen(
  netns: string,
  protocol: 'tcp' | 'udp',
  address: string,
  port: number,
  errno: string,
): Failure {
  const what = `cannot listen on ${protocol} ${address} port ${port} in netns "${netns}"`
  switch (errno) {
    case 'EADDRINUSE':
      return {
        kind: 'refused',
        what: `${what}: the port is in use`,
        subject: String(port),
        hint: '`vethscope ls ports` tells who listens there; give another port',
      }
    case 'EACCES':
    case 'EPERM':
      return {
        kind: 'permission',
        what: `${what}: permission denied`,
        subject: String(port),
        hint: 'ports below 1024 need root or cap_net_bind_service; give a higher one',
      }
    case 'EADDRNOTAVAIL':
      return {
        kind: 'refused',
        what: `${what}: that is no address of this namespace`,
        subject: address,
        hint: `\`vethscope show ${netns}\` lists its addresses; 0.0.0.0 and :: are all of them`,
      }
    default:
      return { kind: 'refused', what: `${what}: ${errnoSays(errno)}`, subject: String(port) }
  }
}
