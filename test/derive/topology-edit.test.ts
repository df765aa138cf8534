/** Whatever changes, step by step: the tree is that of a World seen for the first time, and rows that say the same are the same objects. */
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { topology } from '../../src/derive/topology.ts'
import type { InnerRow, Topology, TopologyRow } from '../../src/derive/topology-row.ts'
import type { Address } from '../../src/model/address.ts'
import { same } from '../../src/lib/same.ts'
import { listOf } from '../../src/model/known.ts'
import type { Link } from '../../src/model/link.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { World } from '../../src/model/world.ts'
import { worldOf } from '../support/fixture.ts'

type Edit = {
  readonly kind:
    | 'flags'
    | 'mtu'
    | 'address'
    | 'no address'
    | 'master'
    | 'rename'
    | 'gone'
    | 'name'
    | 'nsids'
    | 'netns gone'
    | 'nothing'
  readonly netns: number
  readonly row: number
}

function edited(world: World, { kind, netns: at, row }: Edit): World {
  const which = at % world.netns.length
  const netns = world.netns[which]
  if (netns === undefined) return world
  if (kind === 'netns gone')
    return world.netns.length > 2 ? { ...world, netns: world.netns.toSpliced(which, 1) } : world
  const next = editedNetns(netns, kind, row)
  return { ...world, netns: world.netns.with(which, next) }
}

function editedNetns(netns: Netns, kind: Edit['kind'], row: number): Netns {
  const [links, addresses] = [listOf(netns.links), listOf(netns.addresses)]
  const link = links[row % Math.max(1, links.length)]
  if (kind === 'nothing') return { ...netns, routes: [...listOf(netns.routes)] }
  if (kind === 'name') return { ...netns, names: [{ name: `n${row}`, source: 'named', path: null }] }
  if (kind === 'nsids') return { ...netns, nsids: [...listOf(netns.nsids)].slice(1) }
  if (link === undefined) return netns
  const others = links.filter((each) => each !== link)
  // A link that says what it said is the same object (collect/delta.ts).
  const put = (fields: Partial<Link>): Netns => {
    const next = { ...link, ...fields } as Link
    return same(link, next) ? netns : { ...netns, links: links.map((each) => (each === link ? next : each)) }
  }
  switch (kind) {
    case 'flags':
      return put({ flags: link.flags.includes('UP') ? [] : ['UP', 'LOWER_UP'] })
    case 'mtu':
      return put({ mtu: 1000 + row })
    case 'master':
      return put({ master: others.find(({ kind }) => kind === 'bridge')?.ifindex ?? null })
    case 'rename':
      return put({ name: `renamed${row}` })
    case 'gone':
      return { ...netns, links: others }
    case 'no address':
      return { ...netns, addresses: addresses.filter(({ ifindex }) => ifindex !== link.ifindex) }
    default: {
      const [some] = addresses
      if (some === undefined) return netns
      const more: Address = { ...some, ifindex: link.ifindex, local: `10.99.0.${row}` }
      return { ...netns, addresses: [...addresses, more] }
    }
  }
}

const edit = fc.record({
  kind: fc.constantFrom<Edit['kind'][]>(
    ...(['flags', 'flags', 'mtu', 'address', 'address', 'no address', 'nothing'] as const),
    ...(['master', 'rename', 'gone', 'name', 'nsids', 'netns gone'] as const),
  ),
  netns: fc.nat(30),
  row: fc.nat(20),
})

function rowsOf(tree: Topology): ReadonlyMap<string, TopologyRow> {
  const rows = new Map<string, TopologyRow>()
  const add = (row: TopologyRow): void => {
    rows.set(row.id, row)
    for (const child of row.children as readonly InnerRow[]) add(child)
  }
  for (const section of tree.sections) add(section)
  return rows
}

test.each(['docker', 'three-bridges', 'macvlan-vxlan', 'hidden', 'swarm-1'])('%s', async (name) => {
  const start = await worldOf(name)
  fc.assert(
    fc.property(fc.array(edit, { maxLength: 12 }), (edits) => {
      let world = start
      topology(world)
      const worlds: World[] = []
      const trees: Topology[] = []
      for (const each of edits) {
        world = edited(world, each)
        worlds.push(world)
        trees.push(topology(world))
      }
      for (const [at, tree] of trees.entries()) {
        const fresh = topology(structuredClone(worlds[at] as World))
        expect(tree).toEqual(fresh)
      }
      for (const [at, tree] of trees.slice(1).entries()) {
        const [was, is] = [rowsOf(trees[at] as Topology), rowsOf(tree)]
        for (const [id, row] of is) {
          const old = was.get(id)
          if (row.kind !== 'link' || old === undefined || old === row) continue
          expect(row).not.toEqual(old)
        }
      }
    }),
    {
      numRuns: 40,
      // A macvlan said the old name of the link that it stands on.
      examples: [[[{ kind: 'rename', netns: 0, row: 9 }]]],
    },
  )
})
