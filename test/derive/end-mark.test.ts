/** What stands on a row of a container's end and of its bridge, by its engine's word and by the rules. */
import { expect, test } from 'vitest'
import { engineMarks, noMarks } from '../../src/derive/engine-marks.ts'
import { endMark } from '../../src/derive/end-mark.ts'
import type { PortsByAddress } from '../../src/derive/ports-by-address.ts'
import { portText } from '../../src/derive/port-text.ts'
import { householdOf } from '../../src/derive/tenants.ts'
import type { LinkRow } from '../../src/derive/topology-row.ts'
import { topologyRows } from '../../src/derive/topology-rows.ts'
import { topology } from '../../src/derive/topology.ts'
import { netnsId } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import type { Firewall } from '../../src/model/ruleset.ts'
import type { World } from '../../src/model/world.ts'
import { dockerWorld } from '../support/docker-world.ts'
import { container, endpoint, engine, network } from '../support/engine.ts'
import { firewall, iptables } from '../support/ruleset.ts'
import { address, link, loopback, netns, route } from '../support/world.ts'

const dnat = iptables(
  'nat',
  `-P PREROUTING
  -P POSTROUTING
  -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
  -A POSTROUTING -s 172.28.5.2/32 -d 172.28.5.2/32 -p tcp -m tcp --dport 80 -j MASQUERADE
  -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80`,
)

const marked = iptables(
  'nat',
  `-P POSTROUTING
  -A POSTROUTING -j NETAVARK-HOSTPORT-MASQ
  -A NETAVARK-HOSTPORT-MASQ -m mark --mark 0x2000/0x2000 -j MASQUERADE`,
)

const jumping = iptables(
  'nat',
  `-P POSTROUTING
  -A POSTROUTING -s 172.17.0.0/16 -j NETAVARK-1D8721804F16F
  -A NETAVARK-1D8721804F16F -d 172.17.0.0/16 -j ACCEPT
  -A NETAVARK-1D8721804F16F ! -d 224.0.0.0/4 -j MASQUERADE`,
)

const row = (world: World, name: string): LinkRow | undefined =>
  topologyRows(topology(world))
    .map((line) => line.row)
    .find((each): each is LinkRow => each.kind === 'link' && each.link.name === name)

const eth0Of = (world: World, id: string): LinkRow | undefined =>
  topologyRows(topology(world))
    .map((line) => line.row)
    .find((each): each is LinkRow => each.kind === 'link' && each.netns === id && each.link.name === 'eth0')

test('a port that only the rules tell of stands on the row of its address', () => {
  expect(eth0Of(dockerWorld(firewall([dnat])), '300')?.end).toEqual({
    network: 'bridge',
    aliases: [],
    ports: [':8080>80'],
  })
  expect(eth0Of(dockerWorld(firewall([dnat])), '200')?.end?.ports).toEqual([])
  expect(eth0Of(dockerWorld(null), '300')?.end?.ports).toEqual([])
})

test.each<readonly [string, Firewall | null, boolean, boolean]>([
  ['not read: the engine’s word', null, true, true],
  ['the rules say so of one of them only; a hairpin rule is none', firewall([dnat]), true, false],
  ['no rule does it', firewall([]), false, false],
  ['only what came by a published port, as Podman marks it', firewall([marked]), false, false],
  ['in a chain that only one network leads to', firewall([jumping]), true, false],
])('NAT of docker0 and of a network: %s', (_, rules, docker0, other) => {
  const world = dockerWorld(rules)
  expect([row(world, 'docker0')?.nat, row(world, 'br-3d5350')?.nat]).toEqual([docker0, other])
})

test('rules that could not be read leave the engine’s word', () => {
  const unread = {
    backend: 'iptables-nft',
    family: null,
    table: null,
    unknown: 'permission denied',
    hint: null,
  } as const
  const rules = { ...firewall([]), unread: [unread] }
  expect(row(dockerWorld(rules), 'docker0')?.nat).toBe(true)
  const nobody = dockerWorld(rules, { world: { engines: [] } })
  expect(row(nobody, 'docker0')).toMatchObject({ nat: null, network: null })
})

