/** Hosts made at random for property tests: namespaces, veth pairs with repeated ifindexes, gaps in what was read. */
import * as fc from 'fast-check'
import { netnsId, nsid, type NetnsId } from '../../src/model/ids.ts'
import type { Link } from '../../src/model/link.ts'
import type { Netns } from '../../src/model/netns.ts'
import { link, loopback, netns } from '../support/world.ts'

/** A generated host: the truth of who is connected to whom, and a World that tells only a part of it. */
export type Generated = {
  readonly world: readonly Netns[]
  /** Both directions; ends that were deleted are not in it. */
  readonly truth: ReadonlyMap<string, string>
  readonly deleted: ReadonlySet<string>
}

export const generated: fc.Arbitrary<Generated> = fc
  .record({
    count: fc.integer({ min: 1, max: 5 }),
    pairs: fc.array(
      fc.record({
        a: fc.nat(),
        b: fc.nat(),
        aIfindex: fc.integer({ min: 2, max: 4 }),
        bIfindex: fc.integer({ min: 2, max: 4 }),
        deleted: fc.constantFrom('none', 'none', 'none', 'a', 'b'),
      }),
      { maxLength: 14 },
    ),
    /** What of the nsid tables is missing: entry by entry, or a whole table. */
    missing: fc.infiniteStream(fc.constantFrom('kept', 'kept', 'absent', 'null')),
    closed: fc.array(fc.nat(), { maxLength: 2 }),
  })
  .map(({ count, pairs, missing, closed }) => {
    const links = new Map<number, Link[]>(Array.from({ length: count }, (_, at) => [at, [loopback()]]))
    const used = new Set<string>()
    const numbers = new Map<string, number>()
    const truth = new Map<string, string>()
    const deleted = new Set<string>()
    const id = (at: number): NetnsId => netnsId(1000 + at)
    // Every namespace numbers the others in its own order, so the same nsid means different ones.
    const numberOf = (seer: number, other: number): number => {
      const key = `${seer} ${other}`
      const own = [...numbers.keys()].filter((each) => each.startsWith(`${seer} `)).length
      if (!numbers.has(key)) numbers.set(key, own)
      return numbers.get(key) ?? 0
    }
    for (const pair of pairs) {
      const [a, b] = [pair.a % count, pair.b % count]
      const [one, two] = [`${id(a)} ${pair.aIfindex}`, `${id(b)} ${pair.bIfindex}`]
      if (used.has(one) || used.has(two) || one === two) continue
      used.add(one).add(two)
      const end = (own: number, other: number, ifindex: number, farIfindex: number): Link =>
        link('veth', {
          ifindex,
          name: `v${ifindex}`,
          lower: { ifindex: farIfindex, nsid: own === other ? null : nsid(numberOf(own, other)) },
        })
      const ends: readonly [number, string, Link][] = [
        [a, one, end(a, b, pair.aIfindex, pair.bIfindex)],
        [b, two, end(b, a, pair.bIfindex, pair.aIfindex)],
      ]
      for (const [index, [own, key, made]] of ends.entries()) {
        if (pair.deleted === (index === 0 ? 'a' : 'b')) deleted.add(key)
        else links.get(own)?.push(made)
      }
      truth.set(one, two).set(two, one)
    }
    const world = Array.from({ length: count }, (_, at): Netns => {
      const table = [...numbers].flatMap(([key, number]) => {
        const [seer, other] = key.split(' ').map(Number)
        const { value: fate } = missing.next()
        if (seer !== at || other === undefined || fate === 'absent') return []
        return [{ nsid: nsid(number), id: fate === 'null' ? null : id(other) }]
      })
      const isClosed = closed.some((each) => each % count === at)
      return netns(1000 + at, `n${at}`, {
        links: links.get(at) ?? [],
        nsids: isClosed ? { unknown: 'permission denied' } : table,
      })
    })
    return { world, truth, deleted }
  })
