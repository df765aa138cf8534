/** Reads the whole World once: what commands show and what a snapshot holds. */
import { setImmediate as turn } from 'node:timers/promises'
import { failed, succeeded, type Outcome } from '../lib/failure.ts'
import { worldFormat, worldVersion } from '../model/format.ts'
import { isHidden, type NetnsId } from '../model/ids.ts'
import { listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { Tool, World } from '../model/world.ts'
import { unexplained, unopenedNetns } from './assemble.ts'
import { namedNetns, openCollection, processesByNetns, type Collection } from './collection.ts'
import { tenths, type Discovery } from './discover/discover.ts'
import { gapsOf } from './gaps.ts'
import { readDns } from './dns.ts'
import { readHostFacts } from './host-facts.ts'
import { conntrackOf } from './add-conntrack.ts'
import { withEngineNames } from './engine/engine-names.ts'
import type { ExtraSockets } from './engine/extra-sockets.ts'
import { engineMemory } from './engine/engine-memory.ts'
import { readEngines } from './engine/read-engines.ts'
import { patientMs } from './engine/silence.ts'
import { readFirewall } from './firewall/read-firewall.ts'
import { hiddenNetns } from './kernel/hidden.ts'
import { readLabs } from './lab/read-labs.ts'
import { lookInto } from './look-into.ts'
import type { ReaderChoice } from './open-reader.ts'
import type { FoundNetns, NamedProcess } from './reader.ts'

export type ReadWorldOptions = {
  readonly reader: ReaderChoice
  /** The dear parts too, of every namespace, as a snapshot holds them. */
  readonly details: boolean
  /** Engines that are busy are waited for. */
  readonly patient?: boolean
  /** Also look at every open file and socket of every process; by default where details are wanted. */
  readonly deep?: boolean
  readonly version?: string
  /** Taken as the host instead of the namespace this program is in. */
  readonly host?: NetnsId
  readonly terminal?: Tool['terminal']
  /** Engines are asked there too. */
  readonly sockets?: ExtraSockets | undefined
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/** What cannot be read is in the World as a gap; a failure means that nothing could be read at all. */
export async function readWorld(options: ReadWorldOptions): Promise<Outcome<World>> {
  const opened = await openCollection(options.reader, options.host)
  if (!opened.ok) return opened
  try {
    return await collect(opened.value, options)
  } finally {
    opened.value.close()
  }
}

/** The event loop gets a turn at least this often while namespaces are read. */
const sliceMs = 10

type Seer = { readonly found: FoundNetns; readonly netns: Netns }

type Reading = {
  readonly collection: Collection
  readonly options: ReadWorldOptions
  readonly seers: Map<NetnsId, Seer>
  /** Seen but not entered. */
  readonly closed: Map<NetnsId, Netns>
  /** Alive, but their paths went away: `ip netns add` is a process first, and a mount afterwards. */
  readonly held: Map<NetnsId, Netns>
  readonly changed: Set<NetnsId>
  /** Namespaces looked at, and known of. */
  done: number
  total: number
  sliceStart: number
}

async function collect(collection: Collection, options: ReadWorldOptions): Promise<Outcome<World>> {
  const { signal, details } = options
  const deep = options.deep ?? details
  const reading: Reading = {
    collection,
    options,
    seers: new Map(),
    closed: new Map(),
    held: new Map(),
    changed: new Set(),
    done: 0,
    total: 0,
    sliceStart: performance.now(),
  }
  // Runs beside: it waits for other programs' answers where versions are wanted.
  const facts = readHostFacts({
    versions: details,
    reader: collection.toolReader,
    ...(options.version === undefined ? {} : { version: options.version }),
    ...(options.terminal === undefined ? {} : { terminal: options.terminal }),
  })
  const at = new Date().toISOString()
  const began = performance.now()
  let discovery = await collection.discover({ complete: true, deep })
  // Beside the rest: its files are read by other threads, and may lie on a file system that is slow to answer.
  const dns = readDns(discovery.processes, namedNetns(discovery.found))
  // Beside the rest too: an engine that hangs costs two seconds.
  const engines = readEngines({
    processes: listOf(discovery.processes),
    found: discovery.found,
    signal: signal ?? new AbortController().signal,
    sockets: options.sockets,
    ...(options.patient === true ? { memory: engineMemory(patientMs) } : {}),
  })
  await readAll(reading, discovery)
  if (signal?.aborted !== true && (reading.held.size > 0 || (!deep && hasUnexplained(reading)))) {
    const lost = [...reading.held]
    reading.held.clear()
    discovery = await collection.discover({ deep: true })
    await readAll(reading, discovery)
    for (const [id, netns] of lost) if (!isRead(reading, id)) reading.held.set(id, netns)
  }
  const hidden = lookThroughNumbers(reading)
  noteChanges(reading)
  const readMs = performance.now() - began - discovery.ms
  const header = await facts
  if (signal?.aborted === true) return failed(aborted)
  const named = await engines
  const plain = [
    ...discovery.found.flatMap(({ id }) => reading.seers.get(id)?.netns ?? reading.closed.get(id) ?? []),
    ...reading.held.values(),
    ...discovery.unreadable.map(unopenedNetns),
    ...hidden,
  ]
  const netns = withEngineNames(plain, named)
  return succeeded({
    format: worldFormat,
    version: worldVersion,
    at,
    ...header,
    host: discovery.host,
    init: discovery.init,
    netns,
    processes: discovery.processes,
    dns: await dns,
    engines: named,
    labs: readLabs(),
    readers: [...discovery.readers, { name: collection.reader.name, ms: tenths(readMs), errors: [] }],
    changedWhileRead: [...reading.changed],
    gaps: [...discovery.gaps, ...netns.flatMap(gapsOf)],
    changes: [],
  })
}

function isRead({ seers, closed, held }: Reading, id: NetnsId): boolean {
  return seers.has(id) || closed.has(id) || held.has(id)
}

const aborted = { kind: 'refused', what: 'reading the host was stopped' } as const

async function readAll(reading: Reading, { found, processes }: Discovery): Promise<void> {
  const { collection, options, seers } = reading
  const todo = found.filter(({ id }) => !isRead(reading, id))
  const processesOf = options.details ? processesByNetns(processes) : null
  reading.total += todo.length
  noteChanges(reading)
  for (const each of todo) {
    if (options.signal?.aborted === true) return
    await readOne(reading, each, processesOf?.get(each.id) ?? [])
    options.onProgress?.(++reading.done, reading.total)
    if (performance.now() - reading.sliceStart < sliceMs) continue
    await turn()
    noteChanges(reading)
    reading.sliceStart = performance.now()
  }
  if (collection.reader.observation === undefined) return
  // Numbers of those that were read before the last ones were known.
  for (const [id, seer] of seers) {
    if (unexplained(seer.netns).length === 0) continue
    seers.set(id, { ...seer, netns: { ...seer.netns, nsids: collection.reader.observation.readNsids(id) } })
  }
}

async function readOne(
  reading: Reading,
  found: FoundNetns,
  processes: readonly NamedProcess[],
): Promise<void> {
  const { reader } = reading.collection
  const look = await lookInto(reader, found)
  if (look.kind === 'held') reading.held.set(found.id, look.netns)
  if (look.kind === 'closed') reading.closed.set(found.id, look.netns)
  if (look.kind !== 'read') return
  const netns = reading.options.details
    ? await withDearParts(reading, found, look.netns, processes)
    : look.netns
  if (look.interrupted) reading.changed.add(found.id)
  reading.seers.set(found.id, { found, netns })
}

/** What a snapshot holds beside the tables. */
async function withDearParts(
  { collection: { reader, libc }, options: { signal } }: Reading,
  found: FoundNetns,
  netns: Netns,
  processes: readonly NamedProcess[],
): Promise<Netns> {
  const details = await reader.readDetails(found, processes)
  const firewall = await readFirewall(found, { libc, ...(signal === undefined ? {} : { signal }) })
  const conntrack = conntrackOf(libc, netns, { entries: true })
  return { ...netns, details: 'errno' in details ? null : details, firewall, conntrack }
}

/**
 * Events about namespaces that were read already: what stands in the World of them is old. Asked once a slice, so one
 * that came just before its namespace was read, in the same ten milliseconds, counts as well.
 */
function noteChanges({ collection, seers, changed }: Reading): void {
  for (const event of collection.reader.observation?.drain() ?? []) {
    if (event.type === 'lost') for (const id of seers.keys()) changed.add(id)
    else if ((event.type === 'tables' || event.type === 'dead') && seers.has(event.id)) changed.add(event.id)
  }
}

function hasUnexplained({ collection, seers }: Reading): boolean {
  return (
    collection.reader.observation !== undefined &&
    [...seers.values()].some(({ netns }) => unexplained(netns).length > 0)
  )
}

/** The namespaces behind numbers that no file explains, and those behind theirs. */
function lookThroughNumbers({ collection, seers }: Reading): readonly Netns[] {
  const { observation } = collection.reader
  if (observation === undefined) return []
  const hidden = new Map<NetnsId, Netns>()
  const follow = ({ nsids }: Pick<Netns, 'nsids'>): void => {
    for (const { id } of listOf(nsids)) {
      if (id === null || !isHidden(id) || hidden.has(id)) continue
      const seen = observation.readHeld(id)
      if ('errno' in seen) continue
      const netns = hiddenNetns(id, seen)
      hidden.set(id, netns)
      follow(netns)
    }
  }
  for (const [id, seer] of seers) {
    if (unexplained(seer.netns).length === 0) continue
    observation.lookThrough(id)
    const netns = { ...seer.netns, nsids: observation.readNsids(id) }
    seers.set(id, { ...seer, netns })
    follow(netns)
  }
  return [...hidden.values()]
}
