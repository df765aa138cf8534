/** Which window of a ruleset is sent, and when. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ReadFirewall } from '../../src/collect/live-firewall.ts'
import type { FromWorker, Need } from '../../src/collect/protocol.ts'
import { serveRules } from '../../src/collect/serve-rules.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import type { RulesWindow } from '../../src/model/rules-window.ts'
import { firewall } from '../support/ruleset.ts'
import { netns, world } from '../support/world.ts'

type RulesNeed = Extract<Need, { kind: 'rules' }>

const host = netnsId(1)
const web = netnsId(2)
const need = (from: number, id: NetnsId = host): RulesNeed => ({
  kind: 'rules',
  netns: id,
  filter: {},
  folded: [],
  from,
  count: 20,
})

/** A host whose readings the test lets go, one after the other. */
function played() {
  const asked: { readonly id: NetnsId; readonly maxAgeMs: number | 'same' }[] = []
  const sent: { generation: number; from: number; readAt: number; netns: NetnsId }[] = []
  const errors: unknown[] = []
  const windows: number[] = []
  const state = {
    ruled: [] as readonly NetnsId[],
    kept: null as ReadFirewall | null,
    gone: false,
    reads: [] as ((read?: Error) => void)[],
  }
  let reads = 0
  const reading = (): Promise<ReadFirewall> =>
    new Promise((done, failed) => {
      state.reads.push((error) => {
        if (error !== undefined) return failed(error)
        state.kept = { firewall: firewall([]), at: ++reads }
        done(state.kept)
      })
    })
  const rules = serveRules({
    send: (message: FromWorker) => {
      if (message.type !== 'rules') return
      const { generation, value } = message
      if ('unknown' in value) sent.push({ generation, from: -1, readAt: -1, netns: value.netns })
      else sent.push({ generation, from: value.from, readAt: value.readAt, netns: value.netns })
    },
    firewall: {
      hasTables: (id) => Promise.resolve(state.ruled.includes(id)),
      fresh: (id, maxAgeMs) => {
        asked.push({ id, maxAgeMs })
        if (state.gone) return Promise.resolve(null)
        return state.kept !== null && maxAgeMs === Infinity ? Promise.resolve(state.kept) : reading()
      },
      sameRules: (id) => {
        asked.push({ id, maxAgeMs: 'same' })
        if (state.gone) return Promise.resolve(null)
        return state.kept === null ? reading() : Promise.resolve(state.kept)
      },
    },
    world: () => world([netns(1, 'host'), netns(2, 'web'), netns(3, 'db')]),
    rulesWindow: (whole, id, { from }) => {
      windows.push(from)
      expect(whole.netns.find((each) => each.id === id)?.firewall).toBe(state.kept?.firewall)
      return Promise.resolve({ netns: id, from, readAt: Date.parse(whole.at) } as RulesWindow)
    },
    failed: (error) => errors.push(error),
  })
  closing.push(rules.close)
  return { rules, state, asked, sent, errors, windows }
}

const closing: (() => void)[] = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.useRealTimers()
})

const after = (ms: number) => vi.advanceTimersByTimeAsync(ms)

test('rules that were read before are shown at once, with their counters a moment later', async () => {
  const { rules, state, sent, asked } = played()
  state.kept = { firewall: firewall([]), at: 100 }
  rules.need(need(0), 1)
  await after(0)
  expect(sent).toEqual([{ generation: 1, from: 0, readAt: 100, netns: host }])
  await after(100)
  expect(asked.at(-1)).toEqual({ id: host, maxAgeMs: 1000 })
  state.reads.shift()?.()
  await after(0)
  expect(sent.at(-1)).toEqual({ generation: 1, from: 0, readAt: 1, netns: host })
})

