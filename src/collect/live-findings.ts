/**
 * What is visibly wrong, kept up to date beside the live World. What follows from a World is another folder's business: the
 * worker's entry brings the checks, and which namespaces' dear parts they need.
 */
import { setImmediate as turn } from 'node:timers/promises'
import { inPieces, type Pieces } from '../lib/in-pieces.ts'
import { same } from '../lib/same.ts'
import type { Findings } from '../model/finding.ts'
import type { NetnsId } from '../model/ids.ts'
import { listOf } from '../model/known.ts'
import type { Netns, NetnsDetails } from '../model/netns.ts'
import type { World } from '../model/world.ts'
import { processesByNetns, type Collection } from './collection.ts'
import type { Live } from './live-types.ts'
import type { LiveFirewall } from './live-firewall.ts'
import type { NamedProcess } from './reader.ts'

export type Checks = {
  /** In pieces: others use the thread as well. */
  readonly findings: (world: World) => Pieces<Findings>
  /** Namespaces whose sysctls, sockets and rules the checks ask for. */
  readonly concerned: (world: World) => Pieces<readonly NetnsId[]>
}

export type LiveFindings = {
  /** Something changed: look soon. */
  readonly poke: () => void
  /** This program changed the host, and who asked for that waits to see whether it helped: look soon, after a shorter rest. */
  readonly changed: () => void
  readonly close: () => void
}

/** What the checks ask for of a namespace's details. */
const ofDetails = ['sysctls', 'sockets'] as const
/** After a change others follow; a sysctl changes without an event. */
const soonMs = 250
const everyMs = 5000
/** Rules have no event that costs nobody anything; the number that the kernel gives their state is asked for instead. */
const rulesMs = 1000
/** So many times as long as a look took it rests: where nothing happened, after something did, and where someone waits. */
const idleRest = 400
const pokedRest = 100
const askedRest = 10
/** The first look takes ten times as long as the next. */
const firstRestMs = everyMs

export function liveFindings(input: {
  readonly collection: { readonly reader: Pick<Collection['reader'], 'readDetails'> }
  readonly live: Pick<Live, 'found'>
  readonly firewall: Pick<LiveFirewall, 'sameRules' | 'fresh' | 'generation'>
  readonly world: () => World
  readonly checks: Checks
  readonly tell: (findings: Findings) => void
  readonly failed: (error: unknown) => void
}): LiveFindings {
  const { collection, live, firewall, world, checks, tell, failed } = input
  let told: Findings | null = null
  let timer: NodeJS.Timeout | null = null
  let looking = false
  let poked = false
  let asked = false
  let closed = false
  let watch: NodeJS.Timeout | null = null
  /** Of the last look: when it ended, what it took, and the rest that it may cost at most. */
  let last = { at: 0, ms: 0, restMs: 0 }
  /** Each namespace whose dear parts were read, without and with them. */
  const dearParts = new Map<NetnsId, { readonly plain: Netns; readonly dear: Netns }>()
  /** The World as it was looked at last, before and after each round of reading. */
  const stages: World[] = []

  const detailsOf = async (id: NetnsId, processes: readonly NamedProcess[]): Promise<NetnsDetails | null> => {
    const found = live.found(id)
    if (found === null) return null
    const read = await collection.reader.readDetails(found, processes, ofDetails)
    return 'errno' in read ? null : read
  }

  /** Whether it said it last time too; then the object of last time stays, and with it what was concluded from it. */
  const kept = (fresh: Netns, plain: Netns): Netns => {
    const before = dearParts.get(fresh.id)
    if (before !== undefined && before.plain === plain && asBefore(before.dear, fresh)) return before.dear
    dearParts.set(fresh.id, { plain, dear: fresh })
    return fresh
  }

  const stage = (at: number, world: World): World => {
    const before = stages[at]
    if (before !== undefined && sameToChecks(before, world)) return before
    stages[at] = world
    return world
  }

  const look = async (isAsked: boolean): Promise<void> => {
    const began = performance.now()
    let now = stage(0, world())
    const processes = processesByNetns(listOf(now.processes))
    let ms = performance.now() - began
    const read = new Set<NetnsId>()
    // What the rules of the first lead to is known when those were read.
    for (let round = 1; round <= 2; round += 1) {
      const concerned = await inPieces(checks.concerned(now), () => !closed)
      if (concerned === null) return
      ms += concerned.ms
      const wanted = new Set(concerned.value.filter((id) => !read.has(id)))
      if (wanted.size === 0) break
      const netns: Netns[] = []
      for (const each of now.netns) {
        if (closed) return
        if (!wanted.has(each.id)) {
          netns.push(each)
          continue
        }
        await turn()
        read.add(each.id)
        const start = performance.now()
        const details = await detailsOf(each.id, processes.get(each.id) ?? [])
        ms += performance.now() - start
        // Legacy tables of iptables have no such number, and it is the host's that this program changes.
        const isOurs = isAsked && each.id === now.host
        const rules = await (isOurs ? firewall.fresh(each.id, 0) : firewall.sameRules(each.id))
        netns.push(kept({ ...each, details, firewall: rules?.firewall ?? null }, each))
      }
      now = stage(round, { ...now, netns })
    }
    for (const id of dearParts.keys()) if (!read.has(id)) dearParts.delete(id)
    const made = await inPieces(checks.findings(now), () => !closed)
    if (made === null) return
    const findings = made.value
    ms += made.ms
    last = { at: performance.now(), ms, restMs: told === null ? firstRestMs : Infinity }
    if (closed || (told !== null && same(told, findings))) return
    told = findings
    tell(findings)
  }

  const run = async (): Promise<void> => {
    const isAsked = asked
    looking = true
    poked = false
    asked = false
    try {
      await look(isAsked)
    } catch (error) {
      failed(error)
    }
    looking = false
    if (!closed) arm(poked ? soonMs : everyMs)
  }

  const arm = (delayMs: number): void => {
    if (timer !== null) clearTimeout(timer)
    const restsUntil =
      last.at + Math.min(last.ms * (asked ? askedRest : poked ? pokedRest : idleRest), last.restMs)
    timer = setTimeout(() => void run(), Math.max(delayMs, restsUntil - performance.now()))
  }

  const poke = (): void => {
    if (poked || closed) return
    poked = true
    if (!looking) arm(soonMs)
  }

  const watchRules = (): void => {
    watch = setTimeout(watchRules, rulesMs)
    const host = stages[0]?.host
    const seen = host === undefined ? null : (dearParts.get(host)?.dear.firewall?.generation ?? null)
    if (looking || poked || host === undefined || seen === null) return
    const generation = firewall.generation(host)
    if (generation !== null && generation !== seen) poke()
  }

  arm(0)
  watchRules()
  return {
    poke,
    changed: () => {
      if (closed) return
      asked = true
      poked = true
      if (!looking) arm(soonMs)
    },
    close: () => {
      closed = true
      for (const each of [timer, watch]) if (each !== null) clearTimeout(each)
    },
  }
}

/** What checks ask for; counters of all kinds move without end. */
function asBefore(before: Netns, now: Netns): boolean {
  return (
    before.firewall === now.firewall &&
    same(before.details?.sysctls, now.details?.sysctls) &&
    same(before.details?.sockets, now.details?.sockets)
  )
}

function sameToChecks(before: World, now: World): boolean {
  return (
    before.host === now.host &&
    before.netns.length === now.netns.length &&
    before.netns.every((netns, at) => netns === now.netns[at]) &&
    same(before.engines, now.engines) &&
    same(before.dns, now.dns) &&
    same(before.processes, now.processes)
  )
}
