/** What the Ports screen is told while namespaces are read, and when they change. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { FromWorker } from '../../src/collect/protocol.ts'
import type { FoundNetns } from '../../src/collect/reader.ts'
import { servePorts } from '../../src/collect/serve-ports.ts'
import { isListening } from '../../src/derive/ports/listening.ts'
import { portsViewSteps } from '../../src/derive/ports-view.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import { unknown, type Known } from '../../src/model/known.ts'
import type { PortsView } from '../../src/model/ports-view.ts'
import type { Socket } from '../../src/model/socket.ts'
import type { World } from '../../src/model/world.ts'
import { firewall } from '../support/ruleset.ts'
import { netns, world } from '../support/world.ts'

function socket(port: number, fields: Partial<Socket> = {}): Socket {
  return {
    family: 'inet',
    protocol: 'tcp',
    local: { address: '0.0.0.0', port },
    remote: null,
    state: 'LISTEN',
    boundTo: null,
    v6only: null,
    uid: 0,
    inode: String(port),
    recvQueue: 0,
    sendQueue: 0,
    process: null,
    ...fields,
  }
}

function played(count = 3) {
  const told: PortsView[] = []
  const reads: NetnsId[] = []
  const state = {
    world: world([
      netns(1, 'host'),
      ...Array.from({ length: count - 1 }, (_, at) => netns(at + 2, `n${at + 2}`)),
    ]),
    sockets: new Map<NetnsId, Known<readonly Socket[]>>([[netnsId(2), [socket(80)]]]),
    msEach: 0,
    rules: [] as (() => void)[],
    waitsForRules: false,
  }
  const empty = firewall([])
  let views = 0
  const errors: unknown[] = []
  const server = servePorts({
    send: (message: FromWorker) => {
      if (message.type === 'ports') told.push(message.value)
    },
    found: (id) => ({ id }) as FoundNetns,
    world: () => state.world,
    sockets: ({ id }) => {
      reads.push(id)
      vi.advanceTimersByTime(state.msEach)
      return Promise.resolve(state.sockets.get(id) ?? [])
    },
    firewall: {
      sameRules: async () => {
        if (state.waitsForRules) await new Promise<void>((resolve) => state.rules.push(resolve))
        return { firewall: empty, at: 1 }
      },
    },
    loadPorts: () =>
      Promise.resolve({
        portsViewSteps: (whole, waiting) => {
          views += 1
          // What was not read yet is not known: an empty list would say that nothing listens there.
          for (const { id, details } of whole.netns) {
            if (!reads.includes(id)) expect([id, details]).toEqual([id, null])
          }
          return portsViewSteps(whole, waiting)
        },
        isListening,
      }),
    failed: (error) => errors.push(error),
  })
  closing.push(server.close)
  return { server, state, told, reads, errors, views: () => views }
}

const closing: (() => void)[] = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance', 'Date'] }))
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.useRealTimers()
})
const turns = async () => {
  for (let at = 0; at < 60; at++) await new Promise((resolve) => setImmediate(resolve))
}
const after = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await turns()
}
const portsOf = (view: PortsView | undefined) => view?.listening.map(({ netns, port }) => `${netns}:${port}`)

test('a small host is told whole, once, and again only when something is different', async () => {
  const { server, state, told, reads } = played()
  server.need(true)
  await after(200)
  expect(told.at(-1)).toMatchObject({ complete: true, unreadSockets: [], unreadRules: [] })
  expect(portsOf(told.at(-1))).toEqual(['2:80'])
  const before = told.length
  await after(5000)
  expect(told).toHaveLength(before)
  expect(reads.length).toBeGreaterThan(9)

  state.sockets.set(netnsId(2), [])
  state.sockets.set(netnsId(3), [socket(81), socket(9, { state: 'ESTAB' })])
  await after(1500)
  expect(portsOf(told.at(-1))).toEqual(['3:81'])
  expect(told.length).toBeGreaterThan(before)
})

test('connections that come and go, queues of theirs and another order are nothing new', async () => {
  const { server, state, told, views } = played()
  state.sockets.set(netnsId(2), [socket(80), socket(81)])
  server.need(true)
  await after(200)
  await after(2000)
  const before = told.length
  const made = views()
  state.sockets.set(netnsId(2), [socket(5000, { state: 'ESTAB' }), socket(81), socket(80)])
  await after(400)
  await after(1100)
  expect(told).toHaveLength(before)
  // The view is not even made.
  expect(views()).toBe(made)
})

test('where there are many the first answer comes before all are read, without calling the others unknown', async () => {
  const { server, state, told } = played(300)
  state.msEach = 4
  state.sockets.set(netnsId(300), [socket(443)])
  state.sockets.set(netnsId(4), unknown('permission denied'))
  server.need(true)
  for (let at = 0; at < 10 && told.length === 0; at++) await turns()
  const [first] = told
  expect(first).toMatchObject({
    complete: false,
    unreadSockets: [{ netns: '4', unknown: 'permission denied' }],
  })
  expect(portsOf(first)).toEqual(['2:80'])
  for (let at = 0; at < 20; at++) await after(100)
  expect(told.at(-1)).toMatchObject({
    complete: true,
    unreadSockets: [{ netns: '4', unknown: 'permission denied' }],
  })
  expect(portsOf(told.at(-1))).toEqual(['2:80', '300:443'])
})

test('rules that tools are still read for do not keep sockets back', async () => {
  const { server, state, told } = played()
  state.waitsForRules = true
  server.need(true)
  await after(400)
  expect(told.at(-1)).toMatchObject({ complete: false })
  expect(portsOf(told.at(-1))).toEqual(['2:80'])
  state.waitsForRules = false
  for (const done of state.rules.splice(0)) done()
  await turns()
  await after(400)
  expect(told.at(-1)).toMatchObject({ complete: true })
})

test('a namespace that is new is there at once, and one that is gone is not', async () => {
  const { server, state, told } = played()
  server.need(true)
  await after(200)
  const with4: World = { ...state.world, netns: [...state.world.netns, netns(4, 'n4')] }
  state.sockets.set(netnsId(4), [socket(22)])
  state.world = with4
  server.changed()
  await after(300)
  expect(portsOf(told.at(-1))).toEqual(['2:80', '4:22'])
  state.world = { ...with4, netns: with4.netns.filter(({ id }) => id !== '2') }
  server.changed()
  await after(300)
  expect(portsOf(told.at(-1))).toEqual(['4:22'])
})

test('left and come back to: shown at once from what is kept, and read again', async () => {
  const { server, state, told, reads } = played()
  server.need(true)
  await after(200)
  server.need(false)
  const [before, done] = [told.length, reads.length]
  await after(60_000)
  expect([told.length, reads.length]).toEqual([before, done])
  state.sockets.set(netnsId(2), [])
  server.need(true)
  await after(1)
  expect(portsOf(told.at(-1))).toEqual(['2:80'])
  await after(1500)
  expect(portsOf(told.at(-1))).toEqual([])
})

test('whose processes changed is read before its turn: a round of many takes long', async () => {
  const { server, state, told, reads } = played(60)
  server.need(true)
  for (let at = 0; at < 20; at++) await after(100)
  expect(told.at(-1)).toMatchObject({ complete: true })
  // A minute for all of them, at fifty rests for each.
  state.msEach = 20
  const withProcess = (processes: readonly number[]): void => {
    state.world = {
      ...state.world,
      netns: state.world.netns.map((each) =>
        each.id === netnsId(40) ? { ...each, holders: { ...each.holders, processes } } : each,
      ),
    }
    server.changed()
  }
  const soon = async () => {
    for (let at = 0; at < 30; at++) await after(100)
  }
  withProcess([99])
  state.sockets.set(netnsId(40), [socket(443)])
  await soon()
  expect(portsOf(told.at(-1))).toEqual(['2:80', '40:443'])
  withProcess([])
  state.sockets.delete(netnsId(40))
  const before = reads.length
  await soon()
  expect(portsOf(told.at(-1))).toEqual(['2:80'])
  // Once, beside some of the round.
  expect(reads.slice(before).filter((id) => id === netnsId(40)).length).toBeLessThanOrEqual(2)
})
