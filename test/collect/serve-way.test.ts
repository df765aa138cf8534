import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ReadFirewall } from '../../src/collect/live-firewall.ts'
import type { FromWorker } from '../../src/collect/protocol.ts'
import { serveWay } from '../../src/collect/serve-way.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Way } from '../../src/model/way-rule.ts'
import { firewall } from '../support/ruleset.ts'
import { netns, world } from '../support/world.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const way: Way = { netns: netnsId(1), iif: 'docker0', oif: 'eth0', source: null }

function played() {
  const told: unknown[] = []
  const asked: string[] = []
  const state = { packets: 1, gone: false, errors: [] as unknown[], broken: false }
  const read = (how: string) => async (): Promise<ReadFirewall | null> => {
    asked.push(how)
    if (state.broken) throw new Error('broken')
    return state.gone ? null : { firewall: firewall([]), at: 0 }
  }
  const server = serveWay({
    send: (message: FromWorker) => {
      if (message.type === 'way') told.push(message.value.rules)
    },
    world: () => world([netns(1, 'host')]),
    firewall: { sameRules: read('same'), fresh: read('fresh') },
    loadWay: async () => (each, asked) => {
      expect(each.firewall).not.toBe(null)
      return {
        way: asked,
        rules: [
          {
            hook: 'forward',
            rule: {} as never,
            does: 'ACCEPT',
            maybe: false,
            packets: state.packets,
            bytes: 0,
          },
        ],
      }
    },
    failed: (error) => state.errors.push(error),
  })
  return { server, told, asked, state }
}

const counts = (told: readonly unknown[]) =>
  told.map((rules) => (Array.isArray(rules) ? rules[0].packets : rules))

test('told at once from what is kept, then as its counters grow, and only then', async () => {
  const { server, told, asked, state } = played()
  server.need(way)
  await vi.advanceTimersByTimeAsync(10)
  expect(counts(told)).toEqual([1])
  await vi.advanceTimersByTimeAsync(4100)
  expect(counts(told)).toEqual([1])
  state.packets = 5
  await vi.advanceTimersByTimeAsync(2100)
  expect(counts(told)).toEqual([1, 5])
  expect(asked[0]).toBe('same')
  expect(new Set(asked.slice(1))).toEqual(new Set(['fresh']))
  server.close()
})

test('the same way again begins nothing anew; another one is told at once; none ends it', async () => {
  const { server, told, asked } = played()
  server.need(way)
  await vi.advanceTimersByTimeAsync(10)
  server.need({ ...way })
  await vi.advanceTimersByTimeAsync(10)
  expect(asked.length).toBe(1)
  server.need({ ...way, oif: 'eth1' })
  await vi.advanceTimersByTimeAsync(10)
  expect(told.length).toBe(2)
  server.need(null)
  await vi.advanceTimersByTimeAsync(10_000)
  expect(asked.length).toBe(2)
})

test('a namespace that went away is told, an error is passed on and tried again', async () => {
  const { server, told, state } = played()
  state.gone = true
  server.need(way)
  await vi.advanceTimersByTimeAsync(10)
  expect(told).toEqual([{ unknown: 'no file leads to it' }])
  state.broken = true
  await vi.advanceTimersByTimeAsync(2100)
  expect(state.errors.length).toBe(1)
  state.broken = false
  state.gone = false
  await vi.advanceTimersByTimeAsync(2100)
  expect(counts(told).at(-1)).toBe(1)
  server.close()
})
