/** The window of a table of connections that the screen shows: at once from what is kept, then again as it is read. */
import { inPieces, type Pieces } from '../lib/in-pieces.ts'
import type { Conntrack } from '../model/connection.ts'
import type { ConnectionsWanted, ConnectionsWindow } from '../model/connection-view.ts'
import type { NetnsId } from '../model/ids.ts'
import { isUnknown } from '../model/known.ts'
import type { World } from '../model/world.ts'
import type { FromWorker, Need } from './protocol.ts'
import type { FoundNetns } from './reader.ts'

type ConnectionsNeed = Extract<Need, { kind: 'connections' }>
type Answer = Extract<FromWorker, { type: 'connections' }>['value']
type Stats = Readonly<Record<string, number>>

/** Rows in words are another folder's business; in pieces, because there may be hundreds of thousands. */
export type ConnectionsWindowOf = (
  world: World,
  netns: NetnsId,
  conntrack: Conntrack | null,
  wanted: ConnectionsWanted,
  since: Pick<ConnectionsWindow, 'grown' | 'readAt'>,
) => Pieces<Answer>

export type ServeConnectionsInput = {
  readonly send: (message: FromWorker) => void
  /** null: nothing leads into it. */
  readonly found: (id: NetnsId) => FoundNetns | null
  readonly world: () => World
  readonly read: (netns: FoundNetns) => Pieces<Conntrack>
  /** Loaded when it is first asked for. */
  readonly loadWindow: () => Promise<ConnectionsWindowOf>
  readonly failed: (error: unknown) => void
}

export type ConnectionsServer = {
  /** null: none is shown. */
  readonly need: (need: ConnectionsNeed | null, generation: number) => void
  readonly close: () => void
}

const everyMs = 1000
/** So many times as long as it took to read and to put in order does it rest. */
const rest = 10

type Table = {
  readonly netns: NetnsId
  /** null: nothing leads into it. */
  readonly conntrack: Conntrack | null
  readonly readAt: number
  /** As they were when the screen began to look; null: they could not be read yet. */
  readonly first: Stats | null
}

export function serveConnections(input: ServeConnectionsInput): ConnectionsServer {
  const { send, found, world, read, loadWindow, failed } = input
  let wanted: { readonly need: ConnectionsNeed; readonly generation: number } | null = null
  let table: Table | null = null
  let timer: NodeJS.Timeout | null = null
  /** Which of several needs for the same namespace, one after the other, a reading belongs to. */
  let looks = 0

  /** From what is kept. Gives how long it took; another need that comes meanwhile is answered by its own call. */
  const show = async (): Promise<number> => {
    const asked = wanted
    if (asked === null || table === null) return 0
    const { conntrack, readAt, first } = table
    const { kind: _, netns, ...rows } = asked.need
    const windowOf = await loadWindow()
    const since = { readAt, grown: grownSince(first ?? {}, statsOf(conntrack) ?? {}) }
    const made = await inPieces(
      windowOf(world(), netns, conntrack, rows, since),
      () => wanted === asked && table?.readAt === readAt,
    )
    if (made === null || wanted !== asked) return 0
    send({ type: 'connections', generation: asked.generation, value: made.value })
    return made.ms
  }

  const look = async (mine: number): Promise<void> => {
    const id = wanted?.need.netns
    if (id === undefined) return
    let ms = 0
    try {
      const target = found(id)
      const done = target === null ? null : await inPieces(read(target), () => mine === looks)
      if (mine !== looks) return
      const conntrack = done?.value ?? null
      const first = table?.first ?? statsOf(conntrack)
      table = { netns: id, conntrack, readAt: Date.now(), first }
      ms = (done?.ms ?? 0) + (await show())
    } catch (error) {
      failed(error)
    }
    if (mine !== looks) return
    timer = setTimeout(() => void look(mine), Math.max(everyMs, ms * rest))
  }

  const stop = (): void => {
    looks += 1
    wanted = null
    table = null
    if (timer !== null) clearTimeout(timer)
    timer = null
  }

  return {
    need: (need, generation) => {
      if (need === null) return stop()
      const begins = wanted?.need.netns !== need.netns
      if (begins) stop()
      wanted = { need, generation }
      if (begins) void look(looks)
      // The next reading stays where it was: whoever scrolls must not put it off.
      else show().catch(failed)
    },
    close: stop,
  }
}

function statsOf(conntrack: Conntrack | null): Stats | null {
  return conntrack === null || isUnknown(conntrack.stats) ? null : conntrack.stats
}

/** `found` and others only ever grow; what was not told before has no growth. */
function grownSince(first: Stats, now: Stats): Stats {
  return Object.fromEntries(
    Object.entries(now).flatMap(([name, value]) => {
      const growth = value - (first[name] ?? value)
      return growth > 0 ? [[name, growth]] : []
    }),
  )
}
