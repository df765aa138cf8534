/** What a probe could go to: useful things first, each typed as it is understood, no more than can be looked through. */
import { beforeAll, describe, expect, test } from 'vitest'
import { portsView } from '../../../src/derive/ports-view.ts'
import { hostPortsOf } from '../../../src/derive/probe/host-ports.ts'
import { soughtOf } from '../../../src/derive/probe/sought.ts'
import { offeredTargets, type Pointed, type TargetKind } from '../../../src/derive/probe/targets.ts'
import type { PortsView } from '../../../src/model/ports-view.ts'
import type { World } from '../../../src/model/world.ts'
import { netnsOf, worldOf } from '../../support/fixture.ts'
import { address, link, loopback, netns, port, route, world as worldWith } from '../../support/world.ts'

const nothing: Pointed = { netns: null, ifindex: null, ends: [] }

let docker: World
let listening: PortsView
beforeAll(async () => {
  docker = await worldOf('docker')
  listening = portsView(docker, new Set())
})

function texts(from: string, kind: TargetKind, pointed = nothing, ports: PortsView | null = null) {
  return offeredTargets(docker, netnsOf(docker, from), kind, pointed, ports)
    .filter(({ isBeginning }) => isBeginning !== true)
    .map(({ text }) => text)
}

describe('ping', () => {
  test('the gateway, the members of its networks by name, the host, nameservers', () => {
    expect(texts('nginx1', 'ping')).toEqual(['gateway', 'shop-web-1', 'shop-db-1'])
    expect(texts('redis123', 'ping')).toEqual(['gateway', '192.0.2.53'])
    expect(texts('host', 'ping').slice(0, 6)).toEqual([
      'gateway',
      'redis123',
      'nginx1',
      'shop-web-1',
      'shop-db-1',
      'host',
    ])
  })

  test('each says what it is', () => {
    const all = offeredTargets(docker, netnsOf(docker, 'nginx1'), 'ping', nothing, null)
    expect(all.map(({ says }) => says)).toEqual([
      '172.31.0.1  default gateway by eth0',
      '172.31.0.77  on front',
      '172.31.1.2  on back, alias db',
    ])
  })

  test('of a selected link its other end, and from elsewhere the link itself', () => {
    const { id } = netnsOf(docker, 'internet')
    const uplink = { netns: docker.host, ifindex: 3, ends: [] }
    const near = offeredTargets(docker, netnsOf(docker, 'host'), 'ping', uplink, null)[0]
    expect(near).toMatchObject({
      isPointed: true,
      says: expect.stringContaining('the other end, in internet'),
    })
    const away = offeredTargets(docker, netnsOf(docker, 'redis123'), 'ping', uplink, null)[0]
    expect(away?.says).toContain('192.0.2.2')
    expect(id).not.toBe(docker.host)
  })

  test('who is in the selected bridge’s network comes before others', () => {
    const host = netnsOf(docker, 'host')
    const back = (Array.isArray(host.links) ? host.links : []).find(({ name }) => name === 'br-back')
    const pointed = { netns: host.id, ifindex: back?.ifindex ?? 0, ends: [] }
    expect(texts('host', 'ping', pointed).slice(1, 3)).toEqual(['nginx1', 'shop-db-1'])
  })

  test('nothing goes to the namespace itself or to loopback', () => {
    for (const each of docker.netns)
      for (const { text } of offeredTargets(docker, each, 'ping', nothing, listening)) {
        const found = soughtOf(docker, each, text)
        if (!found.ok || !('address' in found.value)) throw new Error(`${text} is offered and not understood`)
        expect(found.value.address).not.toMatch(/^127\.|^::1$/)
      }
  })
})

