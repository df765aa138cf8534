import { expect, test } from 'vitest'
import { inOwnNumbers } from '../../../src/collect/kernel/see-through.ts'
import { netnsId, nsid } from '../../../src/model/ids.ts'
import { isUnknown, listOf } from '../../../src/model/known.ts'
import { link, loopback } from '../../support/world.ts'

/** Looked at from the observer, where 7 and 8 are the other ends' namespaces. */
const links = [
  loopback(),
  link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex: 5, nsid: nsid(7) } }),
  link('veth', { ifindex: 3, name: 'eth1', lower: { ifindex: 6, nsid: nsid(8) } }),
  link('veth', { ifindex: 4, name: 'p1', lower: { ifindex: 9, nsid: null } }),
]
const idOf = (current: number, own: number) => netnsId(`${current}:${own}`)

test('the links name their peers by the namespace’s own numbers', () => {
  const seen = inOwnNumbers(
    links,
    [
      { nsid: 0, current: 7 },
      { nsid: 1, current: 8 },
    ],
    idOf,
  )
  expect(listOf(seen.links).map(({ lower }) => lower)).toEqual([
    null,
    { ifindex: 5, nsid: 0 },
    { ifindex: 6, nsid: 1 },
    { ifindex: 9, nsid: null },
  ])
  expect(seen.nsids).toEqual([
    { nsid: 0, id: '7:0' },
    { nsid: 1, id: '8:1' },
  ])
})

test('where it has none, one is lent that cannot be mistaken for another', () => {
  const seen = inOwnNumbers(
    links,
    [
      { nsid: 8, current: 7 },
      { nsid: 3, current: null },
    ],
    idOf,
  )
  expect(isUnknown(seen.nsids)).toBe(false)
  const lent = listOf(seen.links)[2]?.lower?.nsid
  expect(lent).toBeGreaterThan(1 << 20)
  expect(seen.nsids).toEqual([
    { nsid: 8, id: '7:8' },
    { nsid: lent, id: `8:${lent}` },
    { nsid: 3, id: null },
  ])
})
