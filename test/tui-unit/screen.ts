/** Plays the worker and the keyboard to `update`, and reads what `view` drew as text. */
import type { FromWorker } from '../../src/collect/protocol.ts'
import { counterFields } from '../../src/collect/protocol.ts'
import type { NetnsId } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { width } from '../../src/lib/width.ts'
import type { Frame, Size } from '../../src/tui/frame.ts'
import type { Effect, Msg } from '../../src/tui/msg.ts'
import { initialState, type Options, type State } from '../../src/tui/state.ts'
import { update } from '../../src/tui/update.ts'
import { chartLines } from '../../src/tui/render/charts.ts'
import { view } from '../../src/tui/view.ts'

export const start = Date.parse('2026-11-21T14:03:22.000Z')

export type Screen = {
  state: State
  /** Everything asked for, oldest first. */
  readonly effects: Effect[]
  now: number
  send(msg: Msg): void
  keys(...keys: readonly string[]): void
  type(text: string): void
  worker(message: FromWorker): void
  /** A delta from what the screen knows to this World. */
  world(next: World): void
  wait(ms: number): void
  frame(): Frame
  text(): string
  /** The first line of the screen that holds this. */
  line(part: string): string
}

export function screen(options: Partial<Options> & { readonly size?: Size } = {}): Screen {
  let seq = 0
  let known: World | null = null
  const it: Screen = {
    state: initialState({
      mode: 'live',
      readonly: false,
      now: start,
      size: { columns: 80, rows: 24 },
      ...options,
    }),
    effects: [],
    now: start,
    send(msg) {
      const [state, ...effects] = update(it.state, msg)
      it.state = state
      it.effects.push(...effects)
    },
    keys(...keys) {
      for (const key of keys) it.send({ type: 'key', key })
    },
    type(text) {
      for (const key of text) it.send({ type: 'key', key: key === ' ' ? 'space' : key })
    },
    worker(message) {
      if (message.type === 'world') seq = message.seq
      it.send({ type: 'worker', message, now: it.now })
    },
    world(next) {
      const before = new Map<NetnsId, Netns>((known?.netns ?? []).map((each) => [each.id, each]))
      const { netns, changes: _, ...header } = next
      const ids = new Set(netns.map((each) => each.id))
      known = next
      it.worker({
        type: 'world',
        seq: seq + 1,
        header,
        changed: netns.filter((each) => before.get(each.id) !== each),
        gone: [...before.keys()].filter((id) => !ids.has(id)),
        complete: true,
      })
    },
    wait(ms) {
      it.now += ms
      it.send({ type: 'clock', now: it.now })
    },
    frame: () => view(it.state, it.state.size),
    text: () => textOfFrame(it.frame(), it.state.options.ascii),
    line: (part) =>
      it
        .text()
        .split('\n')
        .find((line) => line.includes(part)) ?? '',
  }
  return it
}

/** A screen on which this World is live. */
export function live(world: World, options: Partial<Options> & { readonly size?: Size } = {}): Screen {
  const it = screen(options)
  it.send({ type: 'resize', size: it.state.size })
  it.world(world)
  return it
}

/**
 * What may act on a terminal, or turn its text around. It has no width, so the picture of a frame would not show it: every
 * test that looks at a frame fails of it instead.
 */
const harmful = /[\p{Cc}\u2028-\u202e\u2066-\u2069]/u

/** Regions laid over each other, cells and all. */
export function textOfFrame(frame: Frame, useAscii = false): string {
  const rows = Array.from({ length: frame.rows }, () => Array.from({ length: frame.columns }, () => ' '))
  for (const region of frame.regions) {
    const { chart } = region
    const lines =
      chart === undefined ? region.lines : chartLines(chart, region.width, region.height, useAscii)
    for (let at = 0; at < region.height; at += 1) {
      const row = rows[region.top + at]
      if (row === undefined) continue
      row.fill(' ', region.left, region.left + region.width)
      let column = region.left
      for (const span of lines[at]?.spans ?? []) {
        if (harmful.test(span.text))
          throw new Error(`a span of ${region.id} holds ${JSON.stringify(span.text)}`)
        for (const character of span.text) {
          row[column] = character
          // The cell after a wide one is empty.
          if (width(character) === 2) row[column + 1] = ''
          column += width(character)
        }
      }
    }
  }
  return `${rows.map((row) => row.map(whole).join('').trimEnd()).join('\n')}\n`
}

/** A wide character of which a region above shows only half is a space, as render/difference.ts draws it. */
function whole(character: string, column: number, row: readonly string[]): string {
  const isWide = (at: string | undefined): boolean => at !== undefined && width(at) === 2
  if (isWide(character)) return row[column + 1] === '' ? character : ' '
  return character === '' && !isWide(row[column - 1]) ? ' ' : character
}

/** One reading of every link of these namespaces: `bytes` received and half of that sent. */
export function countersOf(
  namespaces: readonly Netns[],
  at: number,
  bytes: (ifindex: number) => number,
): FromWorker {
  const rows = namespaces.flatMap((netns, place) =>
    listOf(netns.links).map((link) => {
      const rx = bytes(link.ifindex)
      const values: Record<(typeof counterFields)[number], number> = {
        netns: place,
        ifindex: link.ifindex,
        rxBytes: rx,
        rxPackets: Math.floor(rx / 100),
        rxDropped: 0,
        rxErrors: 0,
        txBytes: Math.floor(rx / 2),
        txPackets: Math.floor(rx / 200),
        txDropped: 0,
        txErrors: 0,
      }
      return counterFields.map((field) => values[field])
    }),
  )
  return {
    type: 'counters',
    at,
    netns: namespaces.map((netns) => netns.id),
    values: Float64Array.from(rows.flat()),
  }
}
