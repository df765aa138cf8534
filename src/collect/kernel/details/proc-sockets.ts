/**
 * Sockets from the text tables of /proc/net. They do not tell to which link a socket is bound (`boundTo` is null)
 * nor whether it is IPv6 only; sock_diag does, see diag-sockets.ts.
 */
import { endianness } from 'node:os'
import { formatIp } from '../../../lib/ip.ts'
import { unknown, type Known } from '../../../model/known.ts'
import type { Socket } from '../../../model/socket.ts'
import { reasonOf, type ReadProc } from './read-proc.ts'
import type { SocketOwners } from './socket-owners.ts'
import { socketState } from './socket-state.ts'

export const socketTables = [
  { file: 'tcp', family: 'inet', protocol: 'tcp' },
  { file: 'tcp6', family: 'inet6', protocol: 'tcp' },
  { file: 'udp', family: 'inet', protocol: 'udp' },
  { file: 'udp6', family: 'inet6', protocol: 'udp' },
  { file: 'udplite', family: 'inet', protocol: 'udplite' },
  { file: 'udplite6', family: 'inet6', protocol: 'udplite' },
  { file: 'raw', family: 'inet', protocol: 'raw' },
  { file: 'raw6', family: 'inet6', protocol: 'raw' },
  { file: 'icmp', family: 'inet', protocol: 'icmp' },
  { file: 'icmp6', family: 'inet6', protocol: 'icmp' },
] as const

export type SocketTable = (typeof socketTables)[number]

/** A table that is not there (no IPv6, UDP-Lite gone from newer kernels) has no sockets. */
export function readSocketTable(read: ReadProc, table: SocketTable, owners: SocketOwners): Known<Socket[]> {
  const content = read(`thread-self/net/${table.file}`)
  if (typeof content === 'string') return parseSocketTable(content, table, owners)
  return content.errno === 'ENOENT' ? [] : unknown(`/proc/net/${table.file}: ${reasonOf(content)}`)
}

/** One malformed line makes the whole table unknown: a socket left out would read as a closed port. */
export function parseSocketTable(content: string, table: SocketTable, owners: SocketOwners): Known<Socket[]> {
  const sockets: Socket[] = []
  for (const [at, line] of content.split('\n').slice(1).entries()) {
    if (line.trim() === '') continue
    const socket = parseLine(line, table, owners)
    if (socket === null) return unknown(`line ${at + 2} of /proc/net/${table.file} is malformed`)
    sockets.push(socket)
  }
  return sockets
}

/**
 * `  0: 0100007F:1F90 00000000:0000 0A 00000000:00000000 00:00000000 00000000  1000  0 12345 …`: slot, local,
 * remote, state, tx:rx queue, timer, retransmits, uid, timeout, inode (Documentation/networking/proc_net_tcp.rst).
 */
const linePattern =
  /^\s*\d+: ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{8}|[0-9A-F]{32}):([0-9A-F]{4}) ([0-9A-F]{2}) ([0-9A-F]{8}):([0-9A-F]{8}) \S+ \S+\s+(\d{1,10})\s+-?\d+ (\d{1,20})(?:\s|$)/

function parseLine(line: string, { family, protocol }: SocketTable, owners: SocketOwners): Socket | null {
  const match = linePattern.exec(line)
  if (match === null) return null
  const [, local = '', localPort = '', remote = '', remotePort = '', state = '', tx = '', rx = ''] = match
  const [uid = '', inode = ''] = match.slice(8)
  const digits = family === 'inet' ? 8 : 32
  if (local.length !== digits || remote.length !== digits) return null
  const connected = /[^0]/.test(remote + remotePort)
  return {
    family,
    protocol,
    local: { address: procAddress(local), port: parseInt(localPort, 16) },
    remote: connected ? { address: procAddress(remote), port: parseInt(remotePort, 16) } : null,
    state: socketState(parseInt(state, 16)),
    boundTo: null,
    v6only: null,
    uid: Number(uid),
    inode,
    recvQueue: parseInt(rx, 16),
    sendQueue: parseInt(tx, 16),
    process: owners(inode),
  }
}

/**
 * An address is printed as 32-bit numbers of the machine, though it lies in memory in network order: on a
 * little-endian machine the bytes of each number are turned around.
 */
export function procAddress(hex: string, order: 'LE' | 'BE' = endianness()): string {
  const bytes = Buffer.from(hex, 'hex')
  if (order === 'LE') bytes.swap32()
  if (bytes.length === 4) return bytes.join('.')
  return formatIp({ family: 'inet6', value: BigInt(`0x${bytes.toString('hex')}`) })
}
