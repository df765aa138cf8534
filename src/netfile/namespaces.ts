/** Namespaces of which a file can speak: the host's, and those that have a name below /run/netns which somebody chose. */
import { containersIn } from '../derive/containers.ts'
import type { Lab } from '../model/lab.ts'
import type { Netns } from '../model/netns.ts'
import type { World } from '../model/world.ts'

const namedFolder = '/run/netns/'

/** What `checkPlainName` of change/names.ts takes: a node of any other name would be refused. */
const plainName = /^[A-Za-z0-9_][A-Za-z0-9_.-]*$/

/** What Podman and CNI call the ones that they make. */
const sandboxName = /^(?:netns|cni)-[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

export type NamedNetns = {
  readonly name: string
  readonly netns: Netns
  /** null: it is no node of the lab. */
  readonly node: Lab['nodes'][number] | null
}

/** One name a namespace: that of the node whose own it is, else the first one. */
export function namedNetns(world: World, lab: Lab | null): readonly NamedNetns[] {
  return world.netns.flatMap((netns) => {
    // Nodes of the lab are containers of an engine called lab; here they are what is asked for.
    const isOfEngine = containersIn(world, netns.id).some(({ engine }) => engine.engine !== 'lab')
    if (netns.id === world.host || isOfEngine) return []
    const names = netns.names
      .flatMap(({ source, path }) =>
        source === 'named' && path?.startsWith(namedFolder) === true ? [path.slice(namedFolder.length)] : [],
      )
      .filter((name) => plainName.test(name) && !sandboxName.test(name))
      .toSorted()
    const nodes = names.flatMap((name) => lab?.nodes.find((each) => each.name === name) ?? [])
    const node = nodes.find(({ mode }) => mode === 'bridge' || mode === 'none') ?? null
    const name = node?.name ?? names.find((each) => nodes.every((one) => one.name !== each))
    return name === undefined ? [] : [{ name, netns, node }]
  })
}
