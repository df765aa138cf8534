/** The command that shows the same as a sheet of the Namespaces screen, run where that namespace is. */
import { insideCommand, ipName } from '../../derive/inside-command.ts'
import { quoted } from '../../lib/quoted.ts'
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { World } from '../../model/world.ts'

/** In the order in which they are run; of one that is missing the others still tell. */
const commands: Readonly<Record<string, readonly string[]>> = {
  overview: ['ip addr'],
  links: ['ip -d link'],
  // With `table all` both families are told; of the rules each has to be asked for.
  routes: ['ip route show table all', 'ip rule', 'ip -6 rule'],
  neighbours: ['ip neigh show nud all'],
  sockets: ['ss -tuapn'],
  sysctls: ['sysctl net'],
  // -s: the file in which nstat remembers what it told last stays as it is.
  drops: ['ip -s -s link', 'nstat -asz'],
  queues: ['tc -s qdisc', 'ip xfrm policy'],
}

/** null: nothing outside of this program shows it. */
export function namespaceCommand(world: World, netns: Netns, sheet: string): string | null {
  if (sheet === 'processes') return processesCommand(world, netns)
  if (sheet === 'dns') return dnsCommand(world, netns)
  const [first = 'ip addr', ...more] = commands[sheet] ?? []
  const all = [first, ...more].join('; ')
  // One `ip netns exec` or nsenter for all of them needs a shell in there.
  return insideCommand(world, netns, more.length === 0 || netns.id === world.host ? all : `sh -c '${all}'`)
}

/** Who is in it is asked from outside: what runs inside has the same processes in sight. */
function processesCommand(world: World, netns: Netns): string | null {
  const name = netns.id === world.host ? null : ipName(netns)
  if (name !== null) return `ip netns pids ${quoted(name)}`
  return /^\d+$/.test(netns.id) ? `lsns -o PID,PPID,USER,COMMAND ${netns.id}` : null
}

/**
 * What a process finds in its /etc lies in its mount namespace, which entering the network alone does not lead to. Only
 * `ip netns exec` puts files over those of /etc.
 */
function dnsCommand(world: World, netns: Netns): string | null {
  const all = world.dns.filter(({ netns: ids }) => ids.includes(netns.id))
  const entry = all.find(({ resolvConf }) => !isUnknown(resolvConf)) ?? all[0]
  if (entry !== undefined && entry.path.startsWith('/proc/'))
    return `cat ${quoted(`${entry.path}/etc/resolv.conf`)}`
  return netns.id === world.host || ipName(netns) !== null
    ? insideCommand(world, netns, 'cat /etc/resolv.conf')
    : null
}
