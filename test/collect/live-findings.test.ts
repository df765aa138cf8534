/** When findings are looked for again, and what is concluded anew. */
import { setImmediate as turn } from 'node:timers/promises'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { liveFindings, type LiveFindings } from '../../src/collect/live-findings.ts'
import type { FoundNetns } from '../../src/collect/reader.ts'
import type { Findings } from '../../src/model/finding.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import type { NetnsDetails } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { netns, world } from '../support/world.ts'
import { firewall } from '../support/ruleset.ts'

const host = netnsId(1)
const web = netnsId(2)

/** Reads that the test answers, checks that say what the test says. */
function played() {
  const seen: World[] = []
  const told: Findings[] = []
  const errors: unknown[] = []
  const reads: NetnsId[] = []
  const state = {
    world: world([netns(1, 'host'), netns(2, 'web')]),
    says: 'a',
    concerned: [host] as readonly NetnsId[],
    moreWithRules: [] as readonly NetnsId[],
    details: {} as NetnsDetails,
    firewall: firewall([]),
    /** A read takes so long, and is let go by the test where it is null. */
    readMs: 1 as number | null,
    release: (): void => {},
    throws: false,
    /** As the kernel tells it now, whatever was read. */
    generation: 1 as number | null,
    rereads: 0,
  }
  let open: LiveFindings | null = null
  const start = (): LiveFindings => {
    open = liveFindings({
      collection: {
        reader: {
          readDetails: async ({ id }) => {
            reads.push(id)
            if (state.readMs === null) await new Promise<void>((done) => (state.release = done))
            else spent += state.readMs
            return state.details
          },
        },
      },
      live: { found: (id) => ({ id }) as FoundNetns },
      firewall: {
        sameRules: () => Promise.resolve({ firewall: state.firewall, at: 0 }),
        fresh: () => {
          state.rereads += 1
          return Promise.resolve({ firewall: state.firewall, at: 0 })
        },
        generation: () => state.generation,
      },
      world: () => state.world,
      checks: {
        *concerned(each) {
          yield
          return [...state.concerned, ...(each.netns[0]?.firewall === null ? [] : state.moreWithRules)]
        },
        *findings(each) {
          seen.push(each)
          if (state.throws) throw new Error('a check is wrong')
          yield
          return { findings: [], unchecked: [{ id: state.says, netns: host, unknown: '' }] }
        },
      },
      tell: (findings) => told.push(findings),
      failed: (error) => errors.push(error),
    })
    return open
  }
  closing.push(() => open?.close())
  return { state, seen, told, errors, reads, start }
}

/** What reads took, beside what the test let pass. */
let spent = 0
const closing: (() => void)[] = []

