/**
 * Keeps a World fresh and tells what changed: events mark namespaces, marked ones are read again whole, new ones
 * are looked for. Knows when to look; how is the collection's business, and what is worth telling live-world's.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { isHidden, type NetnsId } from '../model/ids.ts'
import { renamed, unopenedNetns } from './assemble.ts'
import type { Collection } from './collection.ts'
import type { Discovery } from './discover/discover.ts'
import { coalesceMs, hear, type Reactions } from './live-events.ts'
import type { Live, LiveCallbacks, LiveHeader, LiveOptions } from './live-types.ts'
import { liveNumbers } from './live-numbers.ts'
import { isOpen, liveReads } from './live-reads.ts'
import { tellPace } from './live-pace.ts'
import { liveWorld, nothingNew, type Update } from './live-world.ts'
import type { FoundNetns } from './reader.ts'
import { schedule } from './schedule.ts'

const rescanMs = 1000
/** A scan may cost half a percent of the time. One that something asked for, ten percent. */
const rescanCost = 200
const askedCost = 10
/** Without events everything is read again this often. */
const pollMs = 2000
const atOnce = 50
const sliceMs = 10

/** Reading 1,000 takes about 5 ms. */
const usualDearRows = 1000

export function live(
  collection: Collection,
  { tell, progress, failed, heard }: LiveCallbacks,
  { dearRows = usualDearRows, isTold = false }: LiveOptions = {},
): Live {
  const { reader } = collection
  const { observation } = reader
  const world = liveWorld()
  const found = new Map<NetnsId, FoundNetns>()
  /** Not entered yet, in the order they were found. */
  const waiting = new Set<NetnsId>()
  let discovery: Discovery | null = null
  let preferred: readonly NetnsId[] = []
  let filled = false
  let begins = true
  const ended = new AbortController()
  let scanEnd = -Infinity
  let scanCost = 0

  const tellPart = (update: Update, complete: boolean): void => {
    tell(update, header(), { begins, complete })
    begins = false
  }

  const jobs = schedule(() => flush(), failed)

  const pace = tellPace()

  const flush = (): void => {
    const waits = world.waits()
    if (!filled || ended.signal.aborted || waits === 'nothing') return
    const rest = pace(performance.now(), waits === 'urgently')
    if (rest > 0) return jobs.in(rest, 'flush', () => {})
    for (let update = world.take(atOnce); update !== null; update = world.take(atOnce)) {
      tellPart(update, true)
    }
  }

  const numbers = liveNumbers({
    observation,
    world,
    found,
    jobs,
    scan: () => scan(),
    searchFiles: () => collection.search().catch(failed),
    scannedAt: () => scanEnd,
  })

  const header = (): LiveHeader => ({
    host: collection.host,
    init: discovery?.init ?? { unknown: 'not looked for yet' },
    processes: discovery?.processes ?? [],
    readers: discovery?.readers ?? [],
    gaps: [...(discovery?.gaps ?? []), ...world.gaps()],
  })

  // --- one namespace

  const forget = (id: NetnsId): void => {
    found.delete(id)
    waiting.delete(id)
    world.remove(id)
    reads.drop(id)
    jobs.drop(`numbers ${id}`)
  }

  const reads = liveReads({
    reader,
    world,
    numbers,
    jobs,
    found,
    dearRows,
    looked: (id) => void waiting.delete(id),
    gone: forget,
    moved: () => rescanSoon(coalesceMs),
  })
  const { mark } = reads

  // --- all namespaces

  const scan = async (complete = false): Promise<void> => {
    const began = performance.now()
    const latest = await collection.discover({ complete })
    if (ended.signal.aborted) return
    discovery = latest
    // First the deaths: an inode may have been given to a new namespace since.
    hear(observation?.drain() ?? [], reactions)
    const seen = new Set<NetnsId>()
    for (const netns of latest.found) {
      seen.add(netns.id)
      const known = world.get(netns.id)
      const before = found.get(netns.id)
      found.set(netns.id, netns)
      if (known !== undefined) world.put(renamed(known, netns))
      if (before === undefined) waiting.add(netns.id)
      if (before === undefined || (before !== netns && !isOpen(known))) mark(netns.id, 0)
    }
    for (const closed of latest.unreadable) {
      seen.add(closed.id)
      world.put(unopenedNetns(closed))
    }
    for (const { id } of world.all()) if (!seen.has(id) && !isHidden(id)) missed(id)
    scanEnd = performance.now()
    scanCost = scanEnd - began
  }

  /** Not found any more: dead, or held by something that only the dear search finds. */
  const missed = (id: NetnsId): void => {
    const netns = found.get(id)
    if (netns === undefined) return world.remove(id)
    if (observation === undefined) return mark(id, 0)
    const seen = observation.readHeld(id)
    if ('errno' in seen) return forget(id)
    mark(id, 0)
    numbers.search(id)
  }

  const rescan = async (): Promise<void> => {
    await scan()
    numbers.readOpen()
    if (observation === undefined) for (const id of found.keys()) mark(id, 0)
    const interval = observation === undefined ? pollMs : rescanMs
    jobs.in(Math.max(interval, scanCost * rescanCost), 'rescan', rescan)
  }

  const rescanSoon = (delayMs: number): void => {
    const rested = scanEnd + scanCost * askedCost - performance.now()
    jobs.in(Math.max(delayMs, rested), 'rescan', rescan)
  }

  const reactions: Reactions = {
    host: collection.host,
    all: () => found.keys(),
    readTables: mark,
    readTouched: reads.markTouched,
    readNeighbours: reads.markNeighbours,
    readNumbers: (id, delayMs) => jobs.in(delayMs, `numbers ${id}`, () => numbers.read(id)),
    died: (id) => {
      forget(id)
      // Not dead, but found by a file at last: whoever had a number for it must say its new name.
      if (isHidden(id)) numbers.readReferring(id)
      jobs.in(0, 'flush', flush)
    },
    lookAround: rescanSoon,
    heard: (events) => heard?.(events),
  }

  // --- the beginning

  const fill = async (): Promise<void> => {
    await scan(true)
    const total = waiting.size
    let untold = 0
    let sliceStart = performance.now()
    const nextOne = (): NetnsId | undefined =>
      preferred.find((id) => waiting.has(id)) ?? waiting.values().next().value
    for (let next = nextOne(); next !== undefined && !ended.signal.aborted; next = nextOne()) {
      jobs.drop(`tables ${next}`)
      // A mistake in reading one must not cost the others.
      await reads.readAgain(next).catch(failed)
      waiting.delete(next)
      if (++untold === atOnce) {
        untold = 0
        const update = world.take(atOnce)
        if (update !== null) tellPart(update, false)
      }
      if (performance.now() - sliceStart < sliceMs) continue
      progress(total - waiting.size, total)
      await turn()
      sliceStart = performance.now()
    }
    if (ended.signal.aborted) return
    numbers.readOpen()
    tellAll()
    filled = true
    // Once; later only where something is unexplained.
    numbers.search('all that files and sockets hold')
    jobs.in(Math.max(rescanMs, scanCost * rescanCost), 'rescan', rescan)
  }

  /** To the end, which is marked even where nothing is left to tell. */
  const tellAll = (): void => {
    for (;;) {
      const update = world.take(atOnce) ?? nothingNew
      tellPart(update, update.last)
      if (update.last) return
    }
  }

  const events = observation?.watch(() => hear(observation.drain(), reactions), isTold)
  const done = new Promise<void>((resolve) => {
    jobs.in(0, 'fill', async () => {
      try {
        await fill()
      } finally {
        resolve()
      }
    })
  })

  return {
    schedule: jobs,
    filled: done,
    found: (id) => found.get(id) ?? null,
    allFound: () => [...found.values()],
    processes: () => discovery?.processes ?? [],
    header,
    all: () => world.all(),
    first: (ids) => {
      preferred = ids
    },
    tellHeader: () => {
      if (filled && !ended.signal.aborted) tellPart(nothingNew, true)
    },
    retell: () => {
      world.retell()
      begins = true
      if (filled) jobs.in(0, 'retell', tellAll)
    },
    lookAround: () => rescanSoon(0),
    look: () => events?.look(),
    stop: () => {
      ended.abort()
      events?.close()
      jobs.close()
    },
  }
}
