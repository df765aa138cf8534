/** The command that shows the same thing, so that nobody has to believe this screen. */
import { isHidden } from '../../model/ids.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'
import type { Subject } from './subject.ts'

/** null: no command leads there. */
export function commandOf(world: World, subject: Subject): string | null {
  if (subject?.kind === 'link') {
    const name = quoted(subject.link.name)
    return inside(world, subject.netns, `-d link show ${name}`)
  }
  if (subject?.kind === 'netns') return inside(world, subject.netns, 'addr')
  return null
}

function inside(world: World, netns: Netns, what: string): string | null {
  if (netns.id === world.host) return `ip ${what}`
  if (isHidden(netns.id)) return null
  const named = netns.names.find(
    (name) => name.source === 'named' && /^\/(var\/)?run\/netns\/[^/]+$/.test(name.path ?? ''),
  )
  if (named !== undefined) return `ip netns exec ${quoted(named.name)} ip ${what}`
  const pid = netns.holders.processes[0]
  if (pid !== undefined) return `nsenter -t ${pid} -n ip ${what}`
  const thread = netns.holders.threads[0]
  if (thread !== undefined) return `nsenter --net=/proc/${thread.pid}/task/${thread.tid}/ns/net ip ${what}`
  const mount = netns.holders.mounts.find((mount) => mount.mountNamespace === null)
  if (mount !== undefined) return `nsenter --net=${quoted(mount.path)} ip ${what}`
  const open = netns.holders.fds[0]
  if (open !== undefined) return `nsenter --net=/proc/${open.pid}/fd/${open.fd} ip ${what}`
  const path = netns.names.find((name) => name.path !== null)?.path ?? null
  return path === null ? null : `nsenter --net=${quoted(path)} ip ${what}`
}

/** As a shell needs it, where it holds more than plain characters. */
function quoted(word: string): string {
  return /^[\w@%+=:,./-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}
