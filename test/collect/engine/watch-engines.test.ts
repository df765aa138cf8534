/** When engines are read again. */
import { afterEach, expect, test, vi } from 'vitest'
import { isTelling } from '../../../src/collect/engine/event-stream.ts'
import {
  engineProcessMark,
  watchEngines,
  type EngineWatch,
} from '../../../src/collect/engine/watch-engines.ts'
import type { ServerResponse } from 'node:http'
import { netnsId } from '../../../src/model/ids.ts'
import type { Process } from '../../../src/model/process.ts'
import { fakeEngine, json, type FakeEngine } from '../../support/fake-engine.ts'
import { engine } from '../../support/engine.ts'

const open: FakeEngine[] = []
const watches: EngineWatch[] = []

afterEach(async () => {
  for (const watch of watches.splice(0)) watch.close()
  for (const each of open.splice(0)) await each.close()
})

/** An engine whose event streams the test holds. */
async function streaming(): Promise<{ readonly fake: FakeEngine; readonly streams: ServerResponse[] }> {
  const streams: ServerResponse[] = []
  const fake = await fakeEngine((path, response) => {
    if (!path.includes('/events')) {
      json(response, [])
      return
    }
    response.writeHead(200)
    response.flushHeaders()
    streams.push(response)
  })
  open.push(fake)
  return { fake, streams }
}

function watched(fake: FakeEngine): { readonly count: () => number; readonly watch: EngineWatch } {
  let changes = 0
  const watch = watchEngines(() => changes++)
  watches.push(watch)
  watch.follow([engine([], { endpoint: fake.path })])
  return { count: () => changes, watch }
}

const started = { Type: 'container', Action: 'start', Actor: { ID: 'x' } }
const line = (event: object): string => `${JSON.stringify(event)}\n`

test('many events at once are one change', async () => {
  const { fake, streams } = await streaming()
  const { count } = watched(fake)
  // The connection itself is a change: what happened before it was told to nobody.
  await vi.waitFor(() => expect(count()).toBe(1))
  for (let each = 0; each < 100; each++) streams[0]?.write(line(started))
  await vi.waitFor(() => expect(count()).toBe(2))
  await new Promise((done) => setTimeout(done, 300))
  expect(count()).toBe(2)
})

test('an event in two pieces is one event', async () => {
  const { fake, streams } = await streaming()
  const { count } = watched(fake)
  await vi.waitFor(() => expect(count()).toBe(1))
  const bytes = Buffer.from(line({ ...started, Actor: { Attributes: { name: 'é容' } } }))
  streams[0]?.write(bytes.subarray(0, bytes.length - 9))
  await new Promise((done) => setTimeout(done, 150))
  expect(count()).toBe(1)
  streams[0]?.write(bytes.subarray(bytes.length - 9))
  await vi.waitFor(() => expect(count()).toBe(2))
})

test('a stream that ends is taken up again, and that is a change', async () => {
  const { fake, streams } = await streaming()
  const { count } = watched(fake)
  await vi.waitFor(() => expect(streams).toHaveLength(1))
  streams[0]?.end()
  await vi.waitFor(() => expect(streams).toHaveLength(2), 5000)
  await vi.waitFor(() => expect(count()).toBeGreaterThanOrEqual(2))
})

test('a line without an end is given up', async () => {
  const { fake, streams } = await streaming()
  watched(fake)
  await vi.waitFor(() => expect(streams).toHaveLength(1))
  streams[0]?.write('x'.repeat(1024 * 1024))
  await vi.waitFor(() => expect(streams.length).toBeGreaterThan(1), 5000)
})

test('who is no longer there is let go', async () => {
  const { fake, streams } = await streaming()
  const { watch } = watched(fake)
  await vi.waitFor(() => expect(streams).toHaveLength(1))
  const closed = new Promise((done) => streams[0]?.on('close', done))
  watch.follow([])
  await closed
  await new Promise((done) => setTimeout(done, 600))
  expect(streams).toHaveLength(1)
})

test('following the same engine again keeps its stream', async () => {
  const { fake, streams } = await streaming()
  const { watch } = watched(fake)
  await vi.waitFor(() => expect(streams).toHaveLength(1))
  watch.follow([engine([], { endpoint: fake.path, version: '99' })])
  await new Promise((done) => setTimeout(done, 300))
  expect(streams).toHaveLength(1)
})

test.each<[unknown, boolean]>([
  [started, true],
  [{ Type: 'container', Action: 'die' }, true],
  [{ Type: 'container', Action: 'died' }, true],
  [{ Type: 'container', Action: 'rename' }, true],
  [{ Type: 'network', Action: 'connect' }, true],
  [{ Type: 'pod', Action: 'create' }, true],
  [{ Type: 'container', Action: 'exec_start: /bin/true' }, false],
  [{ Type: 'container', Action: 'health_status: healthy' }, false],
  [{ Type: 'image', Action: 'remove' }, false],
  [{ Type: 'container' }, false],
  [['container', 'start'], false],
  [null, false],
])('%j tells of a change: %s', (event, expected) => {
  expect(isTelling(JSON.stringify(event))).toBe(expected)
})

test('what is no event tells nothing', () => {
  expect(isTelling('')).toBe(false)
  expect(isTelling('{"Type":"container"')).toBe(false)
})

function process(pid: number, comm: string, startTime = pid): Process {
  return { pid, ppid: 1, startTime, comm, uid: 0, cgroup: '/', netns: netnsId(1), namespaces: {} }
}

test('daemons and monitors mark the processes, others do not', () => {
  const before = engineProcessMark([process(1, 'systemd'), process(2, 'dockerd')])
  expect(engineProcessMark([process(1, 'systemd'), process(2, 'dockerd'), process(3, 'bash')])).toBe(before)
  expect(engineProcessMark([process(2, 'dockerd', 99)])).not.toBe(before)
  expect(engineProcessMark([process(2, 'dockerd'), process(4, 'containerd-shim')])).not.toBe(before)
  expect(engineProcessMark([process(2, 'dockerd'), process(4, 'conmon')])).not.toBe(before)
})

test('so does another container of a shared monitor, but not what runs in one for a moment', () => {
  const shim = process(4, 'containerd-shim')
  const inside = (pid: number, cgroup: string): Process => ({ ...process(pid, 'sh'), ppid: 4, cgroup })
  const before = engineProcessMark([shim, inside(5, '/kubepods/a')])
  expect(engineProcessMark([shim, inside(5, '/kubepods/a'), inside(6, '/kubepods/a')])).toBe(before)
  expect(engineProcessMark([shim, inside(5, '/kubepods/a'), inside(6, '/kubepods/b')])).not.toBe(before)
})
