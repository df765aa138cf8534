/** Who keeps a namespace alive, in a few words. */
import { isHidden } from '../../model/ids.ts'
import { processCount } from '../../derive/process-count.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'

const comms = new WeakMap<object, ReadonlyMap<number, string>>()

function commOf(world: World | null, pid: number): string {
  if (world === null) return 'pid'
  const key = world.processes
  let map = comms.get(key)
  if (map === undefined) {
    map = new Map(listOf(world.processes).map((process) => [process.pid, process.comm]))
    comms.set(key, map)
  }
  return map.get(pid) ?? 'pid'
}

/**
 * `nginx 812 and 3 more`; where no process is in it: `a file of sshd 77, no process`; where that is not
 * known: `its name; processes not known`. Stands behind “held by”. Outside text.
 */
export function holderText(netns: Netns, world: World | null): string {
  const { processes, threads, fds, sockets, mounts } = netns.holders
  const who = (pid: number): string => `${commOf(world, pid)} ${pid}`
  const [first] = processes
  if (first !== undefined) {
    return processes.length === 1 ? who(first) : `${who(first)} and ${processes.length - 1} more`
  }
  const [thread] = threads
  if (thread !== undefined) return `only a thread of ${who(thread.pid)}`
  const isOpen = world !== null && isUnknown(processCount(world, netns))
  const none = isOpen ? 'processes not known' : 'no process'
  const [open] = fds
  if (open !== undefined) return `a file of ${who(open.pid)}, ${none}`
  const [socket] = sockets
  if (socket !== undefined) return `a socket of ${who(socket.pid)}, ${none}`
  if (mounts.length > 0 || netns.names.some((name) => name.source === 'named'))
    return isOpen ? 'its name; processes not known' : 'nobody, kept by its name'
  return isHidden(netns.id) ? 'hidden: no path there' : 'no process that can be seen'
}
