/**
 * Sockets over sock_diag, as `ss` reads them: unlike /proc/net it tells the link a socket is bound to and whether
 * it is IPv6 only. One request a family and protocol; the kernel answers ENOENT where it has no reader for it.
 */
import { formatIp } from '../../../lib/ip.ts'
import type { Socket } from '../../../model/socket.ts'
import { attributes, u8, walk, type Bytes } from '../netlink/bytes.ts'
import type { Netlink, NetlinkError } from '../netlink/socket.ts'
import type { SocketTable } from './proc-sockets.ts'
import type { SocketOwners } from './socket-owners.ts'
import { socketState } from './socket-state.ts'

const SOCK_DIAG_BY_FAMILY = 20
const INET_DIAG_SKV6ONLY = 11
const families = { inet: 2, inet6: 10 } as const
const protocols: Readonly<Record<string, number>> = { tcp: 6, udp: 17, udplite: 136, raw: 255 }
const allStates = 0xffffffff
/** struct inet_diag_req_v2 and struct inet_diag_msg (linux/inet_diag.h). */
const requestSize = 56
const messageSize = 72

export function readDiagSockets(
  socket: Netlink,
  table: SocketTable,
  owners: SocketOwners,
): Socket[] | NetlinkError {
  const protocol = protocols[table.protocol]
  if (protocol === undefined) return { errno: 'ENOENT', says: null }
  const request = Buffer.alloc(requestSize)
  request.writeUInt8(families[table.family], 0)
  request.writeUInt8(protocol, 1)
  request.writeUInt32LE(allStates, 4)
  const answer = socket.dump(SOCK_DIAG_BY_FAMILY, request, (bytes, start, end) =>
    parseDiagMessage(bytes, start, end, table),
  )
  if (!answer.ok) return answer.error
  return answer.values.map((value) => ({ ...value, process: owners(value.inode) }))
}

/** The older request, of TCP only, answers for both families (inet_diag_dump_compat in net/ipv4/inet_diag.c). */
const TCPDIAG_GETSOCK = 18
/** struct inet_diag_req: the states stand at 52. */
const oldRequestSize = 60

/**
 * TCP of both families. The kernel's tables of TCP sockets are those of all namespaces, and are walked from end to end
 * for each request: one costs half of two.
 */
export function readDiagTcp(socket: Netlink, owners: SocketOwners): Socket[] | NetlinkError {
  const request = Buffer.alloc(oldRequestSize)
  request.writeUInt32LE(allStates, 52)
  const answer = socket.dump(TCPDIAG_GETSOCK, request, (bytes, start, end) => {
    const isV6 = start < end && bytes.view.getUint8(start) === families.inet6
    return parseDiagMessage(bytes, start, end, { family: isV6 ? 'inet6' : 'inet', protocol: 'tcp' })
  })
  if (!answer.ok) return answer.error
  return answer.values.map((value) => ({ ...value, process: owners(value.inode) }))
}

const found = attributes(INET_DIAG_SKV6ONLY)

/** struct inet_diag_msg; ports and addresses are in network order, the rest in the machine's. */
export function parseDiagMessage(
  bytes: Bytes,
  start: number,
  end: number,
  { family, protocol }: Pick<SocketTable, 'family' | 'protocol'>,
): Omit<Socket, 'process'> | null {
  if (end - start < messageSize) {
    bytes.broken = true
    return null
  }
  const { view } = bytes
  // A dump of IPv6 leaves IPv4 out and the other way round, but old kernels gave both.
  if (view.getUint8(start) !== families[family]) return null
  walk(bytes, start + messageSize, end, found)
  const v6only = family === 'inet6' ? u8(bytes, found, INET_DIAG_SKV6ONLY) : null
  const remotePort = view.getUint16(start + 6)
  const remote = addressAt(bytes, start + 24, family)
  const bound = view.getUint32(start + 40, true)
  return {
    family,
    protocol,
    local: { address: addressAt(bytes, start + 8, family), port: view.getUint16(start + 4) },
    remote: remotePort === 0 && isUnspecified(remote) ? null : { address: remote, port: remotePort },
    state: socketState(view.getUint8(start + 1)),
    boundTo: bound === 0 ? null : bound,
    v6only: v6only === null ? null : v6only !== 0,
    uid: view.getUint32(start + 64, true),
    inode: String(view.getUint32(start + 68, true)),
    recvQueue: view.getUint32(start + 56, true),
    sendQueue: view.getUint32(start + 60, true),
  }
}

function addressAt({ view }: Bytes, at: number, family: Socket['family']): string {
  if (family === 'inet') return [0, 1, 2, 3].map((offset) => view.getUint8(at + offset)).join('.')
  const value = (view.getBigUint64(at) << 64n) | view.getBigUint64(at + 8)
  return formatIp({ family, value })
}

function isUnspecified(address: string): boolean {
  return address === '::' || address === '0.0.0.0'
}