beforeEach(() => {
  spent = 0
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] })
  const clock = performance.now.bind(performance)
  vi.spyOn(performance, 'now').mockImplementation(() => clock() + spent)
})
afterEach(() => {
  for (const close of closing.splice(0)) close()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

/** What waits for turns of the event loop is through. */
async function through(): Promise<void> {
  for (let each = 0; each < 20; each++) await turn()
}

async function after(ms: number): Promise<void> {
  await vi.advanceTimersByTimeAsync(ms)
  await through()
}

test('the first look is at once, and the same findings are told once', async () => {
  const { start, told, seen, reads } = played()
  start()
  await after(0)
  expect(told).toHaveLength(1)
  expect(reads).toEqual([host])
  await after(5000)
  expect(reads).toEqual([host, host])
  expect(seen).toHaveLength(2)
  expect(told).toHaveLength(1)
})

test('what a change brings is told a quarter of a second later', async () => {
  const { start, state, told } = played()
  const findings = start()
  await after(5000)
  state.says = 'b'
  findings.poke()
  await after(249)
  expect(told).toHaveLength(1)
  await after(1)
  expect(told.at(-1)?.unchecked[0]?.id).toBe('b')
})

test('a change while it looks is looked at afterwards', async () => {
  const { start, state, reads, told } = played()
  state.readMs = null
  const findings = start()
  await after(0)
  findings.poke()
  findings.poke()
  state.says = 'b'
  await after(2000)
  expect(reads).toHaveLength(1)
  state.readMs = 0
  state.release()
  await through()
  expect(told).toHaveLength(1)
  // What the test waited for was a read's time too: the first look rests five seconds at most.
  await after(5000)
  expect(reads).toHaveLength(2)
})

test('a look rests a hundred times what it took, whatever changes', async () => {
  const { start, state, reads } = played()
  const findings = start()
  state.readMs = 200
  await after(0)
  // The first, which takes longest, five seconds at most.
  await after(5000)
  expect(reads).toHaveLength(2)
  findings.poke()
  await after(19_000)
  expect(reads).toHaveLength(2)
  await after(1000)
  expect(reads).toHaveLength(3)
})

test('where nothing changes it rests four hundred times what a look took, until something does', async () => {
  const { start, state, reads } = played()
  const findings = start()
  state.readMs = 200
  await after(0)
  await after(5000)
  expect(reads).toHaveLength(2)
  await after(79_000)
  expect(reads).toHaveLength(2)
  await after(1000)
  expect(reads).toHaveLength(3)
  await after(30_000)
  findings.poke()
  await after(250)
  expect(reads).toHaveLength(4)
})

test('after a change of our own it rests ten times what the last look took, also where others wait for more', async () => {
  const { start, state, reads, told } = played()
  const findings = start()
  state.readMs = 200
  await after(0)
  await after(5000)
  expect(reads).toHaveLength(2)
  findings.poke()
  state.says = 'b'
  findings.changed()
  await after(1900)
  expect(reads).toHaveLength(2)
  await after(200)
  expect(reads).toHaveLength(3)
  expect(told.at(-1)?.unchecked[0]?.id).toBe('b')
  // Once: the next one rests as ever.
  findings.poke()
  await after(17_000)
  expect(reads).toHaveLength(3)
})

test('after a change of our own rules of the host are read, whatever their generation says: legacy tables have none', async () => {
  const { start, state, seen } = played()
  state.concerned = [host, web]
  const findings = start()
  await after(1000)
  expect([state.rereads, seen.length]).toEqual([0, 1])
  findings.changed()
  await after(250)
  expect([state.rereads, seen.length]).toEqual([1, 2])
})

test('a change of our own while it looks is looked at afterwards', async () => {
  const { start, state, reads } = played()
  state.readMs = null
  const findings = start()
  await after(0)
  findings.changed()
  state.readMs = 0
  state.release()
  await through()
  await after(250)
  expect(reads).toHaveLength(2)
  expect(state.rereads).toBe(1)
})

test('rules of the host that changed are looked at within a second and a quarter', async () => {
  const { start, state, told } = played()
  state.firewall = firewall([], { generation: 1 })
  start()
  await after(2000)
  state.says = 'b'
  state.generation = 2
  await after(1000)
  await after(250)
  expect(told.at(-1)?.unchecked[0]?.id).toBe('b')
})

test.each([
  { is: 'that stay as they are', generation: 1 },
  { is: 'of which nobody tells', generation: null },
])('rules $is bring no look before its time', async ({ generation }) => {
  const { start, state, reads } = played()
  state.firewall = firewall([], { generation: 1 })
  state.generation = generation
  start()
  await after(4900)
  expect(reads).toHaveLength(1)
})

test.each([
  { concerned: [host, web], read: [host] },
  // The last one that is read: nothing stands between it and the checks.
  { concerned: [web], read: [web] },
])('closed while it reads $read: nothing is told, nothing read again', async ({ concerned, read }) => {
  const { start, state, told, reads, errors } = played()
  state.readMs = null
  state.concerned = concerned
  const findings = start()
  await after(0)
  findings.close()
  state.release()
  await through()
  findings.poke()
  await after(60_000)
  expect({ told, reads, errors }).toEqual({ told: [], reads: read, errors: [] })
})

test('a check that throws is told of, and the next look is made all the same', async () => {
  const { start, state, told, errors } = played()
  state.throws = true
  start()
  await after(0)
  expect(errors.map(String)).toEqual(['Error: a check is wrong'])
  expect(told).toEqual([])
  state.throws = false
  await after(5000)
  expect(told).toHaveLength(1)
  expect(errors).toHaveLength(1)
})

test('whom the rules lead to is read in a second round, once', async () => {
  const { start, state, reads, seen } = played()
  state.moreWithRules = [host, web]
  start()
  await after(0)
  expect(reads).toEqual([host, web])
  expect(seen[0]?.netns.map((each) => each.firewall)).toEqual([state.firewall, state.firewall])
})

test('as long as nothing changes the checks get the same World, so that they may remember', async () => {
  const { start, state, seen } = played()
  state.moreWithRules = [web]
  const counting = { sysctls: { a: '1' }, sockets: [], counters: { softnet: 1 } }
  state.details = counting as unknown as NetnsDetails
  start()
  await after(0)
  // Told anew by a header, and only counters moved.
  state.world = { ...state.world, at: 'later', processes: [...(state.world.processes as [])] }
  state.details = structuredClone({ ...counting, counters: { softnet: 2 } }) as unknown as NetnsDetails
  await after(5000)
  expect(seen).toHaveLength(2)
  expect(seen[1]).toBe(seen[0])
  state.details = { ...counting, sysctls: { a: '0' } } as unknown as NetnsDetails
  await after(5000)
  expect(seen[2]).not.toBe(seen[1])
  expect(seen[2]?.netns[0]?.details?.sysctls).toEqual({ a: '0' })
  state.firewall = firewall([], { generation: 2 })
  await after(5000)
  expect(seen[3]?.netns[0]?.firewall?.generation).toBe(2)
  state.world = { ...state.world, netns: [netns(1, 'other'), netns(2, 'web')] }
  await after(5000)
  expect(seen[4]?.netns[0]?.names[0]?.name).toBe('other')
})
