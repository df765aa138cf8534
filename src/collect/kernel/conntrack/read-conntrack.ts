/**
 * Connection tracking of one namespace over nfnetlink (what conntrack -L and -S ask). Nothing is kept open, so it can
 * be called as often as a screen shows it. Looking loads no module: what is not there already is not asked.
 */
import { inOneGo, type Pieces } from '../../../lib/in-pieces.ts'
import type { Connection, Conntrack } from '../../../model/connection.ts'
import { isUnknown, unknown, type Known, type Unknown } from '../../../model/known.ts'
import { readModules, type KernelModules } from '../../facts/modules.ts'
import { NETLINK_NETFILTER, protocolsEverywhere } from '../details/netlink-protocols.ts'
import { readProc, reasonOf } from '../details/read-proc.ts'
import { inside } from '../inside.ts'
import type { Libc } from '../libc.ts'
import { header } from '../netlink/build.ts'
import { describeNetlinkError, openNetlink, type Netlink } from '../netlink/socket.ts'
import type { Entrance, Opened } from '../open-namespace.ts'
import { dumpInPieces } from './dump-in-pieces.ts'
import { nfgenmsgSize, parseConnection } from './parse-connection.ts'
import { parseStats, summed } from './parse-stats.ts'

/** The subsystem in the upper byte, the message in the lower one (linux/netfilter/nfnetlink.h). */
const ctnetlink = 1 << 8
const IPCTNL_MSG_CT_GET = 1
const IPCTNL_MSG_CT_GET_STATS_CPU = 4
/** Family AF_UNSPEC: IPv4 and IPv6 in one dump. */
const request = header(nfgenmsgSize)

export type ConntrackWanted = {
  /** Also each connection: 0.1 s for twenty thousand. Otherwise `entries` is empty only if the table is. */
  readonly entries: boolean
  /** The most entries that are kept; `count` tells how many there are. */
  readonly limit?: number
}

/** `target` null: the namespace that this thread is in. */
export function readConntrack(libc: Libc, target: Entrance | null, wanted: ConntrackWanted): Conntrack {
  return inOneGo(readConntrackInPieces(libc, target, wanted))
}

/** The same for a thread that has to listen meanwhile. Until it is through, or given up, the namespace stays open. */
export function* readConntrackInPieces(
  libc: Libc,
  target: Entrance | null,
  wanted: ConntrackWanted,
): Pieces<Conntrack> {
  const opened: Opened<Begun> =
    target === null ? { ok: true, value: begin(libc) } : inside(libc, target, () => begin(libc))
  if (!opened.ok) return nothing(unknown(opened.failure.unknown))
  const { count, max, netlink } = opened.value
  // The socket stays in its namespace; the thread is home again.
  if (isUnknown(netlink)) return { ...nothing(netlink), count, max }
  try {
    const stats = readStats(netlink)
    return { count, max, stats, entries: yield* readEntries(libc, netlink, count, wanted) }
  } finally {
    netlink.close()
  }
}

function nothing(reason: Unknown): Conntrack {
  return { count: reason, max: reason, stats: reason, entries: reason }
}

type Begun = Pick<Conntrack, 'count' | 'max'> & { readonly netlink: Known<Netlink> }

/** What must be done on a thread that is inside the namespace. */
function begin(libc: Libc): Begun {
  const count = sysctl('nf_conntrack_count')
  const max = sysctl('nf_conntrack_max')
  const refusal = refusalToAsk(count)
  if (refusal !== null) return { count, max, netlink: refusal }
  const opened = openNetlink(libc, NETLINK_NETFILTER)
  return { count, max, netlink: opened.ok ? opened.value : unknown(opened.failure.unknown) }
}

function sysctl(name: string): Known<number> {
  const content = readProc(`sys/net/netfilter/${name}`)
  if (typeof content !== 'string') return unknown(reasonOf(content, 'nf_conntrack is not loaded'))
  return /^\d{1,10}\n$/.test(content) ? Number(content) : unknown(`${name} is malformed`)
}

/**
 * Why nothing may be asked over netlink: a socket of a protocol, or a message to a subsystem, that is not there makes
 * the kernel load a module for it.
 */
function refusalToAsk(count: Known<number>): Unknown | null {
  if (isUnknown(count)) return count
  const found = readModules()
  const modules = isUnknown(found) ? null : found
  const protocols = protocolsEverywhere(readProc, modules)
  if (protocols === null) return unknown('/proc/net/netlink cannot be read')
  if (!protocols.has(NETLINK_NETFILTER)) return unknown('nfnetlink is not loaded')
  return mayAsk(modules)
    ? null
    : unknown('nf_conntrack_netlink is not loaded (modprobe nf_conntrack_netlink makes connections readable)')
}

/** A kernel that cannot load modules says EINVAL where it has none. */
export function mayAsk(modules: KernelModules | null): boolean {
  return modules !== null && (!modules.loadable || modules.has('nf_conntrack_netlink') === true)
}

function readStats(netlink: Netlink): Conntrack['stats'] {
  const answer = netlink.dump(ctnetlink | IPCTNL_MSG_CT_GET_STATS_CPU, request, parseStats)
  return answer.ok ? summed(answer.values) : unknown(describeNetlinkError(answer.error))
}

function* readEntries(
  libc: Libc,
  netlink: Netlink,
  count: Known<number>,
  { entries, limit = Infinity }: ConntrackWanted,
): Pieces<Known<readonly Connection[]>> {
  if (!entries) return count === 0 ? [] : unknown('not asked for')
  // The last that is asked of this socket: what is above the limit stays unread.
  const get = ctnetlink | IPCTNL_MSG_CT_GET
  const values = yield* dumpInPieces(libc, netlink, get, request, parseConnection, limit)
  if ('errno' in values) return unknown(describeNetlinkError(values))
  return values.length > limit ? values.slice(0, limit) : values
}
