/**
 * What namespaces' numbers for each other mean, while everything moves. A number without namespace is mostly one
 * that is just being made or taken down; one that stays is searched for in the dear way, once, and then looked
 * through.
 */
import { isHidden, type NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import { unexplained } from './assemble.ts'
import { findHidden } from './find-hidden.ts'
import { keepExplanations, withoutHidden, type LiveWorld } from './live-world.ts'
import type { FoundNetns, Observation } from './reader.ts'
import type { Schedule } from './schedule.ts'

export type LiveNumbers = {
  /** Puts a fresh reading into the World, with what is known of its numbers. */
  put(netns: Netns): void
  /** Only the numbers of a namespace, again. */
  read(id: NetnsId): void
  /** Those of all that have some without namespace. */
  readOpen(): void
  /** Hidden ones send no events: they are looked at with each scan. */
  lookThrough(): void
  /** The dear search, once for each `reason`. */
  search(reason: string): void
}

export type LiveNumbersInput = {
  /** Absent where there are no events: then numbers stay as they were read. */
  readonly observation: Observation | undefined
  readonly world: LiveWorld
  readonly found: ReadonlyMap<NetnsId, FoundNetns>
  readonly jobs: Schedule
  readonly scan: (deep: boolean) => Promise<void>
  /** When the last scan ended, on performance.now()'s clock. */
  readonly scannedAt: () => number
}

const unexplainedMs = 300
const deepRestMs = 10_000

export function liveNumbers(input: LiveNumbersInput): LiveNumbers {
  const { observation, world, found, jobs, scan } = input
  const searched = new Set<string>()
  let lastDeep = -Infinity

  const put = (netns: Netns): void => {
    const before = world.get(netns.id)
    world.put(before === undefined ? netns : keepExplanations(netns, before))
    if (observation !== undefined && open(netns.id).length > 0) jobs.in(unexplainedMs, 'explain', explain)
  }

  const open = (id: NetnsId): readonly number[] => {
    const netns = world.get(id)
    return netns === undefined ? [] : unexplained(netns)
  }

  const read = (id: NetnsId): void => {
    const netns = world.get(id)
    if (netns === undefined || observation === undefined || netns.readable !== true) return
    const nsids = observation.readNsids(id)
    // Without a number of its own in the observer's namespace, or on an old kernel: what the reader said stays.
    if (!isUnknown(nsids)) put({ ...netns, nsids })
  }

  const readOpen = (): void => {
    for (const { id } of world.all()) if (open(id).length > 0) read(id)
  }

  /** Read again, then looked for in the plain way, in the dear way, then seen through. */
  const explain = async (): Promise<void> => {
    readOpen()
    const keys = world.all().flatMap(({ id }) => open(id).map((number) => keyOf(id, number)))
    const fresh = keys.filter((key) => !searched.has(key))
    if (keys.length === 0) return
    if (fresh.length === 0) return lookThrough()
    if (performance.now() - input.scannedAt() > unexplainedMs) {
      await scan(false)
      jobs.in(unexplainedMs / 2, 'explain', explain)
      return
    }
    for (const key of fresh) search(key)
  }

  const search = (reason: string): void => {
    if (searched.has(reason)) return
    searched.add(reason)
    jobs.in(Math.max(0, lastDeep + deepRestMs - performance.now()), 'deep', async () => {
      lastDeep = performance.now()
      await scan(true)
      jobs.in(0, 'explain', explain)
    })
  }

  const lookThrough = (): void => {
    if (observation === undefined) return
    const seers = world.all().flatMap((netns) => {
      const seer = found.get(netns.id)
      const plain = withoutHidden(netns)
      return seer === undefined || unexplained(plain).length === 0 ? [] : [{ found: seer, netns: plain }]
    })
    forgetSearches(seers.map(({ netns }) => netns))
    const { hidden, seers: explained } = findHidden(observation, seers)
    const seen = new Set(hidden.map(({ id }) => id))
    for (const { id } of world.all()) if (isHidden(id) && !seen.has(id)) world.remove(id)
    for (const netns of [...hidden, ...explained]) world.put(netns)
  }

  /** Numbers are used again: one that means nothing now must be searched for when it comes back. */
  const forgetSearches = (seers: readonly Netns[]): void => {
    const current = new Set<string>(found.keys())
    for (const netns of seers) for (const number of unexplained(netns)) current.add(keyOf(netns.id, number))
    for (const key of searched) if (!current.has(key)) searched.delete(key)
  }

  return { put, read, readOpen, lookThrough, search }
}

function keyOf(id: NetnsId, number: number): string {
  return `${id} ${number}`
}
