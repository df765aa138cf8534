/**
 * All sockets of the namespace: from sock_diag where its reader is loaded already (looking must load nothing), else
 * from the tables of /proc/net, protocol by protocol.
 */
import { isUnknown, type Known } from '../../../model/known.ts'
import type { Socket } from '../../../model/socket.ts'
import type { KernelModules } from '../../facts/modules.ts'
import type { Libc } from '../libc.ts'
import { openNetlink, type Netlink, type NetlinkError } from '../netlink/socket.ts'
import { readDiagSockets, readDiagTcp } from './diag-sockets.ts'
import { NETLINK_SOCK_DIAG } from './netlink-protocols.ts'
import { readSocketTable, socketTables, type SocketTable } from './proc-sockets.ts'
import type { ReadProc } from './read-proc.ts'
import type { SocketOwners } from './socket-owners.ts'

const diagModules: Readonly<Record<string, string>> = {
  tcp: 'tcp_diag',
  udp: 'udp_diag',
  udplite: 'udp_diag',
  raw: 'raw_diag',
}

/** `modules` null: nothing is known about them, so nothing is asked that might load one. */
export function readSockets(
  libc: Libc,
  read: ReadProc,
  modules: KernelModules | null,
  protocols: ReadonlySet<number> | null,
  owners: SocketOwners,
): Known<Socket[]> {
  const diag = openDiag(libc, protocols)
  /** Both families at once. */
  let tcp: Socket[] | NetlinkError | null = null
  const ask = (table: SocketTable): Socket[] | null => {
    if (diag === null || modules === null || !mayAsk(modules, table)) return null
    if (table.protocol !== 'tcp') return socketsIn(readDiagSockets(diag, table, owners))
    tcp ??= readDiagTcp(diag, owners)
    return socketsIn(tcp)?.filter(({ family }) => family === table.family) ?? null
  }
  try {
    return collectSockets(ask, (table) => readSocketTable(read, table, owners))
  } finally {
    diag?.close()
  }
}

function socketsIn(answer: Socket[] | NetlinkError): Socket[] | null {
  return Array.isArray(answer) ? answer : null
}

/** From /proc alone, for who has no FFI. */
export function readProcSockets(read: ReadProc, owners: SocketOwners): Known<Socket[]> {
  return collectSockets(
    () => null,
    (table) => readSocketTable(read, table, owners),
  )
}

/** A table that can be read in neither way makes the whole unknown: its sockets would be missing from the list. */
function collectSockets(
  first: (table: SocketTable) => Socket[] | null,
  second: (table: SocketTable) => Known<Socket[]>,
): Known<Socket[]> {
  const sockets: Socket[] = []
  for (const table of socketTables) {
    const found = first(table) ?? second(table)
    if (isUnknown(found)) return found
    for (const socket of found) sockets.push(socket)
  }
  return sockets
}

function openDiag(libc: Libc, protocols: ReadonlySet<number> | null): Netlink | null {
  if (protocols?.has(NETLINK_SOCK_DIAG) !== true) return null
  const opened = openNetlink(libc, NETLINK_SOCK_DIAG)
  return opened.ok ? opened.value : null
}

function mayAsk(modules: KernelModules, { protocol }: SocketTable): boolean {
  const module = diagModules[protocol]
  if (module === undefined) return false
  return !modules.loadable || (modules.has('inet_diag') === true && modules.has(module) === true)
}
