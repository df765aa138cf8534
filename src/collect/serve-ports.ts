/** What the Ports screen shows: sockets and rules of every namespace, told as they come in and when they change. */
import { inPieces, type Pieces } from '../lib/in-pieces.ts'
import { same } from '../lib/same.ts'
import type { Known } from '../model/known.ts'
import { isUnknown } from '../model/known.ts'
import type { NetnsId } from '../model/ids.ts'
import type { Netns } from '../model/netns.ts'
import type { PortsView } from '../model/ports-view.ts'
import type { Firewall } from '../model/ruleset.ts'
import type { Socket } from '../model/socket.ts'
import type { World } from '../model/world.ts'
import type { LiveFirewall } from './live-firewall.ts'
import type { FromWorker } from './protocol.ts'
import type { FoundNetns } from './reader.ts'
import { dearWorld, processesOf, type SocketsOf } from './serve-sockets.ts'
import { sweep, type Sweep } from './serve-sweep.ts'

/** What follows from sockets and rules is another folder's business. */
export type PortsParts = {
  readonly portsViewSteps: (world: World, waiting: ReadonlySet<NetnsId>) => Pieces<PortsView>
  readonly isListening: (socket: Socket) => boolean
}

export type ServePortsInput = {
  readonly send: (message: FromWorker) => void
  readonly found: (id: NetnsId) => FoundNetns | null
  readonly world: () => World
  readonly sockets: SocketsOf
  readonly firewall: Pick<LiveFirewall, 'sameRules'>
  readonly loadPorts: () => Promise<PortsParts>
  readonly failed: (error: unknown) => void
}

export type PortsServer = {
  readonly need: (isNeeded: boolean) => void
  /** The World is another one now. */
  readonly changed: () => void
  readonly close: () => void
}

/** Somebody waits for the first answer; afterwards what came in is told together. */
const firstMs = 150
const soonMs = 250
/** So many times as long as the view took to make until it is made again: while it grows, and later. */
const growingRest = 5
const rest = 20

