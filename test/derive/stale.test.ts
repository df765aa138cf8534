import { expect, test } from 'vitest'
import { topology } from '../../src/derive/topology.ts'
import { netnsId, nsid } from '../../src/model/ids.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { Container, Engine } from '../../src/model/engine.ts'
import { container, endpoint, engine, network } from '../support/engine.ts'
import { address, bridgedPair, link, loopback, netns, world as worldOf, route } from '../support/world.ts'

/**
 * Beside the host three namespaces without bridges: a macvlan in `a` stands on a device in `b`, and a veth leads from
 * `a` to `c`. Nothing leads back from `b` to `a` but what the kernel tells of the macvlan.
 */
const [a, b, c] = [netnsId(200), netnsId(300), netnsId(400)]
const inA = netns(200, 'a', {
  links: [
    loopback(),
    link('macvlan', { ifindex: 5, name: 'mv0', lower: { ifindex: 2, nsid: nsid(7) } }),
    link('veth', { ifindex: 6, name: 'toc', lower: { ifindex: 9, nsid: nsid(8) } }),
  ],
  nsids: [
    { nsid: nsid(7), id: b },
    { nsid: nsid(8), id: c },
  ],
})
const inB = netns(300, 'b', { links: [loopback(), link('device', { ifindex: 2, name: 'wire' })] })
const inC = netns(400, 'c', {
  links: [loopback(), link('veth', { ifindex: 9, name: 'toa', lower: { ifindex: 6, nsid: nsid(1) } })],
  addresses: [address(9, '10.0.0.9/24')],
  nsids: [{ nsid: nsid(1), id: a }],
})
const host = netns(100, 'host', {
  names: [{ name: 'host', source: 'host', path: null }],
  links: [loopback(), link('device', { ifindex: 2, name: 'eth0' })],
})
const before = [host, inA, inB, inC]
const world = (list: readonly Netns[]) => worldOf([host], { netns: list })

function changed(of: Netns, fields: Partial<Netns>): readonly Netns[] {
  return before.map((each) => (each === of ? { ...each, ...fields } : each))
}

test.each<readonly [string, readonly Netns[]]>([
  [
    'a name that a link of another namespace shows',
    changed(inB, { names: [{ name: 'z', source: 'named', path: null }] }),
  ],
  [
    'what stands on a device of another namespace',
    changed(inA, { links: (inA.links as readonly []).slice(0, 1) }),
  ],
  ['an address of the far end', changed(inC, { addresses: [address(9, '10.0.0.10/24')] })],
  [
    'the far end got a section of its own',
    changed(inC, {
      links: [...(inC.links as readonly []), link('bridge', { ifindex: 20, name: 'br0' })],
    }),
  ],
  ['a namespace is gone', before.filter((each) => each !== inC)],
  ['a namespace cannot be read any more', changed(inC, { readable: { unknown: 'permission denied' } })],
])('after a change the tree is that of a world seen for the first time: %s', (_, after) => {
  topology(world(before))
  const tree = topology(world(after))
  expect(tree).toEqual(topology(structuredClone(world(after))))
})

test('a route or a neighbour is on no row: the tree stays the very same', () => {
  const tree = topology(world(before))
  expect(topology(world(changed(inA, { routes: [], neighbours: [], details: null })))).toBe(tree)
  expect(topology(world(changed(inC, { addresses: [] })))).not.toBe(tree)
})

test('rows of namespaces that a change has nothing to do with stay the very same', () => {
  const rowsOf = (list: readonly Netns[]) => topology(world(list)).sections[1]?.children ?? []
  const was = rowsOf(before)
  const is = rowsOf(changed(inC, { addresses: [] }))
  const at = (rows: typeof was, id: string) => rows.find((row) => row.netns === id)?.children
  expect(at(is, b)).toBe(at(was, b))
  expect(at(is, c)).not.toBe(at(was, c))
  // It shows the far end's address.
  expect(at(is, a)).not.toBe(at(was, a))
})

/** Told anew, as a worker does: nothing of it is the object that it was. */
const told = (said: Partial<Engine> = {}, redis: Partial<Container> = {}): readonly Engine[] => [
  engine(
    [
      container('redis123', 200, {
        endpoints: [endpoint('bridge', { ipv4: '172.17.0.2/16' })],
        ...redis,
      }),
      container('other', 300, { endpoints: [endpoint('none')] }),
    ],
    { networks: [network('bridge', 'docker0')], ...said },
  ),
]
const pair = bridgedPair()
const containers = (engines: readonly Engine[]) => ({ ...pair, netns: [...pair.netns, inB], engines })

test('what engines say again changes no row', () => {
  const tree = topology(containers(told()))
  expect(topology(containers(told()))).toBe(tree)
  const { members: _, ...bridge } = network('bridge', 'docker0')
  const member = { containerId: 'x', name: 'x', mac: null, ipv4: null, ipv6: null }
  // Who is on a network stands on the rows of its ports.
  expect(topology(containers(told({ networks: [{ ...bridge, members: [member] }] })))).toBe(tree)
})

