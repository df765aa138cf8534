/**
 * Where a World comes from: this host, or a file. The only thing that `--from` and `--replay` switch, so whatever
 * works on one works on the other.
 */
import type { ExtraSockets } from './collect/engine/extra-sockets.ts'
import { resolveNetns } from './derive/resolve-netns.ts'
import { succeeded, type Outcome } from './lib/failure.ts'
import type { NetnsId } from './model/ids.ts'
import type { Tool, World } from './model/world.ts'

export type ReaderChoice = 'auto' | 'netlink' | 'ip'

export type Source = {
  readonly kind: 'live' | 'file'
  /** null: this host. */
  readonly file: string | null
  /** A file gives what it has. */
  readonly readWorld: (options: WorldWanted) => Promise<Outcome<World>>
  /** That World with the dear parts of these namespaces: of a thousand they take ten seconds, of one nothing. */
  readonly withDetails: (world: World, ids: readonly NetnsId[], only?: 'sockets') => Promise<Outcome<World>>
  /** That World with the rules of these namespaces. */
  readonly withFirewall: (world: World, ids: readonly NetnsId[]) => Promise<Outcome<World>>
  /** That World with the connections of these namespaces, at most `limit` of each. */
  readonly withConntrack: (world: World, ids: readonly NetnsId[], limit?: number) => Promise<Outcome<World>>
  /** That World with what counts up in these namespaces as it is now; of a file, what it holds. */
  readonly withCounters: (world: World, ids: readonly NetnsId[]) => Promise<Outcome<World>>
  /** What the program runs on and with; of a file, what it was written with. */
  readonly readTool: () => Promise<Outcome<ToolFacts>>
}

export type WorldWanted = {
  /** The dear parts too, as a snapshot holds them. */
  readonly details: boolean
  /**
   * Also namespaces that only an open file or a socket holds and that nothing is linked to: every descriptor of
   * every process is looked at. By default where details are wanted.
   */
  readonly deep?: boolean
  /** Engines that are busy are waited for: without what they tell there is nothing to plan from. */
  readonly patient?: boolean
}

export type ToolFacts = Tool & {
  readonly hostName: string
  readonly kernel: string
  readonly arch: string
  /** null: now. */
  readonly at: string | null
}

export type SourceOptions = {
  readonly version: string
  readonly reader: ReaderChoice
  /** A NETNS that takes the host's place. */
  readonly host?: string | undefined
  /** More sockets at which engines are asked. */
  readonly sockets?: ExtraSockets | undefined
  readonly signal: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

export function fileSource(file: string, options: Pick<SourceOptions, 'host'>): Source {
  const read = async (): Promise<Outcome<World>> => {
    const { readSnapshot } = await import('./snapshot/read-snapshot.ts')
    return readSnapshot(file)
  }
  return {
    kind: 'file',
    file,
    readWorld: async () => hostedBy(await read(), options.host),
    withDetails: async (world) => succeeded(world),
    withFirewall: async (world) => succeeded(world),
    withConntrack: async (world) => succeeded(world),
    withCounters: async (world) => succeeded(world),
    readTool: async () => {
      const world = await read()
      if (!world.ok) return world
      const { tool, hostName, kernel, arch, at } = world.value
      return succeeded({ ...tool, hostName, kernel, arch, at })
    },
  }
}

function hostedBy(world: Outcome<World>, host: string | undefined): Outcome<World> {
  if (!world.ok || host === undefined) return world
  const netns = resolveNetns(world.value, host)
  return netns.ok ? succeeded(withHost(world.value, netns.value.id)) : netns
}

/** The same World seen with another namespace as `host`. */
export function withHost(world: World, id: NetnsId): World {
  if (id === world.host) return world
  return {
    ...world,
    host: id,
    netns: world.netns.map((netns) => {
      const others = netns.names.filter((name) => name.source !== 'host')
      if (netns.id === id) {
        return { ...netns, names: [{ name: 'host', source: 'host', path: null }, ...others] }
      }
      return others.length === netns.names.length ? netns : { ...netns, names: others }
    }),
  }
}

/** This host. What it takes to read it is loaded when it is read. */
export function liveSource(options: SourceOptions): Source {
  const { version, reader, signal, host, sockets, onProgress } = options
  return {
    kind: 'live',
    file: null,
    readWorld: async (wanted) => {
      const { readWorld } = await import('./collect/collector.ts')
      const progress = onProgress === undefined ? {} : { onProgress }
      return hostedBy(await readWorld({ reader, ...wanted, version, signal, sockets, ...progress }), host)
    },
    withDetails: async (world, ids, only) => {
      if (ids.length === 0) return succeeded(world)
      const { addDetails } = await import('./collect/add-details.ts')
      return addDetails(world, ids, { reader, signal, only })
    },
    withFirewall: async (world, ids) => {
      if (ids.length === 0) return succeeded(world)
      const { addFirewall } = await import('./collect/add-firewall.ts')
      return addFirewall(world, ids, { reader, signal })
    },
    withConntrack: async (world, ids, limit) => {
      if (ids.length === 0) return succeeded(world)
      const { addConntrack } = await import('./collect/add-conntrack.ts')
      return addConntrack(world, ids, { reader, signal, ...(limit === undefined ? {} : { limit }) })
    },
    withCounters: async (world, ids) => {
      const { addCounters } = await import('./collect/add-counters.ts')
      return addCounters(world, ids, { reader })
    },
    readTool: async () => {
      const [{ openReader }, { readHostFacts }] = await Promise.all([
        import('./collect/open-reader.ts'),
        import('./collect/host-facts.ts'),
      ])
      const opened = await openReader(reader)
      if (!opened.ok) return opened
      const { name } = opened.value.reader
      opened.value.reader.close()
      const facts = await readHostFacts({
        versions: true,
        reader: { name, why: opened.value.why },
        version,
      })
      const { tool, hostName, kernel, arch } = facts
      return succeeded({ ...tool, hostName, kernel, arch, at: null })
    },
  }
}
