/** Names that engines give to namespaces: those of the containers in them. Pure. */
import type { Container, Engine, EngineName, EngineNetwork } from '../../model/engine.ts'
import type { NetnsId } from '../../model/ids.ts'
import { isUnknown, listOf } from '../../model/known.ts'
import type { NameSource, NetnsName } from '../../model/netns.ts'

type Named = { readonly id: NetnsId; readonly names: readonly NetnsName[] }

const sources: Readonly<Record<EngineName, NameSource>> = {
  docker: 'docker',
  podman: 'podman',
  containerd: 'cri',
  cri: 'cri',
  lxc: 'cri',
  nspawn: 'cri',
  lab: 'lab',
  cni: 'cri',
}

/**
 * The same namespaces with the names of their containers before those they have; one that gets none stays the same object.
 * Containers in the namespace of their own engine (mode host) do not name it: it is the host's.
 */
export function withEngineNames<T extends Named>(
  netns: readonly T[],
  engines: readonly Engine[],
): readonly T[] {
  const byNetns = namesByNetns(engines)
  const networks = engines.flatMap((each) => listOf(each.networks))
  return netns.map((each) => {
    const names = [...(byNetns.get(each.id) ?? []), ...sandboxNames(each.names, networks)]
    const added = names.filter((name) => !each.names.some((had) => isSame(had, name)))
    return added.length === 0 ? each : { ...each, names: [...added, ...each.names] }
  })
}

function isSame(one: NetnsName, other: NetnsName): boolean {
  return one.name === other.name && one.source === other.source
}

function namesByNetns(engines: readonly Engine[]): ReadonlyMap<NetnsId, readonly NetnsName[]> {
  const names = new Map<NetnsId, NetnsName[]>()
  for (const engine of engines) {
    const source = sources[engine.engine]
    // Its bridges are in a namespace of its own, whose first process is called exe.
    if (engine.engine === 'docker' && engine.rootless && engine.version !== null && engine.netns !== null)
      names.set(engine.netns, [{ name: 'rootless docker', source, path: null }])
    // Who has the namespace before who joined it: the first is what the namespace is called.
    for (const container of listOf(engine.containers).toSorted(ownersFirst)) {
      const { netns, pid, name, modeKind, joins, pod } = container
      if (netns === null || isUnknown(netns) || modeKind === 'host' || netns === engine.netns) continue
      const path = pid === null ? null : `/proc/${pid}/ns/net`
      const own = names.get(netns) ?? []
      // The pod's own container has a name that nobody chose.
      if (pod !== undefined && joins === null) own.push({ name: pod, source, path })
      own.push({ name: name === '' ? container.id.slice(0, 12) : name, source, path })
      names.set(netns, own)
    }
  }
  return names
}

function ownersFirst(one: Container, other: Container): number {
  return Number(one.joins !== null) - Number(other.joins !== null)
}

/** Swarm's hidden namespaces: `1-` and `lb_` with the beginning of a network's id (libnetwork's overlay driver and service). */
function sandboxNames(names: readonly NetnsName[], networks: readonly EngineNetwork[]): readonly NetnsName[] {
  return names.flatMap(({ name, source, path }) => {
    const [, kind, id] = /^(\d+-|lb_)([0-9a-z]{9,})$/.exec(name) ?? []
    if (source !== 'docker' || kind === undefined || id === undefined) return []
    const network = networks.find((each) => each.driver === 'overlay' && each.id.startsWith(id))
    if (network === undefined) return []
    const what = kind === 'lb_' ? 'load balancer' : 'overlay'
    return [{ name: `${network.name} (${what})`, source, path }]
  })
}
