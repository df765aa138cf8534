/** Which files tell a program inside a namespace how names are resolved: its own in /etc/netns, else those of a process. */
import { isUnknown } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Dns } from '../../model/process.ts'
import type { Resolver } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'

export function resolverOf(world: World, netns: Netns): Resolver {
  const own = world.dns.filter((each) => each.netns.includes(netns.id))
  const named = own.find(({ path }) => path.startsWith('/etc/netns/'))
  const host = world.dns.find(
    (each) => each.netns.includes(world.host) && !each.path.startsWith('/etc/netns/'),
  )
  const processes = own.find(({ path }) => path.startsWith('/proc/'))
  const main = named ?? processes ?? host
  const text = (of: 'resolvConf' | 'hosts' | 'nsswitch'): string | null => {
    // `ip netns exec` puts only those files over the host's that are there.
    const found = [main, named === undefined ? undefined : host].find(
      (each): each is Dns => each !== undefined && !isUnknown(each[of]),
    )
    const value = found?.[of]
    return value === undefined || isUnknown(value) ? null : value
  }
  return {
    from: main?.path ?? '',
    resolvConf: text('resolvConf'),
    hosts: text('hosts'),
    nsswitch: text('nsswitch'),
  }
}
