/** A command line that people type to see the same: how it gets into the namespace, and quoted as a shell needs it. */
import { quoted } from '../lib/quoted.ts'
import { isHidden } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'

/** What ip-netns(8) calls it; null: it has no name there. */
export function ipName(netns: Netns): string | null {
  const named = netns.names.find(
    (name) => name.source === 'named' && /^\/(var\/)?run\/netns\/[^/]+$/.test(name.path ?? ''),
  )
  return named?.name ?? null
}

/** `command` is already a command line. null: no file leads there. */
export function insideCommand(world: World, netns: Netns, command: string): string | null {
  if (netns.id === world.host) return command
  if (isHidden(netns.id)) return null
  const name = ipName(netns)
  if (name !== null) return `ip netns exec ${quoted(name)} ${command}`
  const pid = netns.holders.processes[0]
  if (pid !== undefined) return `nsenter -t ${pid} -n ${command}`
  const thread = netns.holders.threads[0]
  if (thread !== undefined) return `nsenter --net=/proc/${thread.pid}/task/${thread.tid}/ns/net ${command}`
  const mount = netns.holders.mounts.find((mount) => mount.mountNamespace === null)
  if (mount !== undefined) return `nsenter --net=${quoted(mount.path)} ${command}`
  const open = netns.holders.fds[0]
  if (open !== undefined) return `nsenter --net=/proc/${open.pid}/fd/${open.fd} ${command}`
  const path = netns.names.find((name) => name.path !== null)?.path ?? null
  return path === null ? null : `nsenter --net=${quoted(path)} ${command}`
}
