/** In which order namespaces are read, and how seldom once all were. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { sweep, type Sweep } from '../../src/collect/serve-sweep.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'

function played(count: number, msEach: number) {
  const state = { ids: Array.from({ length: count }, (_, at) => netnsId(at + 1)), ms: msEach }
  const reads: NetnsId[] = []
  const read = new Set<NetnsId>()
  const errors: unknown[] = []
  const through = vi.fn()
  const server: Sweep = sweep({
    ids: () => state.ids,
    isRead: (id) => read.has(id),
    read: (id) => {
      reads.push(id)
      vi.advanceTimersByTime(state.ms)
      if (state.ms === 13) return Promise.reject(new Error('broken'))
      read.add(id)
      return Promise.resolve()
    },
    through,
    failed: (error) => errors.push(error),
  })
  closing.push(server.close)
  return { server, state, reads, errors, through }
}

const closing: (() => void)[] = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.useRealTimers()
})
const turns = async () => {
  for (let at = 0; at < 40; at++) await new Promise((resolve) => setImmediate(resolve))
}
const after = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await turns()
}

test('first everything without rests, then a small host once a second', async () => {
  const { reads, through } = played(4, 0)
  await turns()
  expect(reads).toEqual(['1', '2', '3', '4'])
  expect(through).toHaveBeenCalledTimes(1)
  await after(999)
  expect(reads).toHaveLength(4)
  await after(1)
  expect(reads).toHaveLength(8)
  await after(1000)
  expect(reads).toHaveLength(12)
})

test('a dear one takes a fiftieth of the time', async () => {
  const { reads } = played(30, 6)
  await turns()
  expect(reads).toHaveLength(30)
  await after(1000)
  const before = reads.length
  await after(6000)
  // 6 ms of work, 300 of rest.
  expect(reads.length - before).toBeGreaterThanOrEqual(15)
  expect(reads.length - before).toBeLessThanOrEqual(21)
})

test('a new namespace is read at once, also amid a rest, and the rest goes on', async () => {
  const { server, state, reads } = played(2, 6)
  await turns()
  await after(1000)
  expect(reads).toHaveLength(3)
  state.ids = [...state.ids, netnsId(9)]
  server.poke()
  await turns()
  expect(reads.slice(3)).toEqual(['9'])
  await after(150)
  expect(reads).toHaveLength(4)
  await after(200)
  expect(reads).toHaveLength(5)
})

test('what fails is told, and the others are read', async () => {
  const { state, reads, errors } = played(3, 13)
  await turns()
  expect([reads.length, errors.length]).toEqual([3, 3])
  state.ms = 0
  await after(1000)
  expect(reads.length).toBeGreaterThan(3)
})

test('nothing after the end', async () => {
  const { server, reads, through } = played(3, 6)
  await turns()
  server.close()
  await after(60_000)
  expect([reads.length, through.mock.calls.length]).toEqual([3, 1])
})