test('what an engine says of one container changes its rows, and the others stay the very same', () => {
  const rowsOf = (engines: readonly Engine[]) => {
    const { sections } = topology(containers(engines))
    const [device, bridge] = [sections[0]?.children[0], sections[1]?.children[0]]
    const port = device?.children[0]
    return { bridge: device, port: port?.kind === 'link' ? port : undefined, other: bridge }
  }
  const was = rowsOf(told())
  expect(was.port?.end).toMatchObject({ network: 'bridge', aliases: [], ports: [] })
  const is = rowsOf(told({}, { ports: [{ hostIp: '', hostPort: 8080, port: 80, protocol: 'tcp' }] }))
  expect(is.port?.end?.ports).toEqual([':8080>80'])
  expect(is.other?.children).toBe(was.other?.children)
  const internal = rowsOf(told({ networks: [network('bridge', 'docker0', { internal: true })] }))
  expect(internal.bridge).toMatchObject({ nat: false, network: { internal: true } })
  expect(internal.port).toEqual(was.port)
})

test('a default route that comes later takes the ports to the row of its link', () => {
  const ports: Container['ports'] = [{ hostIp: '', hostPort: 8080, port: 80, protocol: 'tcp' }]
  const web = container('redis123', 200, {
    endpoints: [endpoint('back', { ipv4: '10.9.0.2/16' }), endpoint('bridge', { ipv4: '172.17.0.2/16' })],
    ports,
  })
  const endIn = (routes: (typeof pair.netns)[number]['routes']) => {
    const netns = pair.netns.map((each) => (each.id === '200' ? { ...each, routes } : each))
    const [device] = topology({ ...pair, netns: [...netns], engines: [engine([web])] }).sections
    const port = device?.children[0]?.children[0]
    return port?.kind === 'link' ? port.end : undefined
  }
  expect(endIn([])?.ports).toEqual([])
  expect(endIn([route({ dst: 'default', oif: 2, gateway: '172.17.0.1' })])?.ports).toEqual([':8080>80'])
  expect(endIn([])?.ports).toEqual([])
})

test('a container of mode host comes and goes as a row, though no namespace changes', () => {
  const onHost = container('onhost', 100, { modeKind: 'host' })
  const ids = (engines: readonly Engine[]) =>
    topology(containers(engines))
      .sections.at(-1)
      ?.children.map((row) => row.id)
  const without = ids([engine([])])
  expect(ids([engine([onHost])])).toEqual([`container:100:${onHost.id}`, ...(without ?? [])])
  expect(ids([engine([])])).toEqual(without)
})

test('an overlay that becomes known names its namespace, though nothing else changes', () => {
  const sandbox = netns(500, 's', { names: [{ name: '1-rxmk5d1abc', source: 'mount', path: null }] })
  const said = (engines: readonly Engine[]) => {
    const all = { ...pair, netns: [...pair.netns, sandbox], engines }
    const row = topology(all)
      .sections.at(-1)
      ?.children.find(({ id }) => id === 'netns:500')
    return row?.kind === 'netns' ? row.overlay : undefined
  }
  const options = { 'com.docker.network.driver.overlay.vxlanid_list': '4097' }
  const overlay = network('ov1', null, { id: 'rxmk5d1abcdefgh', driver: 'overlay', options })
  expect(said([engine([])])).toBe(null)
  expect(said([engine([], { networks: [overlay] })])).toBe('overlay ov1 vni 4097')
  expect(said([engine([], { networks: [{ ...overlay, name: 'ov2' }] })])).toBe('overlay ov2 vni 4097')
})

test('an overlay that the namespace is already called after is not named twice', () => {
  const names = (name: string, told: string) => [
    { name: told, source: 'docker', path: `/run/docker/netns/${name}` } as const,
    { name, source: 'docker', path: `/run/docker/netns/${name}` } as const,
  ]
  const all = [
    netns(500, 's', { names: names('1-rxmk5d1abc', 'ov1 (overlay)') }),
    netns(501, 'l', { names: names('lb_rxmk5d1abc', 'ov1 (load balancer)') }),
    netns(502, 'i', { names: [{ name: 'ingress_sbox', source: 'docker', path: null }] }),
  ]
  const options = { 'com.docker.network.driver.overlay.vxlanid_list': '4097' }
  const overlay = network('ov1', null, { id: 'rxmk5d1abcdefgh', driver: 'overlay', options })
  const made = topology({
    ...pair,
    netns: [...pair.netns, ...all],
    engines: [engine([], { networks: [overlay] })],
  })
  const rows = made.sections.at(-1)?.children ?? []
  expect(rows.map((row) => (row.kind === 'netns' ? [row.name, row.overlay] : []))).toEqual([
    ['ingress_sbox', 'routing mesh of the Swarm'],
    ['ov1 (load balancer)', null],
    ['ov1 (overlay)', 'vni 4097'],
  ])
})
