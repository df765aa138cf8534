/** A namespace that is seen by the processes in it, but which may not be opened, so that not even its inode is known. */
import { olderFirst, processName } from './found.ts'
import type { Refused, Scan } from './scan.ts'
import { unreadableNetnsId, type NetnsId } from '../../model/ids.ts'
import { unknown, type Unknown } from '../../model/known.ts'
import type { Holders, NetnsName } from '../../model/netns.ts'

export type UnreadableNetns = {
  readonly id: NetnsId
  readonly names: readonly NetnsName[]
  readonly holders: Holders
  /** Why it cannot be entered. */
  readonly readable: Unknown
  readonly userNamespace: Unknown
}

/**
 * It may be the same as a namespace found by its mount: the two can only be joined by entering. The reason says so
 * to whoever reads it.
 */
export function unreadableNetns(group: Refused, { proc }: Pick<Scan, 'proc'>): UnreadableNetns {
  const processes = [...group.processes].sort(olderFirst)
  const [oldest] = processes
  const hasFirst = processes.some(({ pid }) => pid === 1)
  const names: NetnsName[] = hasFirst ? [{ name: 'init', source: 'init', path: null }] : []
  if (oldest !== undefined) names.push(processName(oldest, false, proc))
  else if (group.threads[0] !== undefined) names.push(threadName(group.threads[0]))
  return {
    id: unreadableNetnsId(group.mark),
    names,
    holders: {
      processes: processes.map(({ pid }) => pid),
      threads: group.threads,
      fds: [],
      sockets: [],
      mounts: [],
    },
    readable: unknown('permission denied; it may be one of the named namespaces'),
    userNamespace: unknown('permission denied'),
  }
}

function threadName({ pid, tid }: { readonly pid: number; readonly tid: number }): NetnsName {
  return { name: `PID ${pid} thread ${tid}`, source: 'thread', path: null }
}
