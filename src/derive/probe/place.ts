/** A namespace of the World as a place that a probe can start from: what leads there, best first. */
import { failed, succeeded, type Outcome } from '../../lib/failure.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { Netns } from '../../model/netns.ts'
import type { Place, PlaceFiles } from '../../model/probe.ts'
import type { World } from '../../model/world.ts'
import { displayNames } from '../netns-name.ts'

/** How many processes are tried: the oldest may have ended. */
const processesTried = 3

export function placeOf(world: World, netns: Netns): Outcome<Place> {
  const name = displayNames(world.netns).get(netns.id) ?? netns.id
  const { dev, holders, names, readable } = netns
  const user = userOf(world, netns)
  // Who is not root may be root in there: nsenter finds out.
  if (dev === null || (readable !== true && user === null)) {
    const why = readable === true ? 'no file leads there' : readable.unknown
    return failed({
      kind: 'permission',
      what: `cannot enter netns "${name}": ${why}`,
      subject: name,
      hint: 'run as root or grant cap_sys_admin',
    })
  }
  const paths = [
    ...names.flatMap(({ path }) => path ?? []),
    ...holders.processes.slice(0, processesTried).map((pid) => `/proc/${pid}/ns/net`),
  ]
  const files = filesOf(world, netns)
  return succeeded({
    netns: { id: netns.id, name },
    dev,
    paths: [...new Set(paths)],
    sockets: holders.sockets,
    user,
    ...(files === undefined ? {} : { files }),
  })
}

/** Best a process that is in the namespace's own user namespace, and not below it. */
function userOf(world: World, { userNamespace, holders }: Netns): Place['user'] {
  const host = world.netns.find(({ id }) => id === world.host)?.userNamespace
  if (host === undefined || isUnknown(host) || isUnknown(userNamespace) || userNamespace === host) return null
  const here = new Set(holders.processes)
  const owners = listOf(world.processes).find(
    ({ pid, namespaces }) => here.has(pid) && !isUnknown(namespaces) && namespaces['user'] === userNamespace,
  )
  const pid = owners?.pid ?? holders.processes[0]
  return pid === undefined ? null : { pid }
}

/** Where `ip netns exec` looks, else a process that does not see the host's own files. */
function filesOf(world: World, netns: Netns): PlaceFiles | undefined {
  if (netns.id === world.host) return undefined
  const own = world.dns.filter((each) => each.netns.includes(netns.id))
  const named = own.find(({ path }) => path.startsWith('/etc/netns/'))
  if (named !== undefined) return { folder: named.path }
  const others = own.filter((each) => !each.netns.includes(world.host))
  const best = others.find(({ resolvConf }) => !isUnknown(resolvConf)) ?? others[0]
  const pid = /^\/proc\/(\d+)\/root$/.exec(best?.path ?? '')?.[1]
  if (best === undefined || pid === undefined) return undefined
  return { pid: Number(pid), mountNamespace: best.mountNamespace }
}
