/** What a reading of this host is made with: a reader of the kernel, and a discoverer of namespaces. */
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Process } from '../model/process.ts'
import { createDiscoverer, type Discovery, type DiscoverOptions } from './discover/discover.ts'
import type { NamedNetns } from './dns.ts'
import type { Libc } from './kernel/libc.ts'
import { ownNamespaces } from './kernel/observer.ts'
import { openReader, type ReaderChoice } from './open-reader.ts'
import type { FoundNetns, KernelReader, NamedProcess } from './reader.ts'

export type Collection = {
  readonly reader: KernelReader
  readonly toolReader: { readonly name: string; readonly why: string }
  readonly host: NetnsId
  /** null: koffi is not loaded. */
  readonly libc: Libc | null
  /** The host first. Without namespaces of this program's own, and already made known to the reader. */
  discover(options?: DiscoverOptions): Promise<Discovery>
  /** The dear look at open files and sockets, beside all else; what it finds is discovered next. */
  search(): Promise<void>
  close(): void
}

/** `host`: taken as the host instead of the namespace this program is in. */
export async function openCollection(choice: ReaderChoice, host?: NetnsId): Promise<Outcome<Collection>> {
  const opened = await openReader(choice)
  if (!opened.ok) return opened
  const { reader, why, libc } = opened.value
  const discoverer = createDiscoverer(libc, host === undefined ? {} : { host })
  if (!discoverer.ok) {
    reader.close()
    return failed(discoverer.failure)
  }
  return succeeded({
    reader,
    toolReader: { name: reader.name, why },
    host: discoverer.value.host,
    libc,
    discover: async (options = {}) => {
      const discovery = await discoverer.value.discover(options)
      const found = hostFirst(
        discovery.found.filter(({ id }) => !ownNamespaces.has(id)),
        discoverer.value.host,
      )
      await reader.know(found)
      return { ...discovery, found }
    },
    search: () => discoverer.value.search(),
    close: () => {
      discoverer.value.close()
      reader.close()
    },
  })
}

function hostFirst(found: readonly FoundNetns[], host: NetnsId): readonly FoundNetns[] {
  const first = found.find(({ id }) => id === host)
  return first === undefined ? found : [first, ...found.filter((each) => each !== first)]
}

/** Their first thread is in the container's namespace, others listen where they were started (Podman's rootlessport). */
const inTwo = new Set(['rootlessport'])

/** The processes in each namespace, oldest first; one that works in two also where its parent is. */
export function processesByNetns(
  processes: readonly Process[],
): ReadonlyMap<NetnsId, readonly NamedProcess[]> {
  const sorted = [...processes].sort((a, b) => a.startTime - b.startTime)
  const byNetns = new Map<NetnsId, NamedProcess[]>()
  const add = (netns: Process['netns'], { pid, comm }: Process): void => {
    if (isUnknown(netns)) return
    const named = byNetns.get(netns)
    if (named === undefined) byNetns.set(netns, [{ pid, name: comm }])
    else named.push({ pid, name: comm })
  }
  for (const process of sorted) {
    add(process.netns, process)
    if (!inTwo.has(process.comm)) continue
    const parent = processes.find(({ pid }) => pid === process.ppid)
    if (parent !== undefined && parent.netns !== process.netns) add(parent.netns, process)
  }
  return byNetns
}

/** What `ip netns` calls them. */
export function namedNetns(found: readonly FoundNetns[]): readonly NamedNetns[] {
  return found.flatMap(({ id, names }) =>
    names.filter(({ source }) => source === 'named').map(({ name }) => ({ name, id })),
  )
}