test('scrolling is answered from what is kept and does not put off the counters', async () => {
  const { rules, state, sent, asked } = played()
  state.kept = { firewall: firewall([]), at: 100 }
  rules.need(need(0), 1)
  for (let at = 1; at <= 9; at++) {
    await after(11)
    rules.need(need(at), at + 1)
  }
  await after(0)
  expect(sent.map(({ from }) => from)).toEqual([0, 1, 2, 3, 4, 5, 6, 7, 8, 9])
  expect(state.reads).toHaveLength(0)
  await after(1)
  expect(asked.at(-1)?.maxAgeMs).toBe(1000)
  // Scrolled while the counters are read: answered at once, and again with the counters.
  rules.need(need(30), 31)
  await after(0)
  expect(sent.at(-1)).toMatchObject({ generation: 31, readAt: 100 })
  state.reads.shift()?.()
  await after(0)
  expect(sent.at(-1)).toEqual({ generation: 31, from: 30, readAt: 1, netns: host })
})

test('a need for another namespace while one is read: only that one is sent', async () => {
  const { rules, state, sent, asked } = played()
  rules.need(need(0), 1)
  rules.need(need(0, web), 2)
  expect(asked.map(({ id }) => id)).toEqual([host, web])
  for (const done of state.reads.splice(0)) done()
  await after(0)
  expect(sent.every(({ netns, generation }) => netns === web && generation === 2)).toBe(true)
  expect(sent).toHaveLength(1)
})

test('scrolled while nothing is read yet: only the rows that are wanted in the end are made', async () => {
  const { rules, state, sent, windows } = played()
  rules.need(need(0), 1)
  rules.need(need(5), 2)
  rules.need(need(6), 3)
  for (const done of state.reads.splice(0)) done()
  await after(0)
  expect(new Set(windows)).toEqual(new Set([6]))
  expect(new Set(sent.map(({ generation }) => generation))).toEqual(new Set([3]))
})

test('counters rest ten times what reading them took', async () => {
  const { rules, state } = played()
  state.kept = { firewall: firewall([]), at: 100 }
  rules.need(need(0), 1)
  await after(100)
  expect(state.reads).toHaveLength(1)
  await after(600)
  state.reads.shift()?.()
  await after(5999)
  expect(state.reads).toHaveLength(0)
  await after(1)
  expect(state.reads).toHaveLength(1)
})

test.each(['close', 'need'] as const)('nothing is sent or read after %s while it is read', async (how) => {
  const { rules, state, sent, asked } = played()
  rules.need(need(0), 1)
  if (how === 'close') rules.close()
  else rules.need(null, 2)
  for (const done of state.reads.splice(0)) done()
  await after(60_000)
  expect({ sent, asked: asked.length }).toEqual({ sent: [], asked: 1 })
})

test('a namespace that nothing leads to is said to be unknown', async () => {
  const { rules, state, sent } = played()
  state.gone = true
  rules.need(need(0), 1)
  await after(0)
  expect(sent).toEqual([{ generation: 1, from: -1, readAt: -1, netns: host }])
})

test('a reading that fails is told of and tried again', async () => {
  const { rules, state, sent, errors } = played()
  rules.need(need(0), 1)
  state.reads.shift()?.(new Error('broken'))
  await after(100)
  expect(errors.map(String)).toEqual(['Error: broken'])
  state.reads.shift()?.()
  await after(0)
  expect(sent).toHaveLength(1)
})

test('the next namespace that has rules, and the one before; none other: this one', async () => {
  const { rules, state, sent } = played()
  state.kept = { firewall: firewall([]), at: 100 }
  const turned = async (turn: 1 | -1, ruled: readonly NetnsId[], generation: number) => {
    state.ruled = ruled
    rules.need({ ...need(7), turn }, generation)
    await vi.waitFor(() => expect(sent.at(-1)?.generation).toBe(generation))
    return sent.at(-1)
  }
  expect(await turned(1, [host, web], 1)).toMatchObject({ netns: web, from: 0 })
  expect(await turned(-1, [web], 2)).toMatchObject({ netns: web })
  expect(await turned(-1, [web, netnsId(3)], 4)).toMatchObject({ netns: netnsId(3) })
  expect(await turned(1, [netnsId(3)], 5)).toMatchObject({ netns: netnsId(3) })
  expect(await turned(1, [host], 6)).toMatchObject({ netns: host, from: 7 })
})
