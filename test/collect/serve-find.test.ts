/** Which texts are looked for, with what, and when an answer is told again. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { ReadFirewall } from '../../src/collect/live-firewall.ts'
import type { FromWorker } from '../../src/collect/protocol.ts'
import type { FoundNetns } from '../../src/collect/reader.ts'
import { serveFind } from '../../src/collect/serve-find.ts'
import type { Found } from '../../src/model/found.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { firewall } from '../support/ruleset.ts'
import { netns, world } from '../support/world.ts'

const host = netnsId(1)
const web = netnsId(2)

function played() {
  const told: { readonly text: string; readonly says: readonly string[] }[] = []
  const looked: { readonly text: string; readonly world: World }[] = []
  const errors: unknown[] = []
  const state = {
    world: world([netns(1, 'host'), netns(2, 'web')]),
    rules: { firewall: firewall([]), at: 1 } as ReadFirewall,
    listens: false,
    about: [web] as readonly NetnsId[],
    rulesWait: [] as (() => void)[],
    waits: false,
    broken: false,
  }
  const server = serveFind({
    send: (message: FromWorker) => {
      if (message.type === 'found')
        told.push({ text: message.text, says: message.value.map(({ says }) => says) })
    },
    found: (id) => ({ id }) as FoundNetns,
    world: () => state.world,
    sockets: () => Promise.resolve(state.listens ? [{ inode: '1' } as never] : []),
    firewall: {
      sameRules: async (id) => {
        expect(id).toBe(host)
        if (state.waits) await new Promise<void>((resolve) => state.rulesWait.push(resolve))
        return state.rules
      },
    },
    loadFind: () =>
      Promise.resolve({
        findSteps: function* (whole, text) {
          yield
          if (state.broken) throw new Error('broken')
          looked.push({ text, world: whole })
          const own = whole.netns.find(({ id }) => id === web)
          const [sockets] = [own?.details?.sockets]
          const listens = sockets === undefined ? 'not read' : Array.isArray(sockets) && sockets.length > 0
          const rules = whole.netns[0]?.firewall?.generation ?? null
          return [{ says: `${text} ${own?.names[0]?.name} ${listens} ${rules}` } as Found]
        },
        namespacesAbout: () => state.about,
      }),
    failed: (error) => errors.push(error),
  })
  closing.push(server.close)
  return { server, state, told, looked, errors }
}

const closing: (() => void)[] = []
beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.useRealTimers()
})
const turns = async () => {
  for (let at = 0; at < 20; at++) await new Promise((resolve) => setImmediate(resolve))
}
const after = async (ms: number) => {
  await vi.advanceTimersByTimeAsync(ms)
  await turns()
}

test('with the rules of the host, and the sockets of what it is about', async () => {
  const { server, state, told } = played()
  state.listens = true
  server.need('veth1')
  await turns()
  expect(told).toEqual([{ text: 'veth1', says: ['veth1 web true 1'] }])
})

test('of what it is not about no sockets are read', async () => {
  const { server, state, told } = played()
  state.about = []
  server.need('veth1')
  await turns()
  expect(told[0]?.says).toEqual(['veth1 web not read 1'])
})

test('typed fast: one at a time, and the last only', async () => {
  const { server, state, told, looked } = played()
  state.waits = true
  for (const text of ['v', 've', 'vet', 'veth']) server.need(text)
  await turns()
  expect(state.rulesWait).toHaveLength(1)
  state.waits = false
  for (const done of state.rulesWait.splice(0)) done()
  await turns()
  expect(told.map(({ text }) => text)).toEqual(['veth'])
  expect(new Set(looked.map(({ text }) => text))).toEqual(new Set(['veth']))
})

test('an empty text is nothing, at once', async () => {
  const { server, told, looked } = played()
  server.need('  ')
  await turns()
  expect([told, looked]).toEqual([[{ text: '  ', says: [] }], []])
})

test('told again when the answer is another: another World, rules, or a socket; and only then', async () => {
  const { server, state, told, looked } = played()
  server.need('veth1')
  await turns()
  await after(10_000)
  expect(told).toHaveLength(1)
  state.world = world([netns(1, 'host'), netns(2, 'renamed')])
  server.changed()
  await after(250)
  expect(told.at(-1)?.says).toEqual(['veth1 renamed false 1'])
  state.rules = { firewall: { ...firewall([]), generation: 7 }, at: 2 }
  await after(2000)
  expect(told.at(-1)?.says).toEqual(['veth1 renamed false 7'])
  state.listens = true
  await after(2000)
  expect(told.at(-1)?.says).toEqual(['veth1 renamed true 7'])
  expect(told).toHaveLength(4)
  // What says the same is the same object, so that indexes made from it stay.
  const before = looked.at(-1)?.world
  await after(4000)
  expect(looked.at(-1)?.world).toBe(before)
})

test('a World that changes without end is not looked through without end', async () => {
  const { server, state, looked } = played()
  server.need('veth1')
  await turns()
  const before = looked.length
  for (let at = 0; at < 100; at++) {
    state.world = { ...state.world }
    server.changed()
    await after(10)
  }
  expect(looked.length - before).toBeLessThanOrEqual(8)
  // Nor is it put off without end.
  expect(looked.length - before).toBeGreaterThanOrEqual(4)
})

test('nothing after it is not wanted any more', async () => {
  const { server, state, told, looked } = played()
  state.waits = true
  server.need('veth1')
  await turns()
  server.need(null)
  for (const done of state.rulesWait.splice(0)) done()
  await turns()
  await after(60_000)
  expect([told, looked]).toEqual([[], []])
  state.waits = false
  server.need('veth1')
  await turns()
  expect(told).toHaveLength(1)
})

test('a mistake is told, and the next text is looked for', async () => {
  const { server, state, told, errors } = played()
  state.broken = true
  server.need('veth1')
  await turns()
  expect(errors.map(String)).toEqual(['Error: broken'])
  state.broken = false
  server.need('veth2')
  await turns()
  expect(told.map(({ text }) => text)).toEqual(['veth2'])
})
