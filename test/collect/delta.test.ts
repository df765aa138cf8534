import { expect, test } from 'vitest'
import { shared } from '../../src/collect/delta.ts'
import type { Address } from '../../src/model/address.ts'
import type { Link } from '../../src/model/link.ts'
import type { Netns } from '../../src/model/netns.ts'
import { address, link, netns, route } from '../support/world.ts'

const eth0 = (fields: Partial<Link> = {}): Link =>
  ({ ...link('veth', { ifindex: 2, name: 'eth0' }), ...fields }) as Link
const neighbour = {
  ifindex: 2,
  family: 'inet',
  dst: '10.0.0.1',
  lladdr: null,
  state: 'STALE',
  flags: [],
} as const
const ages = { used: 1, confirmed: 2, updated: 3 }
const base = (fields: Partial<Netns> = {}): Netns => netns(1, 'a', { links: [eth0()], ...fields })
const stats = (rxBytes: number): Partial<Link> => {
  const { stats } = eth0()
  if ('unknown' in stats) throw new Error('no stats')
  return { stats: { ...stats, rxBytes, rxPackets: rxBytes } }
}

const sameNetns = (before: Netns, after: Netns): boolean => shared(before, after) === before

test('two readings that say the same', () => {
  expect(sameNetns(base(), base())).toBe(true)
})

test('counters and ages are no change', () => {
  expect(sameNetns(base({ links: [eth0(stats(1))] }), base({ links: [eth0(stats(2))] }))).toBe(true)
  const older = { ...neighbour, used: 9, confirmed: 9, updated: 9 }
  expect(sameNetns(base({ neighbours: [{ ...neighbour, ...ages }] }), base({ neighbours: [older] }))).toBe(
    true,
  )
  const limited = (validLifetime: number) =>
    base({ addresses: [address(2, '10.0.0.1/8', { validLifetime })] })
  expect(sameNetns(limited(60), limited(59))).toBe(true)
})

test.each<[string, Partial<Netns>, Partial<Netns>]>([
  ['a link goes down', { links: [eth0()] }, { links: [eth0({ operstate: 'DOWN' })] }],
  ['a carrier change that was missed', { links: [eth0()] }, { links: [eth0({ carrierUpCount: 2 })] }],
  ['a link goes away', { links: [eth0()] }, { links: [] }],
  [
    'an address gets a limit',
    { addresses: [address(2, '10.0.0.1/8')] },
    { addresses: [address(2, '10.0.0.1/8', { validLifetime: 60 })] },
  ],
  [
    'a route changes',
    { routes: [route({ dst: 'default', oif: 2 })] },
    { routes: [route({ dst: 'default', oif: 3 })] },
  ],
  [
    'a neighbour fails',
    { neighbours: [{ ...neighbour, ...ages }] },
    { neighbours: [{ ...neighbour, ...ages, state: 'FAILED' }] },
  ],
  ['a table becomes unreadable', { fdb: [] }, { fdb: { unknown: 'permission denied (EPERM)' } }],
  ['the reason changes', { fdb: { unknown: 'a' } }, { fdb: { unknown: 'b' } }],
  ['another name', {}, { names: [{ name: 'b', source: 'named', path: '/run/netns/b' }] }],
  ['it cannot be entered any more', {}, { readable: { unknown: 'permission denied' } }],
  ['a number means another namespace', { nsids: [] }, { nsids: [{ nsid: 0 as never, id: null }] }],
])('%s', (_, before, after) => {
  expect(sameNetns(base(before), base(after))).toBe(false)
  expect(sameNetns(base(after), base(before))).toBe(false)
})

test('of many processes only the oldest counts, of few each one', () => {
  const held = (processes: readonly number[]): Netns => {
    const { holders } = base()
    return base({ holders: { ...holders, processes } })
  }
  const many = Array.from({ length: 100 }, (_, at) => at + 1)
  expect(sameNetns(held(many), held([...many, 200]))).toBe(true)
  expect(sameNetns(held(many), held(many.slice(1)))).toBe(false)
  expect(sameNetns(held([1, 2]), held([1, 3]))).toBe(false)
  expect(sameNetns(held([1]), held([]))).toBe(false)
})

test('rows in another order are the same objects, in that order', () => {
  const rows = Array.from({ length: 200 }, (_, at) => route({ dst: `10.0.${at}.0/24`, oif: 2 }))
  const copy = rows.map((row) => ({ ...row }))
  const turned = [...copy.slice(150), ...copy.slice(0, 150)]
  const before = base({ routes: rows })
  const { routes } = shared(before, base({ routes: turned }))
  expect(routes).toHaveLength(200)
  expect(Array.isArray(routes) && routes.every((row, at) => row === rows[(at + 150) % 200])).toBe(true)
})

test('one row more, one less, one changed: the others are the same objects', () => {
  const rows = Array.from({ length: 100 }, (_, at) => address(2, `10.0.0.${at}/24`))
  const before = base({ addresses: rows })
  const of = (addresses: readonly Address[]) => {
    const after = shared(before, base({ addresses: addresses.map((row) => ({ ...row })) })).addresses
    return Array.isArray(after) ? after.filter((row) => !(rows as unknown[]).includes(row)).length : null
  }
  expect(of([address(3, '10.9.0.1/24'), ...rows])).toBe(1)
  expect(of(rows.slice(1))).toBe(0)
  expect(of(rows.toSpliced(50, 1, address(2, '10.9.0.1/24')))).toBe(1)
  expect(of(rows.toSpliced(50, 2))).toBe(0)
})
