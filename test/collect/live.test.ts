import { afterEach, expect, test } from 'vitest'
import type { Collection } from '../../src/collect/collection.ts'
import type { Discovery } from '../../src/collect/discover/discover.ts'
import { live } from '../../src/collect/live.ts'
import type { Live, LiveCallbacks } from '../../src/collect/live-types.ts'
import type {
  FoundNetns,
  KernelEvent,
  Observation,
  Parts,
  ReadFailure,
  TablesRead,
} from '../../src/collect/reader.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import type { Netns } from '../../src/model/netns.ts'
import { address, netns, route } from '../support/world.ts'

/** A kernel of which everything is known: what is in it, what it tells, and how often it was asked. */
type Kernel = {
  readonly there: Map<NetnsId, Netns>
  readonly reads: NetnsId[]
  readonly scans: { count: number; deep: number }
  readonly broken: Set<NetnsId>
  /** Which parts were read. */
  readonly parts: Parts[]
  tell(...events: readonly KernelEvent[]): void
  set(ino: number, fields?: Partial<Netns>): void
}

const dearRows = 20
const manyAddresses = Array.from({ length: 30 }, (_, at) => address(2, `10.1.0.${at}/24`))

type Told = {
  readonly changed: readonly string[]
  readonly gone: readonly string[]
  readonly begins: boolean
  readonly complete: boolean
}

let running: Live | null = null
afterEach(() => running?.stop())

function played(
  count: number,
  observing = true,
): { kernel: Kernel; told: Told[]; errors: unknown[]; start: () => Live } {
  const there = new Map<NetnsId, Netns>()
  const reads: NetnsId[] = []
  const scans = { count: 0, deep: 0 }
  const broken = new Set<NetnsId>()
  const parts: Parts[] = []
  let events: KernelEvent[] = []
  let readable = (): void => {}
  const kernel: Kernel = {
    there,
    reads,
    scans,
    broken,
    parts,
    tell: (...more) => {
      events.push(...more)
      readable()
    },
    set: (ino, fields = {}) => void there.set(netnsId(ino), netns(ino, `n${ino}`, fields)),
  }
  for (let ino = 1; ino <= count; ino++) kernel.set(ino)
  const gone: ReadFailure = { unknown: 'it is gone', errno: 'ENOENT' }
  const observation: Observation = {
    own: netnsId(999_999),
    readNsids: (id) => there.get(id)?.nsids ?? { unknown: 'gone' },
    lookThrough: () => {},
    readHeld: () => gone,
    drain: () => {
      const all = events
      events = []
      return all
    },
    watch: (callback) => {
      readable = callback
      return { look: () => {}, close: () => (readable = () => {}) }
    },
  }
  const foundOf = ({ id, dev, names, holders }: Netns): FoundNetns => ({
    id,
    dev: dev ?? 0,
    ino: BigInt(id),
    names,
    holders,
    paths: [`/run/netns/${id}`],
  })
  const known = new Map<NetnsId, FoundNetns>()
  const collection: Collection = {
    host: netnsId(1),
    libc: null,
    toolReader: { name: 'netlink', why: 'played' },
    reader: {
      name: 'netlink',
      know: () => Promise.resolve(),
      readTables: async ({ id }): Promise<TablesRead | ReadFailure> => {
        reads.push(id)
        if (broken.has(id)) throw new Error(`cannot parse ${id}`)
        const tables = there.get(id)
        return tables === undefined ? gone : { cookie: null, tables, interrupted: false }
      },
      readParts: async ({ id }, _, wanted): Promise<Partial<Netns> | ReadFailure> => {
        parts.push(wanted)
        const { links, addresses, routes } = there.get(id) ?? {}
        if (links === undefined || addresses === undefined || routes === undefined) return gone
        if (wanted.tables.includes('routes')) return { routes }
        return wanted.ifindexes.length > 0 ? { links, addresses } : {}
      },
      ownerOf: () => '4026531837',
      readDetails: () => Promise.resolve(gone),
      ...(observing ? { observation } : {}),
      close: () => {},
    },
    search: async () => void scans.deep++,
    discover: async (): Promise<Discovery> => {
      scans.count++
      for (const each of there.values()) known.set(each.id, known.get(each.id) ?? foundOf(each))
      return {
        found: [...there.keys()].flatMap((id) => known.get(id) ?? []),
        unreadable: [],
        host: netnsId(1),
        init: netnsId(1),
        processes: [],
        gaps: [],
        readers: [],
        ms: 0.1,
      }
    },
    close: () => {},
  }
  const told: Told[] = []
  const errors: unknown[] = []
  const start = (): Live => {
    const callbacks: LiveCallbacks = {
      tell: ({ changed, edited, gone }, _, { begins, complete }) =>
        void told.push({ changed: [...changed, ...edited].map(({ id }) => id), gone, begins, complete }),
      progress: () => {},
      failed: (error) => errors.push(error),
    }
    running = live(collection, callbacks, { dearRows })
    return running
  }
  return { kernel, told, errors, start }
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms))
async function until(condition: () => boolean): Promise<void> {
  for (let waited = 0; !condition(); waited += 5) {
    if (waited > 4000) throw new Error('waited in vain')
    await pause(5)
  }
}
const tables = (ino: number, ...ifindexes: readonly number[]): KernelEvent => ({
  type: 'tables',
  id: netnsId(ino),
  touched: { ifindexes: new Set(ifindexes), policyRules: false, more: ifindexes.length === 0 },
})

