import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { standingText } from '../../src/derive/container-standing.ts'
import { parseFilter, treeTraits } from '../../src/derive/filter.ts'
import { filterTopology } from '../../src/derive/filter-topology.ts'
import { pathTo, topologyRows } from '../../src/derive/topology-rows.ts'
import type { LinkRow, Topology, TopologyRow } from '../../src/derive/topology-row.ts'
import { topology } from '../../src/derive/topology.ts'
import { hiddenNetnsId, isHidden, netnsId, nsid } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import type { Link } from '../../src/model/link.ts'
import type { Netns } from '../../src/model/netns.ts'
import { generated } from './generated-host.ts'
import type { Engine } from '../../src/model/engine.ts'
import { container, endpoint, engine, network } from '../support/engine.ts'
import { address, bridgedPair, link, loopback, netns, port, world } from '../support/world.ts'

/** The tree as indented names: what a reader would see of it. */
function outline(tree: Topology): string {
  const nameOf = (row: TopologyRow): string => {
    if (row.kind === 'netns')
      return `netns ${row.name}${row.hidden ? ' hidden' : ''}${row.unreadable === null ? '' : ' unreadable'}`
    if (row.kind === 'section') return row.of === 'netns' ? `== ${row.name}` : '== off bridge'
    if (row.kind === 'container') return `container ${row.name} ${standingText(row.container, row.shares)}`
    const far =
      row.far === null
        ? ''
        : ` = ${row.far.netnsName} ${row.far.link.name} ${row.far.addresses.map((one) => one.local).join(' ')}`
    return `${row.role} ${row.link.name}${far}${row.offBridge ? ' no bridge' : ''}`
  }
  return topologyRows(tree)
    .map((line) => `${'  '.repeat(line.depth)}${nameOf(line.row).trim()}`)
    .join('\n')
}

/** A host with a bridge, a container on it, a loose veth, a nested host, a macvlan, and what cannot be seen into. */
function bigWorld() {
  const veth = (ifindex: number, name: string, far: number, at: number, more: object = {}): Link =>
    link('veth', { ifindex, name, lower: { ifindex: far, nsid: nsid(at) }, ...more })
  const toHost = [{ nsid: nsid(0), id: netnsId(100) }]
  const host = netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: null }],
    links: [
      loopback(),
      link('device', { ifindex: 2, name: 'eth0' }),
      veth(9, 'loose', 2, 1),
      link('bridge', { ifindex: 4, name: 'docker0' }),
      veth(5, 'veth10', 2, 0, { master: 4, slaveKind: 'bridge', port }),
      veth(6, 'veth11', 2, 2, { master: 4, slaveKind: 'bridge', port }),
      link('vlan', { ifindex: 7, name: 'eth0.10', lower: { ifindex: 2, nsid: null } }),
      veth(8, 'toopaque', 3, 4),
    ],
    addresses: [address(1, '127.0.0.1/8', { scope: 'host' }), address(4, '172.17.0.1/16')],
    nsids: [
      { nsid: nsid(0), id: netnsId(200) },
      { nsid: nsid(1), id: netnsId(300) },
      { nsid: nsid(2), id: netnsId(400) },
      { nsid: nsid(4), id: netnsId(600) },
    ],
  })
  const redis = netns(200, 'redis', {
    links: [loopback(), veth(2, 'eth0', 5, 0), link('dummy', { ifindex: 3, name: 'extra' })],
    addresses: [address(2, '172.17.0.2/16')],
    nsids: toHost,
  })
  const web = netns(300, 'web', { links: [loopback(), veth(2, 'eth0', 9, 0)], nsids: toHost })
  const dind = netns(400, 'dind', {
    links: [
      loopback(),
      veth(2, 'eth0', 6, 0),
      link('bridge', { ifindex: 3, name: 'br-in' }),
      veth(4, 'inner', 2, 1, { master: 3, slaveKind: 'bridge', port }),
    ],
    nsids: [...toHost, { nsid: nsid(1), id: netnsId(500) }],
  })
  const nested = netns(500, 'nested', {
    links: [loopback(), veth(2, 'eth0', 4, 0)],
    nsids: [{ nsid: nsid(0), id: netnsId(400) }],
  })
  const opaque = netns(600, 'opaque', {
    readable: { unknown: 'permission denied' },
    links: { unknown: 'permission denied' },
  })
  const mac10 = netns(710, 'mac10', {
    links: [loopback(), link('macvlan', { ifindex: 2, name: 'eth0', lower: { ifindex: 2, nsid: nsid(0) } })],
    nsids: toHost,
  })
  const mac9 = netns(709, 'mac9', {})
  const hidden: Netns = { ...netns(0, 'h'), id: hiddenNetnsId(netnsId(100), 7), names: [] }
  return world([host, redis, web, dind, nested, opaque, mac10, mac9, hidden])
}

