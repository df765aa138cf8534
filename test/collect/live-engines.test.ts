/** When engines are asked again, and what becomes of what they say. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Collection } from '../../src/collect/collection.ts'
import type { Discovery } from '../../src/collect/discover/discover.ts'
import { readEngines } from '../../src/collect/engine/read-engines.ts'
import * as watching from '../../src/collect/engine/watch-engines.ts'
import { liveEngines, type LiveEngines } from '../../src/collect/live-engines.ts'
import type { FoundNetns } from '../../src/collect/reader.ts'
import type { Engine } from '../../src/model/engine.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Process } from '../../src/model/process.ts'
import { container, engine } from '../support/engine.ts'

vi.mock('../../src/collect/engine/read-engines.ts')

const reading = vi.mocked(readEngines)
let event = (): void => {}
const followed: (readonly Engine[])[] = []
let closed = 0
const open: LiveEngines[] = []

beforeEach(() => {
  reading.mockReset()
  followed.length = 0
  closed = 0
  vi.spyOn(watching, 'watchEngines').mockImplementation((onChange) => {
    event = onChange
    return { follow: (engines) => void followed.push(engines), close: () => void closed++ }
  })
})
afterEach(() => {
  for (const each of open.splice(0)) each.close()
  vi.restoreAllMocks()
})

function played() {
  const there = [1, 2].map(
    (ino) => ({ id: netnsId(ino), names: [], paths: [], dev: 4, ino: BigInt(ino) }) as unknown as FoundNetns,
  )
  const state = { processes: [] as Process[], there }
  const collection = {
    host: netnsId(1),
    discover: () =>
      Promise.resolve({ found: state.there, processes: state.processes } as unknown as Discovery),
  } as unknown as Collection
  const changed = vi.fn()
  const errors: unknown[] = []
  const happened = vi.fn()
  const engines = liveEngines(collection, { changed, happened, failed: (error) => errors.push(error) })
  open.push(engines)
  return { state, changed, happened, errors, engines }
}

/** Readings that the test lets go. */
function held(): ((engines: readonly Engine[]) => void)[] {
  const answers: ((engines: readonly Engine[]) => void)[] = []
  reading.mockImplementation(() => new Promise((done) => answers.push(done)))
  return answers
}

const daemon = (pid: number) => ({ pid, startTime: 1, comm: 'dockerd' }) as unknown as Process
const web = engine([container('web', 2)])

test('namespaces carry the names of the containers in them, as the same objects each time', async () => {
  reading.mockResolvedValue([web])
  const { engines, changed } = played()
  const before = await engines.collection.discover()
  expect(before.found.flatMap(({ names }) => names)).toEqual([])
  await engines.asked
  expect(changed).toHaveBeenCalledTimes(1)
  const [host, named] = (await engines.collection.discover()).found
  expect(host).toBe(before.found[0])
  expect(named?.names.map(({ name }) => name)).toEqual(['web'])
  expect((await engines.collection.discover()).found[1]).toBe(named)
  expect(followed).toEqual([[web]])
})

test('asked once for the same daemons, again for others', async () => {
  reading.mockResolvedValue([])
  const { engines, state, changed } = played()
  await engines.collection.discover()
  await engines.collection.discover()
  await engines.asked
  expect(reading).toHaveBeenCalledTimes(1)
  state.processes = [daemon(7)]
  await engines.collection.discover()
  expect(reading).toHaveBeenCalledTimes(2)
  expect(reading.mock.lastCall?.[0].processes).toEqual([daemon(7)])
  // They say nothing, as before: that was told once.
  expect(changed).toHaveBeenCalledTimes(1)
})

test('what an event brings is told, and names follow', async () => {
  reading.mockResolvedValue([web])
  const { engines, changed } = played()
  await engines.collection.discover()
  await engines.asked
  event()
  await vi.waitFor(() => expect(followed).toHaveLength(2))
  // The same again: nobody is told.
  expect(changed).toHaveBeenCalledTimes(1)
  reading.mockResolvedValue([engine([container('shop', 2)])])
  event()
  await vi.waitFor(() => expect(changed).toHaveBeenCalledTimes(2))
  const { found } = await engines.collection.discover()
  expect(found[1]?.names.map(({ name }) => name)).toEqual(['shop'])
})

test('events while they are asked are one more question afterwards', async () => {
  const answers = held()
  const { engines } = played()
  await engines.collection.discover()
  event()
  event()
  event()
  expect(answers).toHaveLength(1)
  answers[0]?.([])
  await vi.waitFor(() => expect(answers).toHaveLength(2))
  answers[1]?.([web])
  await vi.waitFor(() => expect(engines.engines()).toEqual([web]))
  expect(answers).toHaveLength(2)
})

test('a mistake is told of, nobody waits for it, and the next question is asked', async () => {
  reading.mockRejectedValueOnce(new Error('broken')).mockResolvedValue([web])
  const { engines, errors } = played()
  await engines.collection.discover()
  await engines.asked
  expect(errors.map(String)).toEqual(['Error: broken'])
  event()
  await vi.waitFor(() => expect(engines.engines()).toEqual([web]))
})

test('closed while they are asked: nothing is watched or told any more', async () => {
  const answers = held()
  const { engines, changed } = played()
  await engines.collection.discover()
  const { signal } = reading.mock.lastCall?.[0] ?? {}
  engines.close()
  expect(signal?.aborted).toBe(true)
  answers[0]?.([web])
  await engines.asked
  event()
  expect({ answers: answers.length, followed, closed }).toEqual({ answers: 1, followed: [], closed: 1 })
  expect(changed).not.toHaveBeenCalled()
})

test('an event asks for a look around, and what that finds is asked about', async () => {
  reading.mockResolvedValue([web])
  const { engines, state, happened } = played()
  expect(engines.engines()).toEqual({ unknown: expect.any(String) })
  await engines.collection.discover()
  await engines.asked
  expect(engines.engines()).toEqual([web])
  event()
  expect(happened).toHaveBeenCalledTimes(1)
  await vi.waitFor(() => expect(followed).toHaveLength(2))
  state.processes = [{ pid: 9, startTime: 1, comm: 'sleep' } as unknown as Process]
  await engines.collection.discover()
  expect(reading.mock.lastCall?.[0].processes).toEqual(state.processes)
})
