/**
 * Containers that no engine told of, because none was there to ask or it did not answer: what their processes show, and
 * what their runtime's bundles say. Only those that run are seen so, and of their networks nothing.
 */
import type { Container, Engine } from '../../model/engine.ts'
import { unknown } from '../../model/known.ts'
import type { Bundle } from './bundle.ts'
import type { Machine } from './container-process.ts'
import { containersSeen, type Seen } from './containers-seen.ts'
import { engineMemory, type EngineMemory } from './engine-memory.ts'
import { namespaceOf, netnsOf, type OwnNamespaces } from './engine-socket.ts'
import { podByInfra } from './podman-pods.ts'

export const runningOnly = 'containers that do not run are not known: only processes were seen'

/** `told`: ids of containers that an engine spoke of. One Engine for each kind, user and containerd. */
export function enginesByProcess(
  { proc, processes, own }: Machine,
  told: ReadonlySet<string>,
  memory: EngineMemory = engineMemory(),
): readonly Engine[] {
  const groups = new Map<string, Seen[]>()
  for (const seen of containersSeen(proc, processes)) {
    if (told.has(seen.id) || !isOneOfItsUser(seen, own)) continue
    const key = `${seen.engine} ${(seen.monitor ?? seen.process).uid} ${seen.containerd?.address ?? ''}`
    const group = groups.get(key)
    if (group === undefined) groups.set(key, [seen])
    else group.push(seen)
  }
  const bundleOf = remembered(memory)
  const engines = [...groups.values()].flatMap((group) => engineOf(group, bundleOf))
  bundleOf.done()
  return engines
}

/** Everybody may call a process `conmon`; but without root a container needs a user namespace of its own. */
function isOneOfItsUser({ process, monitor }: Seen, own: OwnNamespaces): boolean {
  return (monitor ?? process).uid === 0 || namespaceOf(process, 'user') !== own.user
}

type BundleOf = { (seen: Seen): Bundle | null; done: () => void }

/** Each is read once while its container runs: of hundreds on a node one or two change between two looks. */
function remembered({ bundles }: EngineMemory): BundleOf {
  const now = new Map<string, Bundle>()
  const bundleOf = ({ id, process, bundle }: Seen): Bundle | null => {
    const key = `${id} ${process.pid} ${process.startTime}`
    const said = bundles.get(key) ?? bundle()
    if (said !== null) now.set(key, said)
    return said
  }
  const done = (): void => {
    bundles.clear()
    for (const [key, said] of now) bundles.set(key, said)
  }
  return Object.assign(bundleOf, { done })
}

function engineOf(group: readonly Seen[], bundleOf: BundleOf): readonly Engine[] {
  const [first] = group
  if (first === undefined) return []
  const { engine, monitor, containerd } = first
  const hasNetworks = engine !== 'lxc' && engine !== 'nspawn'
  const containers = group.map((seen) => containerFrom(seen, bundleOf(seen)))
  return [
    {
      engine,
      endpoint: monitor === null ? 'cgroup' : (containerd?.address ?? monitor.comm),
      version: null,
      netns: netnsOf(monitor),
      rootless: (monitor ?? first.process).uid !== 0,
      containers: engine === 'podman' ? podByInfra(containers) : containers,
      networks: hasNetworks ? unknown('only the processes of its containers were seen') : [],
      warnings: hasNetworks ? [runningOnly] : [],
    },
  ]
}

function containerFrom({ engine, id, name, process, monitor }: Seen, said: Bundle | null): Container {
  const sharesHost = monitor !== null && netnsOf(process) !== null && netnsOf(process) === netnsOf(monitor)
  const isJoined = said !== null && said.sandboxId !== null && said.sandboxId !== id
  return {
    id,
    name: said?.name ?? name ?? id.slice(0, 12),
    image: said?.image ?? '',
    state: 'running',
    pid: process.pid,
    mode: '',
    modeKind: sharesHost ? 'host' : engine === 'cri' ? 'pod' : 'unknown',
    joins: isJoined ? said.sandboxId : null,
    ...(said === null || said.pod === null ? {} : { pod: said.pod }),
    netns: process.netns,
    hostName: said?.hostName ?? null,
    endpoints: [],
    ports: [...(said?.ports ?? [])],
    labels: said?.labels ?? {},
    error: null,
  }
}