test('the tree of a host, its bridges, what hangs on them, and what does not', () => {
  expect(outline(topology(bigWorld()))).toBe(
    `
== host
  link eth0
    upper eth0.10
  link docker0
    port veth10 = redis eth0 172.17.0.2
      link extra
    port veth11 = dind eth0
  link toopaque no bridge
  link loose = web eth0  no bridge
== dind
  link br-in
    port inner = nested eth0
  link eth0 = host veth11
== off bridge
  netns hidden nsid 7 of host hidden
  netns mac9
  netns mac10
    link eth0
  netns opaque unreadable`.trimStart(),
  )
})

test('rows know their peer, what is below and above them across namespaces', () => {
  const tree = topology(bigWorld())
  const rows = topologyRows(tree).map((line) => line.row)
  const row = (id: string): LinkRow => rows.find((one): one is LinkRow => one.id === id)!
  expect(row('link:100:2').uppers).toEqual([{ netns: '710', ifindex: 2, name: 'eth0' }])
  expect(row('link:710:2').lower).toMatchObject({ netns: '100', name: 'eth0' })
  expect(row('link:710:2').lowerNetnsName).toBe('host')
  expect(row('link:100:8').peer).toMatchObject({
    netns: '600',
    unknown: expect.stringContaining('permission denied'),
  })
  expect(JSON.parse(JSON.stringify(tree))).toEqual(tree)
})

test('every id stands once', () => {
  const ids = topologyRows(topology(bigWorld())).map((line) => line.row.id)
  expect(new Set(ids).size).toBe(ids.length)
})

test('everything can be found in the tree, a far end on its near end’s row', () => {
  const tree = topology(bigWorld())
  expect(pathTo(tree, netnsId(200), 2)).toEqual(['section:100', 'link:100:4', 'link:100:5'])
  expect(pathTo(tree, netnsId(200))).toEqual(['section:100', 'link:100:4', 'link:100:5'])
  expect(pathTo(tree, netnsId(400))).toEqual(['section:400'])
  expect(pathTo(tree, netnsId(710), 2)).toEqual(['section:off-bridge', 'netns:710', 'link:710:2'])
  expect(pathTo(tree, netnsId(999))).toBeNull()
})

test('a changed namespace makes new rows only where they show it', () => {
  const before = bigWorld()
  const first = topology(before)
  const changed = before.netns.map((one) =>
    one.id === '500' ? { ...one, addresses: [address(2, '10.0.0.9/8')] } : one,
  )
  const second = topology({ ...before, netns: changed })
  expect(second.sections[0]?.children).toBe(first.sections[0]?.children)
  expect(second.sections[1]?.children).not.toBe(first.sections[1]?.children)
  expect(outline(second)).toContain('port inner = nested eth0 10.0.0.9')
})

test('what another namespace changes is seen: a pair that resolves, a name, an upper device', () => {
  const before = bigWorld()
  topology(before)
  const without = { ...before, netns: before.netns.filter((one) => one.id !== '710') }
  const row = (tree: Topology): LinkRow =>
    topologyRows(tree)
      .map((line) => line.row)
      .find((one): one is LinkRow => one.id === 'link:100:2')!
  expect(row(topology(without)).uppers).toEqual([])
  expect(row(topology(before)).uppers).toHaveLength(1)
  // Another one of the same name: both get their id behind it, though nothing of this one changed.
  const twins = [...before.netns, netns(999, 'redis')]
  expect(outline(topology({ ...before, netns: twins }))).toContain('port veth10 = redis (200) eth0')
  const renamed = before.netns.map((one) =>
    one.id === '300' ? { ...one, names: [{ name: 'shop', source: 'named' as const, path: null }] } : one,
  )
  expect(outline(topology({ ...before, netns: renamed }))).toContain('link loose = shop eth0')
})

