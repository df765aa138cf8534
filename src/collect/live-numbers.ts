/**
 * What namespaces' numbers for each other mean, while everything moves. A number without namespace is mostly one
 * that is just being made or taken down; one that stays is searched for in the dear way, once, and then looked
 * through.
 */
import { isHidden, type NetnsId } from '../model/ids.ts'
import { isUnknown, listOf } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { unexplained } from './assemble.ts'
import { hiddenNetns } from './kernel/hidden.ts'
import type { LiveWorld } from './live-world.ts'
import type { FoundNetns, Observation } from './reader.ts'
import type { Schedule } from './schedule.ts'

export type LiveNumbers = {
  /** Puts a fresh reading into the World, and sees to what its numbers leave open. */
  put(netns: Netns): void
  /** Only the numbers of a namespace, again. */
  read(id: NetnsId): void
  /** Those of all that have some without namespace. */
  readOpen(): void
  /** Those of all that have one for this namespace. */
  readReferring(id: NetnsId): void
  /** A hidden namespace, again. */
  readHidden(id: NetnsId): void
  /** The dear search, once for each `reason`. */
  search(reason: string): void
}

export type LiveNumbersInput = {
  /** Absent where there are no events: then numbers stay as they were read. */
  readonly observation: Observation | undefined
  readonly world: LiveWorld
  readonly found: ReadonlyMap<NetnsId, FoundNetns>
  readonly jobs: Schedule
  readonly scan: () => Promise<void>
  /** The dear search; what it finds is found by the next scan. */
  readonly searchFiles: () => Promise<void>
  /** When the last scan ended, on performance.now()'s clock. */
  readonly scannedAt: () => number
}

const unexplainedMs = 300
const deepRestMs = 10_000

export function liveNumbers(input: LiveNumbersInput): LiveNumbers {
  const { observation, world, found, jobs, scan } = input
  /** Numbers (and lost namespaces) for which the dear search was made; numbers that were looked through after it. */
  const searched = new Set<string>()
  const looked = new Set<string>()
  let lastDeep = -Infinity

  const put = (netns: Netns): void => {
    world.put(netns)
    for (const { id } of listOf(netns.nsids)) {
      if (id !== null && isHidden(id) && world.get(id) === undefined) readHidden(id)
    }
    if (observation !== undefined && openKeys(netns).some((key) => !looked.has(key))) {
      jobs.in(unexplainedMs, 'explain', explain)
    }
  }

  const read = (id: NetnsId): void => {
    const netns = world.get(id)
    if (netns === undefined || observation === undefined || netns.readable !== true) return
    const nsids = observation.readNsids(id)
    // Without a number of its own in the observer's namespace, or on an old kernel: what the reader said stays.
    if (!isUnknown(nsids)) put({ ...netns, nsids })
  }

  const readOpen = (): void => {
    for (const netns of world.all()) if (unexplained(netns).length > 0) read(netns.id)
  }

  const readHidden = (id: NetnsId): void => {
    const seen = observation?.readHeld(id)
    if (seen === undefined || 'errno' in seen) world.remove(id)
    else put(hiddenNetns(id, seen))
  }

  /** Read again, then looked for in the plain way, in the dear way, then looked through. */
  const explain = async (): Promise<void> => {
    readOpen()
    const seers = world.all().filter((netns) => unexplained(netns).length > 0)
    const keys = seers.flatMap(openKeys)
    forgetOld(keys)
    const fresh = keys.filter((key) => !searched.has(key))
    if (keys.every((key) => looked.has(key))) return
    if (fresh.length === 0) {
      for (const key of keys) looked.add(key)
      for (const { id } of seers) {
        observation?.lookThrough(id)
        read(id)
      }
      return
    }
    if (performance.now() - input.scannedAt() > unexplainedMs) {
      await scan()
      jobs.in(unexplainedMs / 2, 'explain', explain)
      return
    }
    for (const key of fresh) search(key)
  }

  const lookAgain = async (): Promise<void> => {
    await scan()
    jobs.in(0, 'explain', explain)
  }

  const search = (reason: string): void => {
    if (searched.has(reason)) return
    searched.add(reason)
    jobs.in(Math.max(0, lastDeep + deepRestMs - performance.now()), 'deep', () => {
      lastDeep = performance.now()
      // Beside the other jobs: where many files are open it takes seconds.
      void input.searchFiles().then(() => jobs.in(0, 'searched', lookAgain))
    })
  }

  /** Numbers are used again: one that means nothing now must be searched for when it comes back. */
  const forgetOld = (keys: readonly string[]): void => {
    const current = new Set<string>([...keys, ...found.keys()])
    for (const key of searched) if (!current.has(key)) searched.delete(key)
    for (const key of looked) if (!current.has(key)) looked.delete(key)
  }

  return {
    put,
    read,
    readOpen,
    readReferring: (id) => {
      for (const netns of world.all())
        if (listOf(netns.nsids).some((entry) => entry.id === id)) read(netns.id)
    },
    readHidden,
    search,
  }
}

function openKeys(netns: Netns): readonly string[] {
  return unexplained(netns).map((number) => `${netns.id} ${number}`)
}
