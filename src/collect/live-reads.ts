/**
 * Reads single namespaces again, whole or in part. Where that is little it is all read; where it is
 * dear, what an event named is read at once, and everything after it table by table, with rests between, because
 * not all that changes has an event of its own.
 */
import { isHidden, type NetnsId } from '../model/ids.ts'
import { listOf, type Known } from '../model/known.ts'
import type { Netns } from '../model/netns.ts'
import type { LiveNumbers } from './live-numbers.ts'
import type { LiveWorld } from './live-world.ts'
import { lookInto } from './look-into.ts'
import type { FoundNetns, KernelReader, OneTable, Parts, Touched } from './reader.ts'
import type { Schedule } from './schedule.ts'

export type LiveReads = {
  /** Whole. */
  readonly mark: (id: NetnsId, delayMs: number) => void
  /** As far as events spoke of it. */
  readonly markTouched: (id: NetnsId, touched: Touched, delayMs: number) => void
  readonly markNeighbours: (id: NetnsId, delayMs: number) => void
  /** Whole, now. */
  readonly readAgain: (id: NetnsId) => Promise<void>
  readonly drop: (id: NetnsId) => void
}

export type LiveReadsInput = {
  readonly reader: KernelReader
  readonly world: LiveWorld
  readonly numbers: Pick<LiveNumbers, 'put' | 'readHidden'>
  readonly jobs: Schedule
  readonly found: ReadonlyMap<NetnsId, FoundNetns>
  /** It was looked at, whatever came out. */
  readonly looked: (id: NetnsId) => void
  readonly gone: (id: NetnsId) => void
  /** It has other paths by now. */
  readonly moved: () => void
  /** What has more rows is read in parts. */
  readonly dearRows: number
}

const interruptedMs = 15
/** What a dear namespace is read for in the end, so many times less often than it takes. */
const wholeRest = 10
const wholeRestMostMs = 5000
const wholeAfterMs = 150
const neighboursMs = 1000
/** What an event named is little, and somebody may be waiting to see it. */
const partsRest = 1
/** Neighbours come and go by themselves, so reading them is what an idle host costs: a four-hundredth of the time. */
const neighboursRest = 400
/** Between two tables: what an event named meanwhile is due by then, and goes first. */
const turnMs = 20
/** Routes first: those of IPv4 that go with an address or a link go without a word (fib_sync_down_addr). */
const inTurn: readonly (readonly OneTable[])[] = [
  ['routes'],
  ['links'],
  ['addresses', 'policyRules', 'nexthopObjects'],
]

