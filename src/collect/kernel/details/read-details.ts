/**
 * The dear part of one namespace. Everything here is synchronous, and runs on a thread that is inside that
 * namespace (inside.ts): /proc/sys/net, /proc/thread-self/net and new sockets are then its own.
 */
import { isUnknown, unknown, type Known } from '../../../model/known.ts'
import type { NetnsDetails } from '../../../model/netns.ts'
import type { Program } from '../../../model/traffic-control.ts'
import type { DetailsPart } from '../../reader.ts'
import { readModules } from '../../facts/modules.ts'
import type { Libc } from '../libc.ts'
import { openRtnetlink, type Netlink } from '../netlink/socket.ts'
import { readCounters } from './counters.ts'
import { readFilters, type FoundFilter } from './filters.ts'
import { readPrograms } from './programs.ts'
import { readQdiscs } from './qdiscs.ts'
import { protocolsEverywhere } from './netlink-protocols.ts'
import { readProc } from './read-proc.ts'
import { readSockets } from './read-sockets.ts'
import { withSysNet } from './read-sys-net.ts'
import { socketOwners, type SocketProcess } from './socket-owners.ts'
import { readSysctls } from './sysctls.ts'
import { readXfrmPolicies } from './xfrm-policies.ts'

export type DetailsContext = {
  readonly libc: Libc
  /** The processes in this namespace, oldest first: its sockets are looked for in their files. */
  readonly processes: readonly SocketProcess[]
  /** These alone; absent: all. */
  readonly only?: readonly DetailsPart[] | undefined
}

const notRead = unknown('nobody asked for it')

/** Each part on its own: one that cannot be read is a reason, and never stops the others. */
export function readDetails({ libc, processes, only }: DetailsContext): NetnsDetails {
  const found = readModules()
  const modules = isUnknown(found) ? null : found
  const protocols = protocolsEverywhere(readProc, modules)
  const wanted = <T>(name: DetailsPart, read: () => Known<T>): Known<T> =>
    only?.includes(name) === false ? notRead : part(read)
  const sockets = () => readSockets(libc, readProc, modules, protocols, socketOwners(processes))
  return {
    sysctls: wanted('sysctls', () => withSysNet((read) => readSysctls(read))),
    counters: wanted('counters', () => readCounters(readProc)),
    sockets: wanted('sockets', sockets),
    xfrmPolicies: wanted('xfrmPolicies', () => readXfrmPolicies(libc, readProc, protocols)),
    ...(only === undefined ? readTrafficControl(libc, processes) : noTrafficControl),
  }
}

type TrafficControl = Pick<NetnsDetails, 'qdiscs' | 'filters' | 'programs'>

const noTrafficControl: TrafficControl = { qdiscs: notRead, filters: notRead, programs: notRead }

function readTrafficControl(libc: Libc, processes: readonly SocketProcess[]): TrafficControl {
  const opened = openRtnetlink(libc)
  if (!opened.ok) {
    const reason = unknown(opened.failure.unknown)
    return { qdiscs: reason, filters: reason, programs: reason }
  }
  const socket = opened.value
  try {
    const qdiscs = part(() => readQdiscs(socket))
    const filters = isUnknown(qdiscs) ? qdiscs : part(() => readFilters(socket, qdiscs))
    return {
      qdiscs: isUnknown(qdiscs) ? qdiscs : qdiscs.map(({ qdisc }) => qdisc),
      filters: isUnknown(filters) ? filters : filters.map(({ filter }) => filter),
      programs: part(() => allPrograms(libc, socket, processes, filters)),
    }
  } finally {
    socket.close()
  }
}

/** Programs in tc filters are known from the filters. */
function allPrograms(
  libc: Libc,
  socket: Netlink,
  processes: readonly SocketProcess[],
  filters: Known<readonly FoundFilter[]>,
): Known<Program[]> {
  if (isUnknown(filters)) return filters
  const attached = readPrograms(libc, socket, readProc, processes)
  if (isUnknown(attached)) return attached
  return [...attached, ...filters.flatMap(({ programs }) => programs)]
}

/** A mistake in one parser must not cost the other parts. */
function part<T>(read: () => Known<T>): Known<T> {
  try {
    return read()
  } catch (error) {
    return unknown(`could not be read: ${error instanceof Error ? error.message : String(error)}`)
  }
}
