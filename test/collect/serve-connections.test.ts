/** Which window of connections is sent, and when the table is read. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FromWorker, Need } from '../../src/collect/protocol.ts'
import type { FoundNetns } from '../../src/collect/reader.ts'
import { serveConnections } from '../../src/collect/serve-connections.ts'
import type { Conntrack } from '../../src/model/connection.ts'
import type { ConnectionsWindow } from '../../src/model/connection-view.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import { netns, world } from '../support/world.ts'

type ConnectionsNeed = Extract<Need, { kind: 'connections' }>

const host = netnsId(1)
const web = netnsId(2)
const need = (from: number, id: NetnsId = host): ConnectionsNeed => ({
  kind: 'connections',
  netns: id,
  text: '',
  order: 'standing',
  descending: false,
  from,
  count: 20,
})

/** Tables that are read in as many pieces as `state.pieces` says, each taking `state.ms`. */
function played() {
  const sent: { generation: number; from: number; netns: NetnsId; readAt: number; grown: object }[] = []
  const unknowns: string[] = []
  const errors: unknown[] = []
  const reads: NetnsId[] = []
  const state = { pieces: 1, ms: 0, drop: 5, gone: false, broken: false, open: 0, windows: 0 }
  const conntrack = (): Conntrack => ({
    count: 0,
    max: 9,
    stats: { drop: state.drop, found: 1 },
    entries: [],
  })
  const spend = (ms: number) => vi.advanceTimersByTime(ms)
  const server = serveConnections({
    send: (message: FromWorker) => {
      if (message.type !== 'connections') return
      const { generation, value } = message
      if ('unknown' in value) unknowns.push(value.unknown)
      else
        sent.push({
          generation,
          from: value.from,
          netns: value.netns,
          readAt: value.readAt,
          grown: value.grown,
        })
    },
    found: (id) => (state.gone ? null : ({ id } as FoundNetns)),
    world: () => world([netns(1, 'host'), netns(2, 'web')]),
    *read({ id }) {
      reads.push(id)
      state.open += 1
      try {
        for (let at = 0; at < state.pieces; at++) {
          spend(state.ms)
          if (state.broken) throw new Error('broken')
          yield
        }
        return conntrack()
      } finally {
        state.open -= 1
      }
    },
    loadWindow: () =>
      Promise.resolve(function* (_world, id, table, { from }, since) {
        state.windows += 1
        yield
        if (table === null) return { netns: id, unknown: 'gone' }
        return { netns: id, from, ...since } as ConnectionsWindow
      }),
    failed: (error) => errors.push(error),
  })
  closing.push(server.close)
  return { server, state, sent, unknowns, errors, reads }
}

const closing: (() => void)[] = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.useRealTimers()
})

/** Turns of the event loop are real. */
const turns = async () => {
  for (let at = 0; at < 20; at++) await new Promise((resolve) => setImmediate(resolve))
}
const after = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await turns()
}

test('read at once, then each second; what grew since the first look is told', async () => {
  const { server, state, sent, reads } = played()
  server.need(need(0), 1)
  await turns()
  expect(sent).toMatchObject([{ generation: 1, from: 0, netns: host, grown: {} }])
  state.drop = 8
  await after(999)
  expect(reads).toHaveLength(1)
  await after(1)
  expect(sent.at(-1)).toMatchObject({ generation: 1, grown: { drop: 3 } })
  await after(1000)
  expect(sent.at(-1)).toMatchObject({ grown: { drop: 3 } })
  expect(reads).toHaveLength(3)
})

test('scrolling is answered from what is kept, and does not put off the next reading', async () => {
  const { server, sent, reads } = played()
  server.need(need(0), 1)
  await turns()
  for (let at = 1; at <= 9; at++) {
    server.need(need(at), at + 1)
    await after(100)
  }
  expect(reads).toHaveLength(1)
  expect(sent.map(({ from }) => from)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(new Set(sent.map(({ readAt }) => readAt)).size).toBe(1)
  await after(100)
  expect(reads).toHaveLength(2)
  expect(sent.at(-1)).toMatchObject({ generation: 10, from: 9 })
})

test('a large table rests ten times what it took', async () => {
  const { server, state, reads } = played()
  state.pieces = 50
  state.ms = 10
  server.need(need(0), 1)
  for (let at = 0; at < 10; at++) await turns()
  expect([reads.length, state.open]).toEqual([1, 0])
  await after(4900)
  expect(reads).toHaveLength(1)
  await after(200)
  expect(reads).toHaveLength(2)
})

test('another namespace while a table is read: that reading is given up, and closed', async () => {
  const { server, state, sent, reads } = played()
  state.pieces = 1_000_000
  state.ms = 10
  server.need(need(0), 1)
  await turns()
  expect(state.open).toBe(1)
  state.pieces = 1
  server.need(need(0, web), 2)
  await turns()
  expect([reads, state.open]).toEqual([[host, web], 0])
  expect(sent).toMatchObject([{ generation: 2, netns: web }])
})

test('of several windows that are wanted before the table is there only the last is made', async () => {
  const { server, state, sent } = played()
  state.pieces = 3
  state.ms = 10
  for (let at = 0; at < 5; at++) server.need(need(at), at)
  await turns()
  await turns()
  expect(sent.map(({ from }) => from)).toEqual([4])
  expect(state.windows).toBe(1)
})

test.each(['close', 'need'] as const)(
  'nothing is read or sent after %s, and nothing stays open',
  async (how) => {
    const { server, state, sent, reads } = played()
    state.pieces = 1_000_000
    state.ms = 10
    server.need(need(0), 1)
    await turns()
    if (how === 'close') server.close()
    else server.need(null, 2)
    await turns()
    await after(60_000)
    expect({ sent, reads: reads.length, open: state.open }).toEqual({ sent: [], reads: 1, open: 0 })
  },
)

test('a namespace that goes away is unknown, and there again when it comes back', async () => {
  const { server, state, unknowns, sent, reads } = played()
  server.need(need(0), 1)
  await turns()
  state.gone = true
  await after(1000)
  expect([unknowns, reads.length]).toEqual([['gone'], 1])
  state.gone = false
  await after(1000)
  expect(sent).toHaveLength(2)
})

test('a reading that fails is told of, and tried again', async () => {
  const { server, state, errors, sent } = played()
  state.broken = true
  server.need(need(0), 1)
  await turns()
  expect(errors.map(String)).toEqual(['Error: broken'])
  state.broken = false
  await after(1000)
  expect(sent).toHaveLength(1)
})
