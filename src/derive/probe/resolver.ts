/** Which files tell a program inside a namespace how names are resolved: its own in /etc/netns, else those of a process. */
import { isUnknown, listOf, type Known } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Dns } from '../../model/process.ts'
import type { Resolver } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { allContainers } from '../containers.ts'

type File = 'resolvConf' | 'hosts' | 'nsswitch'

export function resolverOf(world: World, netns: Netns): Resolver {
  const named = world.dns.find(({ path, netns: ids }) => path.startsWith(folder) && ids.includes(netns.id))
  const host = ofProcesses(world, world.host)
  const main = named ?? ofProcesses(world, netns.id) ?? host
  // `ip netns exec` puts only those files over the host's that are there.
  const entries = [main, named === undefined ? undefined : host].filter((each) => each !== undefined)
  const text = (of: File): string | null => {
    const value = entries.map((each) => each[of]).find((each) => !isUnknown(each))
    return value === undefined || isUnknown(value) ? null : value
  }
  const whyNot = (of: File): string | null => {
    const why = entries.map((each) => each[of]).find(isUnreadable)
    return text(of) !== null || why === undefined || !isUnknown(why) ? null : why.unknown
  }
  const [resolvConf, hosts] = [whyNot('resolvConf'), whyNot('hosts')]
  return {
    from: main?.path ?? '',
    resolvConf: text('resolvConf'),
    hosts: text('hosts'),
    nsswitch: text('nsswitch'),
    ...(resolvConf === null && hosts === null ? {} : { unread: { resolvConf, hosts } }),
  }
}

const folder = '/etc/netns/'

/** It is there, as far as can be told, and could not be read. */
function isUnreadable(value: Known<string>): boolean {
  return isUnknown(value) && value.unknown !== 'not there' && !value.unknown.startsWith('nsswitch.conf has')
}

/**
 * Of several processes in it that each see an /etc of their own: that of the container whose namespace it is, else that of
 * the oldest one.
 */
function ofProcesses(world: World, id: Netns['id']): Dns | undefined {
  const own = world.dns.filter(({ path, netns }) => !path.startsWith(folder) && netns.includes(id))
  if (own.length < 2) return own[0]
  const processes = listOf(world.processes)
  const pids = allContainers(world)
    .filter(({ container }) => container.netns === id && id !== world.host)
    .toSorted((a, b) => Number(a.container.joins !== null) - Number(b.container.joins !== null))
    .flatMap(({ container }) => processes.find(({ pid }) => pid === container.pid) ?? [])
  const oldest = processes
    .filter(({ netns }) => netns === id)
    .toSorted((a, b) => a.startTime - b.startTime || a.pid - b.pid)
  for (const { namespaces } of [...pids, ...oldest]) {
    const mount = isUnknown(namespaces) ? undefined : namespaces['mnt']
    const found = own.find(({ mountNamespace }) => mountNamespace === mount)
    if (found !== undefined) return found
  }
  return own[0]
}
