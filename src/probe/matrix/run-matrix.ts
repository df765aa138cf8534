/** Every member of a network to every other: tile by tile, so that neither sockets nor the kernel's neighbours run out. */
import { readFileSync } from 'node:fs'
import { setImmediate as turn } from 'node:timers/promises'
import { loadLibc } from '../../collect/kernel/libc.ts'
import { failed, succeeded, type Failure, type Outcome } from '../../lib/failure.ts'
import { inPieces } from '../../lib/in-pieces.ts'
import type { MatrixRequest, Place } from '../../model/probe.ts'
import type { ProbeContext, Runner } from '../context.ts'
import { emptyBoard, type Board } from './board.ts'
import { takeOff, type Flight } from './flight.ts'
import { neighboursOf, type Neighbours } from './neighbours.ts'
import { ring, tiles, type Tile } from './tiles.ts'

/** Sockets that are open at the same time. */
const mostSockets = 1000
/** Descriptors of the helper's own. */
const otherDescriptors = 100
const fewestSockets = 50
/** Members of one side of a tile: 2 · 15² cells and as many neighbours, and room for what is waited for meanwhile. */
const largestTile = 15
/** Of the neighbours that there is room for, we take at most that part. */
const ourPart = 0.6
/** Each question goes to all members at once: more together than that, and a busy host drops some (netdev_max_backlog). */
const askedAtOnce = 10
/** How often somebody is asked for who is not found, and how long an answer may take: four times as long each time. */
const asks = 3
const askMs = 30
/** After that long only silence is waited for, and the next tile begins. */
const graceMs = 10
const sliceMs = 8
const progressMs = 100

/** Of the largest bridge, 1,023 ports, four things can be tried. */
const mostCells = 5_000_000

function tooMany(cells: number): Failure {
  return {
    kind: 'usage',
    what: `matrix: ${cells.toLocaleString('en')} things to try are more than ${mostCells.toLocaleString('en')}`,
    hint: 'give fewer ports',
  }
}

export const runMatrix: Runner<'matrix'> = async (request, context) => {
  const cells = request.members.length ** 2 * (request.ports.length + Number(request.ping))
  if (cells > mostCells) return failed(tooMany(cells))
  const sockets = await context.sockets()
  if (!sockets.ok) return sockets
  const libc = await loadLibc()
  if (!libc.ok) return libc
  const most = Math.min(mostSockets, openFilesAllowed() - otherDescriptors)
  if (most < fewestSockets) return failed(tooFewFiles(most + otherDescriptors))
  const { members, ping, ports, network } = request
  const tried = [...(ping ? ['ping' as const] : []), ...ports]
  const board = emptyBoard(members.length, tried.length)
  const began = performance.now()
  const neighbours = neighboursOf(libc.value)
  // Who was asked for again and again and not found is not asked for once more by each.
  const isHopeless = (address: string): boolean => neighbours.hasAsked() && !neighbours.isFound(address)
  const flight = takeOff(sockets.value, request, tried, board, isHopeless, context.signal)
  try {
    const flown = await flyAll(request, tried.length, most, board, flight, neighbours, context)
    if (!flown.ok) return flown
    const seconds = Math.round(performance.now() - began) / 1000
    const told = await inPieces(board.result(), () => true)
    if (told === null) throw new Error('matrix: nobody gave up')
    return succeeded({
      kind: 'matrix',
      network,
      members: members.map(({ name, target, place }) => ({
        name,
        address: target.address,
        netns: place.netns,
      })),
      tried,
      ...told.value,
      seconds,
      mostSockets: flight.mostOpen(),
    })
  } finally {
    flight.close()
  }
}

