import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { shared } from '../../src/collect/delta.ts'
import type { Netns } from '../../src/model/netns.ts'
import { editBetween, withEdit } from '../../src/model/netns-edit.ts'
import { link, netns, route } from '../support/world.ts'

const links = (count: number, change: (at: number) => object = () => ({})) =>
  Array.from({ length: count }, (_, at) => link('veth', { ifindex: at + 1, name: `v${at}`, ...change(at) }))

/** As it goes over to the screen's thread: nothing of it is the same object any more. */
const sent = <T>(value: T): T => structuredClone(value)

test('one link of a thousand goes over alone, and the others stay the objects they were', () => {
  const before = netns(1, 'a', { links: links(1000) })
  const after = shared(
    before,
    netns(1, 'a', { links: links(1000, (at) => (at === 500 ? { mtu: 1400 } : {})) }),
  )
  const edit = editBetween(before, after)
  expect(JSON.stringify(edit).length).toBeLessThan(2000)
  const result = withEdit(before, sent(edit))
  expect(result).toEqual(after)
  const same = (result.links as Netns['links'] & readonly object[]).filter(
    (each, at) => each === (before.links as readonly object[])[at],
  )
  expect(same).toHaveLength(999)
})

test('a table that becomes unreadable, and readable again', () => {
  const before = netns(1, 'a', { links: links(3) })
  const refused = netns(1, 'a', { links: { unknown: 'permission denied' } })
  for (const [from, to] of [
    [before, refused],
    [refused, before],
  ] as const) {
    expect(withEdit(from, sent(editBetween(from, shared(from, to))))).toEqual(to)
  }
})

test('whatever happens to a table, the edit says it (property)', () => {
  const table = fc.array(fc.integer({ min: 0, max: 60 }), { maxLength: 200 })
  const routes = (numbers: readonly number[]) =>
    numbers.map((each) => route({ dst: `10.${each}.0.0/16`, metric: each }))
  fc.assert(
    fc.property(table, table, fc.boolean(), (was, is, similar) => {
      const next = similar ? was.filter((_, at) => at % 7 !== 3).concat(is.slice(0, 2)) : is
      const before = netns(1, 'a', { routes: routes(was) })
      const fresh = netns(1, 'a', { routes: routes(next) })
      const after = shared(before, fresh)
      expect(after).toEqual(fresh)
      expect(withEdit(before, sent(editBetween(before, after)))).toEqual(fresh)
      if (JSON.stringify(was) === JSON.stringify(next)) expect(after).toBe(before)
    }),
    { numRuns: 300 },
  )
})
