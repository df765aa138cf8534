/**
 * Each recorded world against what `ip` and `bridge` printed on that host at the same moment, in the fields of
 * live/oracle-fields.ts; and against a few facts that its description promises.
 */
import { readdirSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { displayNames } from '../src/derive/netns-name.ts'
import { peers } from '../src/derive/peers.ts'
import { isHidden } from '../src/model/ids.ts'
import { isUnknown, listOf } from '../src/model/known.ts'
import type { World } from '../src/model/world.ts'
import { comparable } from './live/oracle-fields.ts'
import { netnsOf, rawOf, tablesSaid, worldOf } from './support/fixture.ts'

/** `veth-a (host) = eth0 (a)`, both ways, so that each pair says that our peer's peer is us. */
function pairs(world: World): readonly string[] {
  const index = peers(world.netns)
  const names = displayNames(world.netns)
  return world.netns.flatMap((netns) =>
    listOf(netns.links)
      .filter((link) => link.kind === 'veth')
      .map((link) => {
        const peer = index.peerOf(netns.id, link.ifindex)
        const other = peer === null || 'unknown' in peer ? '?' : `${peer.name} (${names.get(peer.netns)})`
        return `${link.name} (${names.get(netns.id)}) = ${other}`
      }),
  )
}

const recordedWithRules = [
  'docker',
  'swarm-1',
  'swarm-2',
  'podman',
  'rootless',
  'legacy-and-nft',
  ...readdirSync(new URL('../fixtures/faults/', import.meta.url))
    .filter((name) => name.endsWith('.json.gz'))
    .map((name) => `faults/${name.replace('.json.gz', '')}`),
]

describe.each([
  'demo',
  'veth-pairs',
  'three-bridges',
  'macvlan-vxlan',
  'without-root',
  'hidden',
  'incident',
  ...recordedWithRules,
])('%s', (name) => {
  test('says what ip and bridge said', async () => {
    const world = await worldOf(name)
    const said = tablesSaid(world, rawOf(name).after)
    for (const [netnsName, tables] of said) {
      expect({ netnsName, ...comparable(netnsOf(world, netnsName)) }).toEqual({
        netnsName,
        ...comparable(tables),
      })
    }
    expect(said.size).toBeGreaterThan(0)
  })
})

describe('what the descriptions promise', () => {
  test('veth-pairs: every end finds the other, whatever its number', async () => {
    const world = await worldOf('veth-pairs')
    expect(pairs(world)).toEqual(
      expect.arrayContaining([
        'v-a (host) = eth0 (a)',
        'eth0 (a) = v-a (host)',
        'v-c (b) = eth0 (c)',
        'eth0 (c) = v-c (b)',
        'same0 (host) = same1 (a)',
        'same1 (a) = same0 (host)',
        'in0 (a) = in1 (a)',
        'p (left) = q (right)',
      ]),
    )
    expect(pairs(world).filter((pair) => pair.includes('?'))).toEqual([])
    expect(
      ['a', 'b', 'c', 'd'].map(
        (each) => listOf(netnsOf(world, each).links).find(({ name }) => name === 'eth0')?.ifindex,
      ),
    ).toEqual([2, 2, 2, 2])
  })

  test('three-bridges: port states and options as they were set', async () => {
    const host = netnsOf(await worldOf('three-bridges'), 'host')
    const port = (name: string) => listOf(host.links).find((link) => link.name === name)?.port
    expect(port('p-n1')).toMatchObject({ state: 'forwarding', isolated: false, hairpin: false })
    expect(port('p-n2')).toMatchObject({ state: 'forwarding', isolated: true })
    expect(port('p-n3')).toMatchObject({ hairpin: true, learning: false })
    expect(port('p-n4')).toMatchObject({ cost: 50, priority: 8 })
    expect(port('p-n5')).toMatchObject({ guard: true })
    expect(port('p-n6')).toMatchObject({ state: 'disabled' })
    expect(port('p-n7')).toMatchObject({ state: 'disabled' })
    expect(listOf(host.mdb)).toEqual(
      expect.arrayContaining([expect.objectContaining({ group: '239.1.1.1', permanent: true })]),
    )
  })

  test('macvlan-vxlan: lower devices in other namespaces, static FDB towards the other host', async () => {
    const world = await worldOf('macvlan-vxlan')
    const host = netnsOf(world, 'host')
    const m2 = netnsOf(world, 'm2')
    const macvlan = listOf(m2.links).find((link) => link.kind === 'macvlan')
    expect(macvlan).toMatchObject({ macvlan: { mode: 'bridge' } })
    expect(peers(world.netns).lowerOf(m2.id, macvlan?.ifindex ?? 0)).toMatchObject({
      netns: host.id,
      name: 'up0',
    })
    expect(listOf(host.fdb)).toEqual(
      expect.arrayContaining([expect.objectContaining({ lladdr: '02:42:0a:00:00:03', dst: '10.99.0.2' })]),
    )
  })

  test('without-root: the host is complete, what was refused is listed with the reason', async () => {
    const world = await worldOf('without-root')
    const host = netnsOf(world, 'host')
    expect(world.tool.uid).toBe(65534)
    expect(isUnknown(host.links)).toBe(false)
    const refused = world.netns.filter((netns) => netns.id !== host.id && netns.readable !== true)
    expect(refused.length).toBeGreaterThanOrEqual(2)
    expect(refused.every((netns) => isUnknown(netns.links))).toBe(true)
    expect(world.gaps.map((gap) => `${gap.reason} ${gap.hint ?? ''}`).join(' ')).toMatch(
      /permission denied.*root/s,
    )
  })

  test('hidden: held by a file, by a socket, by a mount elsewhere, and by nothing that can be seen', async () => {
    const world = await worldOf('hidden')
    const sources = world.netns.flatMap((netns) => netns.names.map(({ source }) => source))
    expect(sources).toEqual(expect.arrayContaining(['fd', 'socket', 'mount', 'hidden']))
    expect(pairs(world)).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^hid0 \(host\) = hid1/),
        expect.stringMatching(/^v-sock \(host\) = eth0/),
        expect.stringMatching(/^v-file \(host\) = eth0/),
      ]),
    )
    const unseen = world.netns.find((netns) => isHidden(netns.id))
    expect(listOf(unseen?.addresses ?? [])).toEqual(
      expect.arrayContaining([expect.objectContaining({ local: '10.9.0.2' })]),
    )
  })
})