async function flyAll(
  { members, timeoutMs }: MatrixRequest,
  items: number,
  most: number,
  board: Board,
  flight: Flight,
  neighbours: Neighbours,
  { signal, emit }: ProbeContext,
): Promise<Outcome<void>> {
  const total = members.length ** 2 * items
  let told = performance.now()
  let rested = told
  const breathe = async (): Promise<void> => {
    const now = performance.now()
    if (now - told >= progressMs) {
      told = now
      emit({ type: 'progress', done: board.done(), total })
    }
    if (now - rested < sliceMs) return
    flight.look()
    await turn()
    rested = performance.now()
  }
  const room = Math.max(0, neighbours.room()) * ourPart
  const size = Math.max(1, Math.min(largestTile, Math.floor(Math.sqrt(Math.min(most / 2, room) / 2))))
  const tidies = members.length * (members.length - 1) > room
  if (tidies) {
    for (const { place } of members) {
      neighbours.remember(place)
      await breathe()
    }
  }
  let hasToAsk = false
  const fly = async (tile: readonly Tile[], item: number, isCounted: boolean): Promise<Outcome<void>> => {
    const cells = tile.reduce((sum, { to }) => sum + to.length, 0)
    await flight.until(() => flight.open() + cells <= most, timeoutMs + graceMs)
    const before = flight.open()
    for (const { from, to } of tile) {
      if (signal.aborted) break
      const started = flight.begin({ from, to, item, isCounted })
      if (!started.ok) return started
      await breathe()
    }
    // Who has to ask gets more time: what still waits for an answer then fails as unreachable, as it would after 3 s.
    if (tidies) await flight.until(() => flight.open() <= before, hasToAsk ? askMs : graceMs)
    return succeeded(undefined)
  }
  const all = members.map(({ target }) => target.address)
  let refused: Outcome<never> | null = null
  const flyItems = async (tile: readonly Tile[]): Promise<void> => {
    for (let item = 0; item < items && refused === null && !signal.aborted; item += 1) {
      const flown = await fly(tile, item, true)
      if (!flown.ok) refused = flown
    }
  }
  const eachOf = async (
    tile: readonly Tile[],
    work: (place: Place, to: readonly string[], own: string) => void,
  ) => {
    for (const { from, to } of tile) {
      const member = members[from]
      if (member !== undefined) {
        work(
          member.place,
          to.flatMap((at) => all[at] ?? []),
          member.target.address,
        )
      }
      await breathe()
    }
  }
  const goesOn = (): boolean => refused === null && !signal.aborted
  if (tidies) {
    for (let time = 0; time < asks; time += 1) {
      for (const asking of ring(members.length, askedAtOnce)) {
        const tile = asking.filter(({ to }) => to.some((at) => !neighbours.isFound(all[at] ?? '')))
        if (tile.length === 0 || !goesOn()) continue
        const flown = await fly(tile, 0, false)
        if (!flown.ok) refused = flown
        const isKnown = (): boolean =>
          tile.every(({ to }) => to.every((at) => neighbours.isFound(all[at] ?? '')))
        for (const until = performance.now() + askMs * 4 ** time; ;) {
          await eachOf(tile, neighbours.learn)
          if (isKnown() || performance.now() >= until || !goesOn()) break
          await flight.until(() => false, graceMs)
        }
        await eachOf(tile, (place, to) => neighbours.forget(place, to, 'awaited'))
      }
    }
  }
  for (const tile of tiles(members.length, size)) {
    if (!goesOn()) break
    if (!tidies) {
      await flyItems(tile)
      continue
    }
    const incomplete = new Set<string>()
    await eachOf(tile, (place, to, own) => {
      if (!neighbours.tell(place, own, to)) incomplete.add(place.netns.id)
    })
    hasToAsk = incomplete.size > 0
    await flyItems(tile)
    await eachOf(tile, (place, to) =>
      neighbours.forget(place, to, incomplete.has(place.netns.id) ? 'awaited' : 'told'),
    )
  }
  if (refused === null) await flight.until(() => flight.open() === 0, timeoutMs + graceMs)
  // What was sent once more while we waited made an entry again.
  if (tidies) {
    for (const { place } of members) {
      neighbours.forget(place, all, 'awaited')
      await breathe()
    }
  }
  // Also where it was stopped: it is over.
  emit({ type: 'progress', done: total, total })
  return refused ?? succeeded(undefined)
}

/** RLIMIT_NOFILE as it is in force; Node raises it to what is allowed when it starts. */
function openFilesAllowed(): number {
  const limits = readFileSync('/proc/self/limits', 'utf8')
  const soft = /^Max open files\s+(\d+)/m.exec(limits)?.[1]
  return soft === undefined ? mostSockets + otherDescriptors : Number(soft)
}

function tooFewFiles(limit: number): Failure {
  return {
    kind: 'refused',
    what: `a matrix needs at least ${fewestSockets} sockets at the same time, and only ${limit} files may be open`,
    subject: 'RLIMIT_NOFILE',
    hint: 'raise the limit of open files: ulimit -n 4096',
  }
}