test('a pair that a third namespace settles is drawn anew when that one comes', () => {
  const lonely = netns(100, 'host', {
    links: [link('veth', { ifindex: 5, name: 'v', lower: { ifindex: 2, nsid: nsid(3) } })],
    nsids: [{ nsid: nsid(3), id: null }],
  })
  const far = netns(200, 'far', {
    links: [link('veth', { ifindex: 2, name: 'eth0', lower: { ifindex: 5, nsid: nsid(0) } })],
    nsids: [{ nsid: nsid(0), id: netnsId(100) }],
  })
  expect(outline(topology(world([lonely])))).toBe('== host\n  link v no bridge')
  expect(outline(topology(world([lonely, far])))).toBe('== host\n  link v = far eth0  no bridge')
  expect(outline(topology(world([lonely])))).toBe('== host\n  link v no bridge')
})

test('masters and lower devices that go round in a circle lose no link', () => {
  const links = [
    link('macvlan', { ifindex: 2, name: 'a', lower: { ifindex: 3, nsid: null } }),
    link('macvlan', { ifindex: 3, name: 'b', lower: { ifindex: 2, nsid: null } }),
    link('bond', { ifindex: 4, name: 'c', master: 4 }),
  ]
  const tree = topology(world([netns(100, 'host', { links })]))
  expect(
    topologyRows(tree)
      .map((line) => line.row.id)
      .sort(),
  ).toEqual(['link:100:2', 'link:100:3', 'link:100:4', 'section:100'])
})

test('a loopback is shown where it has more than its usual addresses', () => {
  const tree = topology(world([netns(100, 'host', { addresses: [address(1, '10.9.9.9/32')] })]))
  expect(topologyRows(tree)).toHaveLength(2)
})

test('folded rows hide what is below them', () => {
  const tree = topology(bridgedPair())
  const lines = topologyRows(tree, new Set(['link:100:4']))
  expect(lines.map((line) => [line.row.id, line.folded])).toEqual([
    ['section:100', false],
    ['link:100:4', true],
  ])
})

test.each([
  ['redis', ['link:100:5', 'link:200:3']],
  ['172.17.0.0/16', ['link:100:4', 'link:100:5']],
  ['172.17.0.2', ['link:100:5']],
  ['kind:bridge', ['link:100:4', 'link:400:3']],
  ['kind:veth !is:port', ['link:100:8', 'link:100:9', 'link:400:2']],
  ['is:off-bridge', ['link:100:8', 'link:100:9']],
  ['is:unresolved', ['link:100:8']],
  ['is:unreadable', ['netns:600']],
  ['is:hidden', ['netns:hidden:100:7']],
  ['is:nonsense', []],
  ['docker0 redis', []],
  ['EXTRA', ['link:200:3']],
])('the filter %s fits %j', (text, expected) => {
  const { topology: tree, hits } = filterTopology(
    topology(bigWorld()),
    parseFilter(text, treeTraits),
    bigWorld(),
  )
  expect([...hits].sort()).toEqual(expected.toSorted())
  const ids = topologyRows(tree).map((line) => line.row.id)
  for (const hit of hits) expect(ids).toContain(hit)
})

test('a filter sees a name that no row shows, as soon as it is there', () => {
  const before = bigWorld()
  const hits = (all: typeof before) => [
    ...filterTopology(topology(all), parseFilter('shop', treeTraits), all).hits,
  ]
  expect(hits(before)).toEqual([])
  const named = before.netns.map((one): Netns => {
    const names = [...one.names, { name: 'Shop', source: 'mount' as const, path: null }]
    return one.id === '300' ? { ...one, names } : one
  })
  const after = { ...before, netns: named }
  expect(topology(after).sections[0]?.children).toBe(topology(before).sections[0]?.children)
  expect(hits(after)).toEqual(['link:100:9'])
})