test('tells the first World in batches of at most 50', async () => {
  const { told, start } = played(120)
  await start().filled
  expect(told.map(({ changed }) => changed.length)).toEqual([50, 50, 20])
  expect(told.map(({ begins }) => begins)).toEqual([true, false, false])
  expect(told.map(({ complete }) => complete)).toEqual([false, false, true])
  expect(new Set(told.flatMap(({ changed }) => changed)).size).toBe(120)
})

test('reads what is wanted first', async () => {
  const { kernel, start } = played(30)
  const world = start()
  world.first([netnsId(20), netnsId(10)])
  await world.filled
  expect(kernel.reads.slice(0, 3)).toEqual(['20', '10', '1'])
  expect(kernel.reads).toHaveLength(30)
})

test('many events of one namespace are one reading, and told only if something is new', async () => {
  const { kernel, told, start } = played(3)
  await start().filled
  kernel.reads.length = 0
  told.length = 0
  for (let times = 0; times < 500; times++) kernel.tell(tables(2))
  await until(() => kernel.reads.length > 0)
  await pause(60)
  expect(kernel.reads).toEqual(['2'])
  expect(told).toEqual([])
  kernel.set(2, { addresses: [address(1, '10.0.0.1/8')] })
  kernel.tell(tables(2))
  await until(() => told.length > 0)
  expect(told).toEqual([{ changed: ['2'], gone: [], begins: false, complete: true }])
})

test('after lost events everything is read again', async () => {
  const { kernel, told, start } = played(5)
  await start().filled
  kernel.reads.length = 0
  told.length = 0
  kernel.set(4, { addresses: [address(1, '10.0.0.4/8')] })
  kernel.tell({ type: 'lost', what: 'tables' })
  await until(() => new Set(kernel.reads).size === 5)
  await until(() => told.length > 0)
  expect(told.flatMap(({ changed }) => changed)).toEqual(['4'])
})

test('a death is told at once, and an inode that is used again as a change', async () => {
  const { kernel, told, start } = played(3)
  const world = start()
  await world.filled
  told.length = 0
  kernel.there.delete(netnsId(3))
  kernel.tell({ type: 'dead', id: netnsId(3) })
  await until(() => told.length > 0)
  expect(told).toEqual([{ changed: [], gone: ['3'], begins: false, complete: true }])
  told.length = 0
  kernel.set(2, { addresses: [address(1, '10.0.0.2/8')] })
  kernel.tell({ type: 'dead', id: netnsId(2) })
  world.lookAround()
  await until(() => told.some(({ changed }) => changed.includes('2')))
  expect(world.found(netnsId(2))).not.toBeNull()
})

test('looks around when it is told to, and by itself', async () => {
  const { kernel, told, start } = played(2)
  const world = start()
  await world.filled
  kernel.set(7)
  world.lookAround()
  await until(() => told.some(({ changed }) => changed.includes('7')))
  kernel.set(8)
  await until(() => told.some(({ changed }) => changed.includes('8')))
  expect(kernel.scans.deep, 'once, after the beginning').toBe(1)
})