export function servePorts(input: ServePortsInput): PortsServer {
  const { send, found, world, sockets, firewall, loadPorts, failed } = input
  /** Only those that listen. They stay when the screen is left: it shows them at once when it comes back. */
  const listening = new Map<NetnsId, Known<readonly Socket[]>>()
  const rules = new Map<NetnsId, Firewall | null>()
  /** The processes that there were when the sockets were read. */
  const readWith = new Map<NetnsId, Netns['holders']['processes']>()
  const worlds = dearWorld()
  let sweeps: readonly Sweep[] = []
  let told: PortsView | null = null
  let timer: NodeJS.Timeout | null = null
  let earliest = 0
  let isTelling = false
  /** Something was read, or is in the World, that the last view was not made of. */
  let isStale = true

  const ids = (): readonly NetnsId[] =>
    world().netns.flatMap(({ id, readable }) => (readable === true && found(id) !== null ? [id] : []))

  /** Whoever begins or stops to listen is mostly a process that came or went, and that is seen sooner than a round ends. */
  const withOthers = (): readonly NetnsId[] =>
    world().netns.flatMap(({ id, holders }) => {
      const before = readWith.get(id)
      return before === undefined || same(before, holders.processes) ? [] : [id]
    })

  const readSockets = async (id: NetnsId): Promise<void> => {
    const netns = found(id)
    const seen = world().netns.find((each) => each.id === id)
    if (netns === null || seen === undefined) return
    readWith.set(id, seen.holders.processes)
    const { isListening } = await loadPorts()
    const read = await sockets(netns, processes().get(id) ?? [])
    const fresh = isUnknown(read) ? read : read.filter(isListening).sort(byInode)
    const before = listening.get(id)
    if (before !== undefined && same(before, fresh)) return
    listening.set(id, fresh)
    isStale = true
    tellSoon(soonMs)
  }

  /** Grouped once for each list of processes. */
  let grouped: { readonly of: World['processes']; readonly by: ReturnType<typeof processesOf> } | null = null
  const processes = () => {
    const now = world()
    if (grouped?.of !== now.processes) grouped = { of: now.processes, by: processesOf(now) }
    return grouped.by
  }

  const readRules = async (id: NetnsId): Promise<void> => {
    const read = await firewall.sameRules(id)
    const fresh = read?.firewall ?? null
    const isNew = !rules.has(id)
    if (!isNew && rules.get(id) === fresh) return
    rules.set(id, fresh)
    isStale = true
    tellSoon(soonMs)
  }

  const tellSoon = (ms: number): void => {
    if (timer !== null || sweeps.length === 0) return
    timer = setTimeout(() => void tell(), Math.max(ms, earliest - performance.now()))
  }

  const tell = async (): Promise<void> => {
    // What comes in while it is told is told next.
    timer = null
    if (isTelling) return tellSoon(soonMs)
    isTelling = true
    isStale = false
    try {
      const { portsViewSteps } = await loadPorts()
      const all = ids()
      const waiting = new Set(all.filter((id) => !listening.has(id) || !rules.has(id)))
      const base = world()
      const alive = new Set(base.netns.map(({ id }) => id))
      for (const map of [listening, rules, readWith])
        for (const id of map.keys()) if (!alive.has(id)) map.delete(id)
      const whole = worlds.with(base, (id) => {
        const [of, by] = [listening.get(id) ?? null, rules.get(id) ?? null]
        return of === null && by === null ? null : { sockets: of, firewall: by }
      })
      const made = await inPieces(viewSteps(portsViewSteps(whole, waiting), told), () => sweeps.length > 0)
      if (made === null || sweeps.length === 0) return
      const { view, isTold } = made.value
      earliest = performance.now() + made.ms * (view.complete ? rest : growingRest)
      if (isTold) return
      told = view
      send({ type: 'ports', value: view })
    } catch (error) {
      failed(error)
    } finally {
      isTelling = false
    }
  }

  const stop = (): void => {
    for (const each of sweeps) each.close()
    sweeps = []
    told = null
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  return {
    need: (isNeeded) => {
      if (!isNeeded) return stop()
      if (sweeps.length > 0) return
      const through = (): void => {
        if (isStale) tellSoon(0)
      }
      sweeps = [
        sweep({ ids, isRead: (id) => listening.has(id), read: readSockets, through, failed }),
        // A round of a thousand takes a minute.
        sweep({ ids: withOthers, isRead: () => true, read: readSockets, through, failed }),
        // Tools are run for them, and waited for: beside the sockets.
        sweep({ ids, isRead: (id) => rules.has(id), read: readRules, through, failed }),
      ]
      earliest = 0
      isStale = true
      tellSoon(listening.size > 0 ? 0 : firstMs)
    },
    changed: () => {
      isStale = true
      for (const each of sweeps) each.poke()
    },
    close: stop,
  }
}

type Viewed = { readonly view: PortsView; readonly isTold: boolean }

/** As of now, and whether that was told already. */
function* viewSteps(steps: Pieces<PortsView>, told: PortsView | null): Pieces<Viewed> {
  const view = { ...(yield* steps), readAt: Date.now() }
  if (told === null) return { view, isTold: false }
  const { published, listening, ...others } = view
  const isTold =
    same(
      { ...others, published: [], listening: [] },
      { ...told, readAt: others.readAt, published: [], listening: [] },
    ) &&
    (yield* sameSteps(told.published, published)) &&
    (yield* sameSteps(told.listening, listening))
  return { view, isTold }
}

function* sameSteps(before: readonly unknown[], now: readonly unknown[]): Pieces<boolean> {
  if (before.length !== now.length) return false
  for (const [at, one] of now.entries()) {
    if (!same(before[at], one)) return false
    yield
  }
  return true
}

/** The kernel's own order is that of its hash tables, another at each look. */
function byInode(a: Socket, b: Socket): number {
  return a.inode === b.inode ? 0 : a.inode < b.inode ? -1 : 1
}
