/**
 * The dear details without FFI: a thread cannot enter another namespace then, but a child can. One `grep` in the
 * namespace prints the files of /proc that are wanted, each line with its file's name in front; from there on
 * the same parsers work. What needs a netlink socket inside is unknown.
 */
import { run } from '../../lib/run.ts'
import { unknown, type Known } from '../../model/known.ts'
import type { NetnsDetails } from '../../model/netns.ts'
import { readCounters } from '../kernel/details/counters.ts'
import { socketTables } from '../kernel/details/proc-sockets.ts'
import type { ProcError, ReadProc } from '../kernel/details/read-proc.ts'
import { readProcSockets } from '../kernel/details/read-sockets.ts'
import { socketOwners, type SocketProcess } from '../kernel/details/socket-owners.ts'
import { netnsSysctls, readSysctls, sysctlPath } from '../kernel/details/sysctls.ts'
import type { ReadFailure } from '../reader.ts'
import { entering } from './batch.ts'
import { entryRefused } from './entry-refused.ts'

const wanted: readonly string[] = [
  ...['snmp', 'netstat', 'snmp6'].map((file) => `thread-self/net/${file}`),
  ...socketTables.map(({ file }) => `thread-self/net/${file}`),
  ...netnsSysctls.map(sysctlPath),
]

const needsNetlink = unknown('the ip reader does not read it; netlink does')

/** `processes`: those in the namespace, oldest first, for the owners of its sockets. */
export async function readDetailsThrough(
  netnsPath: string | null,
  processes: readonly SocketProcess[],
): Promise<NetnsDetails | ReadFailure> {
  const read = await readFiles(netnsPath)
  if (typeof read === 'object') return read
  const ofFiles = <T>(parse: (proc: ReadProc) => Known<T>): Known<T> =>
    typeof read === 'string' ? unknown(read) : parse(read)
  return {
    sysctls: ofFiles((proc) => readSysctls(proc)),
    counters: ofFiles(readCounters),
    sockets: ofFiles((proc) => readProcSockets(proc, socketOwners(processes))),
    qdiscs: needsNetlink,
    filters: needsNetlink,
    xfrmPolicies: needsNetlink,
    programs: needsNetlink,
  }
}

/** A text: why no file could be read. A failure: the namespace could not be entered. */
async function readFiles(netnsPath: string | null): Promise<ReadProc | string | ReadFailure> {
  const files = wanted.map((path) => `/proc/${path}`)
  const result = await run([...entering(netnsPath), 'grep', '-H', '', '--', ...files])
  const closed = entryRefused(result.stderr)
  if (closed !== null) return closed
  // grep: 0 lines found, 1 none, 2 some file failed; anything else is nsenter's.
  if (result.exitCode === null || result.exitCode > 2) return result.problem ?? result.stderr.trim()
  const contents = new Map<string, string[]>()
  for (const line of result.stdout.split('\n')) {
    // None of the wanted names has a colon.
    const colon = line.indexOf(':')
    if (colon < 0) continue
    const path = line.slice('/proc/'.length, colon)
    const lines = contents.get(path)
    if (lines === undefined) contents.set(path, [line.slice(colon + 1)])
    else lines.push(line.slice(colon + 1))
  }
  const errors = new Map(result.stderr.split('\n').flatMap((line) => refusal(line) ?? []))
  return (path) => contents.get(path)?.join('\n').concat('\n') ?? errors.get(path) ?? ''
}

/** `grep: /proc/sys/net/bridge/…: No such file or directory`, as strerror(3) says it under LC_ALL=C. */
function refusal(line: string): readonly [readonly [string, ProcError]] | null {
  const match = /^grep: \/proc\/([^:]+): (.+)$/.exec(line)
  if (match === null) return null
  const [, path = '', reason = ''] = match
  const errnos: { readonly [reason: string]: string } = {
    'No such file or directory': 'ENOENT',
    'Permission denied': 'EACCES',
    'Operation not permitted': 'EPERM',
  }
  return [[path, { errno: errnos[reason] ?? 'EIO' }]]
}