test.each([
  [{}, true],
  [{ internal: true }, false],
  [{ driver: 'macvlan' }, false],
  [{ options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' } }, false],
  [{ options: { 'com.docker.network.bridge.gateway_mode_ipv4': 'routed' } }, false],
  [{ options: { mode: 'unmanaged' } }, false],
])('the engine’s word of %j is %s', (fields, expected) => {
  const marks = engineMarks([engine([], { networks: [network('n', 'br9', fields)] })], noMarks)
  expect(marks.bridges.get(netnsId(100))?.get('br9')?.masquerades).toBe(expected)
})

test('a container on two networks: aliases on each, ports where its default route leads', () => {
  const id = container('web', null).id
  const web = container('web', 300, {
    endpoints: [
      endpoint('b-net', {
        ipv4: '10.2.0.2/24',
        gateway: '10.2.0.1',
        aliases: ['db', 'web', id.slice(0, 12)],
      }),
      endpoint('a-net', { ipv4: '10.1.0.2/24', gateway: '', aliases: ['db'] }),
    ],
    ports: [
      { hostIp: '0.0.0.0', hostPort: 80, port: 8080, protocol: 'tcp' },
      { hostIp: '::', hostPort: 80, port: 8080, protocol: 'tcp' },
      { hostIp: '127.0.0.1', hostPort: 53, port: 53, protocol: 'udp' },
    ],
  })
  const eth0 = link('veth', { ifindex: 2, name: 'eth0' })
  const eth1 = link('veth', { ifindex: 3, name: 'eth1' })
  const place = netns(300, 'web', {
    links: [loopback(), eth0, eth1],
    addresses: [address(1, '127.0.0.1/8'), address(2, '10.1.0.2/24'), address(3, '10.2.0.2/24')],
  })
  const marks = engineMarks([engine([web])], noMarks)
  expect(endMark(marks, null, place, eth0)).toEqual({ network: 'a-net', aliases: ['db'], ports: [] })
  expect(endMark(marks, null, place, eth1)).toEqual({
    network: 'b-net',
    aliases: ['db'],
    ports: [':80>8080', '127.0.0.1:53>53/udp'],
  })
  expect(endMark(marks, null, place, loopback())).toBe(null)
})

/** On a-net by eth0 and b-net by eth1; Docker would publish on a-net by its name. */
function onTwoNetworks(routes: Parameters<typeof route>[0][]) {
  const web = container('web', 300, {
    endpoints: [
      endpoint('a-net', { ipv4: '10.1.0.2/24', gateway: '10.1.0.1' }),
      endpoint('b-net', { ipv4: '10.2.0.2/24', gateway: '10.2.0.1' }),
    ],
    ports: [
      { hostIp: '0.0.0.0', hostPort: 80, port: 8080, protocol: 'tcp' },
      { hostIp: '::', hostPort: 80, port: 8080, protocol: 'tcp' },
      { hostIp: '127.0.0.1', hostPort: 53, port: 53, protocol: 'udp' },
    ],
  })
  const [eth0, eth1] = [
    link('veth', { ifindex: 2, name: 'eth0' }),
    link('veth', { ifindex: 3, name: 'eth1' }),
  ]
  const inside = netns(300, 'web', {
    links: [loopback(), eth0, eth1],
    addresses: [address(2, '10.1.0.2/24'), address(3, '10.2.0.2/24')],
    routes: routes.map((each) => route(each)),
  })
  const marks = engineMarks([engine([web])], noMarks)
  return (published: PortsByAddress | null) =>
    [eth0, eth1].map((each) => endMark(marks, published, inside, each)?.ports)
}

test('a port stands on the link that has the address the rules send it to, and on no other', () => {
  const ports = onTwoNetworks([])
  const to = (...texts: string[]): PortsByAddress => new Map([[netnsId(300), new Map([['10.2.0.2', texts]])]])
  expect(ports(to(':80>8080', '127.0.0.1:53>53/udp'))).toEqual([[], [':80>8080', '127.0.0.1:53>53/udp']])
  // Of one that no rule tells of, the engine's word stays where the engine publishes.
  expect(ports(to(':80>8080'))).toEqual([['127.0.0.1:53>53/udp'], [':80>8080']])
  expect(ports(new Map())).toEqual([[':80>8080', '127.0.0.1:53>53/udp'], []])
})

test('where no rules were read ports stand on the link of the default route', () => {
  const first = onTwoNetworks([])
  const routed = onTwoNetworks([{ dst: 'default', oif: 3, gateway: '10.2.0.1' }])
  const all = [':80>8080', '127.0.0.1:53>53/udp']
  expect([first(null), routed(null)]).toEqual([
    [all, []],
    [[], all],
  ])
})

test('a pod without a container of its own is called after its first, and the others share it', () => {
  const pod = ['a', 'b'].map((name) => container(name, 300, { modeKind: 'pod', mode: '' }))
  const joiner = container('c', 300, { modeKind: 'container', joins: pod[0]?.id ?? '' })
  const names = (list: readonly ReturnType<typeof container>[]) => {
    const { owner, sharers } = householdOf(engineMarks([engine(list)], noMarks), netnsId(300))
    return [owner?.container.name, ...sharers.map(({ container: each }) => each.name)]
  }
  expect(names([...pod, joiner])).toEqual(['a', 'b', 'c'])
  expect(names([joiner, ...pod])).toEqual(['a', 'c', 'b'])
  expect(names([joiner])).toEqual(['c'])
  expect(names([])).toEqual([undefined])
})

test.each([
  [{ hostIp: '', hostPort: 1, port: 2, protocol: 'tcp' }, ':1>2'],
  [{ hostIp: '0.0.0.0', hostPort: 1, lastPort: 9, port: 2, protocol: 'tcp' }, ':1-9>2'],
  [{ hostIp: '::1', hostPort: 1, port: 2, protocol: 'sctp' }, '[::1]:1>2/sctp'],
])('a port as text: %j', (port, text) => {
  expect(portText(port)).toBe(text)
})

test('ports of a node of the lab stand on the network by which it has its default route, whatever the others are called', () => {
  const node = container('web', 200, {
    endpoints: [
      endpoint('back', { ipv4: '10.2.0.2/24', gateway: '10.2.0.1' }),
      endpoint('front', { ipv4: '10.1.0.2/24', gateway: '10.1.0.1' }),
    ],
    ports: [{ hostIp: '0.0.0.0', hostPort: 8080, port: 80, protocol: 'tcp' }],
  })
  const inside = netns(200, 'web', {
    links: [
      loopback(),
      link('veth', { ifindex: 2, name: 'eth0' }),
      link('veth', { ifindex: 3, name: 'eth1' }),
    ],
    addresses: [address(2, '10.2.0.2/24'), address(3, '10.1.0.2/24')],
    routes: [route({ dst: 'default', oif: 3, gateway: '10.1.0.1' })],
  })
  const marks = engineMarks([engine([node], { engine: 'lab' })], noMarks)
  const ports = (ifindex: number) => {
    const end = listOf(inside.links).find((each) => each.ifindex === ifindex)
    return end === undefined ? null : endMark(marks, null, inside, end)?.ports
  }
  expect([ports(2), ports(3)]).toEqual([[], [':8080>80']])
})