test('the ancestors of a hit stay, its neighbours go', () => {
  const all = bigWorld()
  const { topology: tree } = filterTopology(topology(all), parseFilter('veth10', treeTraits), all)
  expect(topologyRows(tree).map((line) => line.row.id)).toEqual(['section:100', 'link:100:4', 'link:100:5'])
})

/** Told anew each time, as a worker tells it. */
function enginesOf(all: readonly Netns[], said: readonly string[]): Engine {
  const containers = all.flatMap((one, at) => {
    const how = said[at] ?? 'none'
    if (how === 'none' || isHidden(one.id)) return []
    const address = listOf(one.addresses)[0]
    const ipv4 = address === undefined ? null : `${address.local}/${address.prefixLen}`
    const own = container(`c${at}`, Number(one.id), {
      endpoints: [endpoint(`net${how}`, { ipv4, aliases: how === 'alias' ? ['db'] : [] })],
      ports: how === 'port' ? [{ hostIp: '', hostPort: 8080, port: 80, protocol: 'tcp' }] : [],
      ...(how === 'host' ? { modeKind: 'host' } : {}),
    })
    const joiner = container(`j${at}`, Number(one.id), { modeKind: 'container', joins: own.id })
    return how === 'joiner' ? [own, joiner] : [own]
  })
  const networks = said.map((how, at) => network(how, `br${at % 2}`))
  return engine(containers, { netns: all[0]?.id ?? netnsId(100), networks })
}

test('what is kept from earlier worlds never shows: the tree is that of a world seen for the first time', () => {
  const bridged = (one: Netns): Netns => ({
    ...one,
    links: [
      link('bridge', { ifindex: 90, name: 'br0' }),
      link('macvlan', { ifindex: 91, name: 'mv0', lower: { ifindex: 2, nsid: nsid(0) } }),
      ...(one.links as readonly Link[]).map((each) =>
        each.kind === 'veth' ? { ...each, master: 90 } : each,
      ),
    ],
  })
  // Mostly a world is as it was but for a namespace or two.
  const kind = fc.constantFrom('b', 'bridged', 'gone', 'renamed', 'bare', 'routes', 'b')
  const step = fc.array(
    fc.oneof({ weight: 4, arbitrary: fc.constant('a') }, { weight: 1, arbitrary: kind }),
    {
      minLength: 5,
      maxLength: 5,
    },
  )
  // So do engines: each container, by the place of its namespace.
  const said = fc.array(fc.constantFrom('web', 'web', 'web', 'alias', 'port', 'joiner', 'host', 'none'), {
    minLength: 5,
    maxLength: 5,
  })
  fc.assert(
    fc.property(generated, generated, fc.array(fc.record({ step, said }), { maxLength: 8 }), (a, b, all) => {
      const other = new Map(b.world.map((one) => [one.id, one]))
      const changed = (one: Netns, how: string | undefined): readonly Netns[] => {
        if (how === 'gone') return []
        if (how === 'b') return [other.get(one.id) ?? one]
        if (how === 'renamed') return [{ ...one, names: [] }]
        if (how === 'bare') return [{ ...one, addresses: [] }]
        if (how === 'routes') return [{ ...one, routes: [] }]
        return [how === 'bridged' ? bridged(one) : one]
      }
      const worlds = all.map(({ step, said }) => ({
        ...world([netns(1000, 'host')]),
        netns: a.world.flatMap((one, at) =>
          at === 0 && step[at] === 'gone' ? [one] : changed(one, step[at]),
        ),
        engines: [enginesOf(a.world, said)],
      }))
      // One after the other; only then each as if it were the first.
      const trees = worlds.map((world) => topology(world))
      worlds.forEach((world, at) => expect(trees[at]).toEqual(topology(structuredClone(world))))
    }),
    { numRuns: 400 },
  )
})