describe('ports', () => {
  test('what is published, at the container and at the host, then what listens', () => {
    expect(texts('shop-db-1', 'tcp')).toEqual(['nginx1:443', 'nginx1:80', 'host:8080', '127.0.0.11:53'])
    expect(texts('shop-db-1', 'udp')).toEqual(['127.0.0.11:53'])
    const all = texts('host', 'tcp', nothing, listening)
    expect(all).toContain('redis123:6379')
    expect(all.indexOf('redis123:6379')).toBeGreaterThan(all.indexOf('host:8080'))
    // Published to the host's loopback only.
    expect(all).toContain('127.0.0.1:8443')
    expect(texts('redis123', 'tcp', nothing, listening)).not.toContain('127.0.0.1:8443')
  })

  test('what was read later changes nothing of what stood first', () => {
    for (const from of ['host', 'nginx1', 'shop-db-1', 'redis123']) {
      const before = texts(from, 'tcp').filter((text) => !text.endsWith(':53'))
      expect(texts(from, 'tcp', nothing, listening).slice(0, before.length)).toEqual(before)
    }
  })

  test('each is understood by the command', () => {
    for (const each of docker.netns)
      for (const kind of ['tcp', 'udp'] as const)
        for (const { text, isBeginning } of offeredTargets(docker, each, kind, nothing, listening)) {
          const end = hostPortsOf(isBeginning === true ? `${text}80` : text)
          if (!end.ok) throw new Error(`${text} is offered and not understood`)
          expect(soughtOf(docker, each, end.value.host).ok).toBe(true)
        }
  })

  test('of whom no port is known the name is offered, to be gone on with', () => {
    const all = offeredTargets(docker, netnsOf(docker, 'nginx1'), 'tcp', nothing, null)
    const open = all.filter(({ isBeginning }) => isBeginning === true)
    expect(open.map(({ text }) => text)).toEqual(['gateway:', 'shop-web-1:', 'shop-db-1:'])
    expect(all.indexOf(open[0] ?? { text: '', says: '' })).toBe(all.length - open.length)
  })

  test('pages: the usual port first, https where it is, no databases', () => {
    expect(texts('shop-db-1', 'http').slice(0, 3)).toEqual([
      'http://nginx1/',
      'http://host:8080/',
      'https://nginx1/',
    ])
    const all = texts('host', 'http', nothing, listening)
    expect(all).toContain('https://127.0.0.1:8443/')
    expect(all.join()).not.toContain('6379')
    for (const text of all) expect(() => new URL(text)).not.toThrow()
  })

  test('a selected socket stands first, of its own protocol', () => {
    const ends = [{ address: '172.17.0.2', port: 6379, protocol: 'tcp', says: 'this socket' }] as const
    const pointed = { ...nothing, ends }
    expect(texts('host', 'tcp', pointed)[0]).toBe('172.17.0.2:6379')
    expect(texts('host', 'udp', pointed)[0]).not.toBe('172.17.0.2:6379')
    expect(texts('host', 'ping', pointed)[0]).toBe('172.17.0.2')
    const ipv6 = { ...nothing, ends: [{ ...ends[0], address: 'fd00:31::3' }] }
    expect(texts('host', 'tcp', ipv6)[0]).toBe('[fd00:31::3]:6379')
  })
})

describe('names', () => {
  test('members and aliases where Docker’s server knows them, and one from outside', () => {
    const all = texts('nginx1', 'dns')
    expect(all.slice(0, 4)).toEqual(['shop-db-1', 'db', 'shop-web-1', 'example.org'])
    expect(texts('shop-db-1', 'dns').slice(0, 3)).toEqual(['nginx1', 'www', 'static'])
    // The default bridge has no names: nobody there would know them.
    expect(texts('redis123', 'dns')[0]).toBe('example.org')
  })
})

test('a namespace whose tables could not be read is offered nothing, and fails of nothing', () => {
  const unread = { unknown: 'not permitted' }
  const blind = netns(5, 'blind', {
    readable: unread,
    links: unread,
    addresses: unread,
    routes: unread,
    neighbours: unread,
  })
  const host = netns(4, 'host', { addresses: [address(2, '10.0.0.1/24')] })
  const world = worldWith([host, blind])
  for (const kind of ['ping', 'tcp', 'udp', 'http', 'dns', 'traceroute'] as const) {
    expect(() => offeredTargets(world, blind, kind, nothing, null)).not.toThrow()
    expect(() => offeredTargets(world, host, kind, nothing, null)).not.toThrow()
  }
})

test('of 1,000 members at most 400 are offered, within a moment', () => {
  const members = Array.from({ length: 1000 }, (_, at) =>
    netns(1000 + at, `node${at}`, {
      links: [loopback(), link('veth', { ifindex: 2, name: 'eth0' })],
      addresses: [address(2, `10.4.${Math.floor(at / 250)}.${(at % 250) + 2}/16`)],
      routes: [route({ dst: 'default', gateway: '10.4.255.1', oif: 2 })],
    }),
  )
  const host = netns(4, 'host', {
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    links: [
      loopback(),
      link('bridge', { ifindex: 2, name: 'br0' }),
      link('veth', { ifindex: 3, name: 'v0', master: 2, port }),
    ],
    addresses: [address(2, '10.4.255.1/16')],
  })
  const world = worldWith([host, ...members])
  const began = performance.now()
  const fromHost = offeredTargets(world, host, 'ping', nothing, null)
  const [first] = members
  const fromMember = first === undefined ? [] : offeredTargets(world, first, 'ping', nothing, null)
  expect(performance.now() - began).toBeLessThan(1500)
  for (const all of [fromHost, fromMember]) {
    expect(all.length).toBeGreaterThan(200)
    expect(all.length).toBeLessThanOrEqual(400)
  }
  expect(fromMember[0]?.text).toBe('gateway')
})