test('a number that stays unexplained is searched for in the dear way once', async () => {
  const { kernel, start } = played(2)
  kernel.set(2, { nsids: [{ nsid: 0 as never, id: null }] })
  await start().filled
  await until(() => kernel.scans.deep === 1)
  for (let times = 0; times < 5; times++) {
    kernel.tell(tables(2))
    await pause(100)
  }
  expect(kernel.scans.deep).toBe(1)
})

test('what goes wrong with one namespace costs the others nothing', async () => {
  const { kernel, told, errors, start } = played(4)
  kernel.broken.add(netnsId(2))
  await start().filled
  expect(told.flatMap(({ changed }) => changed)).toEqual(['1', '3', '4'])
  expect(errors).toEqual([new Error('cannot parse 2')])
})

test('retell begins anew', async () => {
  const { told, start } = played(60)
  const world = start()
  await world.filled
  told.length = 0
  world.retell()
  await until(() => told.length === 2)
  expect(told.map(({ begins, complete, changed }) => [begins, complete, changed.length])).toEqual([
    [true, false, 50],
    [false, true, 10],
  ])
})

test('without events it reads everything again every two seconds', async () => {
  const { kernel, told, start } = played(3, false)
  await start().filled
  told.length = 0
  kernel.set(2, { addresses: [address(1, '10.0.0.2/8')] })
  kernel.there.delete(netnsId(3))
  await until(() => told.flatMap(({ gone }) => gone).length > 0)
  await until(() => told.flatMap(({ changed }) => changed).length > 0)
  expect(told.flatMap(({ changed }) => changed)).toEqual(['2'])
  expect(told.flatMap(({ gone }) => gone)).toEqual(['3'])
})

test('after stop nothing is told any more', async () => {
  const { kernel, told, start } = played(3)
  const world = start()
  await world.filled
  world.stop()
  told.length = 0
  kernel.set(2, { addresses: [address(1, '10.0.0.2/8')] })
  kernel.tell(tables(2))
  await pause(80)
  expect(told).toEqual([])
})

test('of a namespace that is dear to read, what events name is read at once, and then the tables in turn', async () => {
  const { kernel, told, start } = played(3)
  kernel.set(2, { addresses: manyAddresses })
  await start().filled
  kernel.reads.length = 0
  told.length = 0
  kernel.set(2, {
    addresses: [...manyAddresses, address(1, '10.0.0.1/8')],
    routes: [route({ dst: 'default', oif: 1 })],
  })
  kernel.tell(tables(2, 1), tables(2, 4), tables(2, 1))
  await until(() => told.length === 1)
  expect(kernel.parts).toEqual([{ ifindexes: [1, 4], tables: [] }])
  // The route came without a word.
  await until(() => told.length === 2)
  await until(() => kernel.parts.length === 4)
  expect(kernel.parts.slice(1).flatMap(({ tables }) => tables)).toEqual([
    'routes',
    'links',
    'addresses',
    'policyRules',
    'nexthopObjects',
  ])
  await pause(100)
  expect(kernel.parts).toHaveLength(4)
  kernel.tell(tables(3, 1))
  await until(() => kernel.reads.length > 0)
  expect(kernel.reads.filter((id) => id === '3')).toEqual(['3'])
  expect(kernel.parts).toHaveLength(4)
})

test('an event about no link in particular has a dear namespace read in turn all the same', async () => {
  const { kernel, told, start } = played(2)
  kernel.set(2, { addresses: manyAddresses })
  await start().filled
  told.length = 0
  kernel.set(2, { routes: [route({ dst: 'default', oif: 1 })], addresses: manyAddresses })
  kernel.tell(tables(2))
  await until(() => told.length === 1)
  expect(kernel.parts[0]).toEqual({ ifindexes: [], tables: ['routes'] })
})

test('what changes without pause is told at a pace, and in the end as it is', async () => {
  const { kernel, told, start } = played(2)
  await start().filled
  told.length = 0
  const end = performance.now() + 1000
  let last = 0
  while (performance.now() < end) {
    kernel.set(2, { addresses: [address(++last, '10.0.0.1/8')] })
    kernel.tell(tables(2))
    await pause(2)
  }
  expect(told.length).toBeGreaterThan(3)
  expect(told.length).toBeLessThan(20)
  const before = told.length
  kernel.set(2, { addresses: [] })
  kernel.tell(tables(2))
  await until(() => told.length > before)
  await pause(150)
  const after = told.length
  await pause(150)
  expect(told.length).toBe(after)
})