export function liveReads(input: LiveReadsInput): LiveReads {
  const { reader, world, numbers, jobs, found, dearRows } = input
  /** What reading all of it took last, in ms, and when. */
  const whole = new Map<NetnsId, { readonly ms: number; readonly at: number }>()
  const touchedSince = new Map<NetnsId, Touched>()

  const mark = (id: NetnsId, delayMs: number): void => {
    if (isHidden(id)) jobs.in(delayMs, `tables ${id}`, () => numbers.readHidden(id))
    else if (found.has(id)) jobs.in(delayMs, `tables ${id}`, () => readAgain(id), { urgent: true })
  }

  const readAgain = async (id: NetnsId): Promise<void> => {
    const netns = found.get(id)
    if (netns === undefined) return
    const began = performance.now()
    const look = await lookInto(reader, netns)
    // It may have been found anew, or have gone, while a slow reader was at it.
    if (found.get(id) !== netns) return found.has(id) ? mark(id, 0) : undefined
    input.looked(id)
    if (look.kind === 'gone') return input.gone(id)
    if (look.kind === 'held' && isOpen(world.get(id))) input.moved()
    numbers.put(look.netns)
    spent(id, performance.now() - began)
    if (look.kind === 'read' && look.interrupted) mark(id, interruptedMs)
  }

  const spent = (id: NetnsId, ms: number): void => void whole.set(id, { ms, at: performance.now() })

  const markTouched = (id: NetnsId, touched: Touched, delayMs: number): void => {
    const cost = whole.get(id)
    const known = world.get(id)
    const isDear = known !== undefined && rowsOf(known) > dearRows
    if (!isDear || reader.readParts === undefined || cost === undefined) return mark(id, delayMs)
    touchedSince.set(id, joined(touchedSince.get(id), touched))
    jobs.in(delayMs, `parts ${id}`, () => readTouched(id), { rest: partsRest, urgent: true })
    const rested = cost.at + Math.min(cost.ms * wholeRest, wholeRestMostMs) - performance.now()
    jobs.in(Math.max(wholeAfterMs, rested), `whole ${id}`, () => readInTurn(id, 0, 0))
  }

  const readTouched = async (id: NetnsId): Promise<void> => {
    const touched = touchedSince.get(id)
    touchedSince.delete(id)
    if (touched === undefined) return
    const { ifindexes, policyRules } = touched
    const tables: readonly OneTable[] = policyRules ? ['policyRules'] : []
    if (ifindexes.size > 0 || tables.length > 0)
      await readParts(id, { ifindexes: [...ifindexes], tables }, false)
  }

  /** Everything, a table at a time, so that what happens meanwhile need not wait for all of it. */
  const readInTurn = async (id: NetnsId, step: number, before: number): Promise<void> => {
    const began = performance.now()
    const tables = inTurn[step]
    if (tables === undefined) {
      spent(id, before)
      return markNeighbours(id, neighboursMs)
    }
    if (!(await readParts(id, { ifindexes: [], tables }, true))) return
    const ms = before + performance.now() - began
    jobs.in(turnMs, `turn ${id}`, () => readInTurn(id, step + 1, ms))
  }

  /** False: it has to be read whole instead. */
  const readParts = async (id: NetnsId, parts: Parts, lazily: boolean): Promise<boolean> => {
    const netns = found.get(id)
    const known = world.get(id)
    const part =
      netns === undefined || known?.readable !== true
        ? undefined
        : await reader.readParts?.(netns, known, parts)
    if (part === undefined || known === undefined || 'errno' in part || world.get(id) !== known) {
      mark(id, 0)
      return false
    }
    world.put({ ...known, ...part }, lazily)
    return true
  }

  const markNeighbours = (id: NetnsId, delayMs: number): void => {
    if (isHidden(id)) mark(id, delayMs)
    else if (found.has(id))
      jobs.in(delayMs, `neighbours ${id}`, () => readNeighbours(id), { rest: neighboursRest })
  }

  /** Only what changes all the time; on an idle host nothing else does. */
  const readNeighbours = async (id: NetnsId): Promise<void> => {
    const netns = found.get(id)
    const known = world.get(id)
    if (netns === undefined || known?.readable !== true || reader.readNeighbours === undefined) {
      return readAgain(id)
    }
    const read = await reader.readNeighbours(netns, known.links)
    if ('errno' in read) return readAgain(id)
    world.put({ ...known, ...read }, true)
  }

  return {
    mark,
    markTouched,
    markNeighbours,
    readAgain,
    drop: (id) => {
      whole.delete(id)
      touchedSince.delete(id)
      for (const job of ['tables', 'parts', 'whole', 'turn', 'neighbours']) jobs.drop(`${job} ${id}`)
    },
  }
}

function joined(before: Touched | undefined, more: Touched): Touched {
  if (before === undefined) return more
  return {
    ifindexes: new Set([...before.ifindexes, ...more.ifindexes]),
    policyRules: before.policyRules || more.policyRules,
    more: before.more || more.more,
  }
}

/** By number, not by time: that would depend on what else the machine does. */
function rowsOf({ links, addresses, routes, policyRules, fdb }: Netns): number {
  const tables: readonly Known<readonly unknown[]>[] = [links, addresses, routes, policyRules, fdb]
  return tables.reduce((rows, table) => rows + listOf(table).length, 0)
}

/** Not known to be closed. */
export function isOpen(netns: Netns | undefined): boolean {
  return netns === undefined || netns.readable === true
}
