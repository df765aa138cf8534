import { describe, expect, test } from 'vitest'
import { connectionFilter, connectionViews, connectionWords } from '../../src/derive/connections.ts'
import { translationOf } from '../../src/derive/translation.ts'
import type { Connection } from '../../src/model/connection.ts'
import type { Container } from '../../src/model/engine.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { address, bridgedPair, link } from '../support/world.ts'

type End = readonly [address: string, port: number]

/** A connection by its four ends: original source and destination, reply source and destination. */
function connection(ends: readonly [End, End, End, End], fields: Partial<Connection> = {}): Connection {
  const side = ([source, sourcePort]: End, [destination, destinationPort]: End) => ({
    source,
    sourcePort,
    destination,
    destinationPort,
    icmp: null,
  })
  return {
    family: 'ip',
    protocol: 'tcp',
    zone: 0,
    mark: 0,
    status: ['SEEN_REPLY', 'ASSURED', 'CONFIRMED'],
    state: 'ESTABLISHED',
    timeout: 300,
    original: side(ends[0], ends[1]),
    reply: side(ends[2], ends[3]),
    packets: null,
    bytes: null,
    ...fields,
  }
}

const inside: End = ['172.17.0.2', 40001]
const world: End = ['198.51.100.7', 443]
const outside: End = ['192.0.2.2', 40001]
const plain = connection([inside, world, world, inside])
const masqueraded = connection([inside, world, world, outside])
const published = connection([world, ['192.0.2.2', 8080], ['172.17.0.2', 80], world])
const hairpin = connection([inside, ['192.0.2.2', 8080], ['172.17.0.2', 80], ['172.17.0.1', 40001]])
const ping = (id: number, back: number): Connection =>
  connection([inside, world, world, inside], {
    protocol: 'icmp',
    state: null,
    original: {
      source: '172.17.0.2',
      destination: '1.1.1.1',
      sourcePort: null,
      destinationPort: null,
      icmp: { type: 8, code: 0, id },
    },
    reply: {
      source: '1.1.1.1',
      destination: '172.17.0.2',
      sourcePort: null,
      destinationPort: null,
      icmp: { type: 0, code: 0, id: back },
    },
  })

/** The host has 192.0.2.2 outside and 172.17.0.1 on the bridge; redis123 has 172.17.0.2. */
function host(change: (world: World) => World = (same) => same) {
  const pair = bridgedPair()
  const [first, ...others] = pair.netns
  if (first === undefined || !Array.isArray(first.addresses) || !Array.isArray(first.links))
    throw new Error('no host')
  const netns = {
    ...first,
    links: [...first.links, link('device', { ifindex: 9, name: 'eth0' })],
    addresses: [...first.addresses, address(9, '192.0.2.2/24')],
  }
  const world = change({ ...pair, netns: [netns, ...others] })
  return { world, netns: world.netns[0] ?? netns }
}

const view = (one: Connection, change?: (world: World) => World) => {
  const { world, netns } = host(change)
  const [seen] = connectionViews(world, netns, [one])
  if (seen === undefined) throw new Error('no view')
  return seen
}

test('what was translated is told by the tuples alone', () => {
  expect([plain, masqueraded, published, hairpin].map(translationOf)).toEqual([null, 'snat', 'dnat', 'both'])
  expect(translationOf(ping(5, 5))).toBeNull()
  expect(translationOf(ping(5, 6))).toBe('snat')
  expect(translationOf(connection([inside, world, world, ['172.17.0.2', 50_000]]))).toBe('snat')
  expect(translationOf(connection([inside, world, ['198.51.100.7', 8443], inside]))).toBe('dnat')
})

test('in words', () => {
  const words = (one: Connection) => connectionWords(view(one))
  expect(words(plain)).toBe('172.17.0.2:40001 → 198.51.100.7:443')
  expect(words(masqueraded)).toBe('172.17.0.2:40001 → 198.51.100.7:443, seen outside as 192.0.2.2:40001')
  expect(words(published)).toBe('198.51.100.7:443 → 192.0.2.2:8080, sent on to 172.17.0.2:80')
  expect(words(hairpin)).toBe(
    '172.17.0.2:40001 → 192.0.2.2:8080, sent on to 172.17.0.2:80, which sees 172.17.0.1:40001',
  )
  expect(words(ping(77, 77))).toBe('172.17.0.2 → 1.1.1.1 (ping, id 77)')
  const v6 = connection([
    ['fd00::2', 1],
    ['2001:db8::9', 443],
    ['2001:db8::9', 443],
    ['fd00::2', 1],
  ])
  expect(words(v6)).toBe('[fd00::2]:1 → [2001:db8::9]:443')
})

describe('whose it is', () => {
  const container: Container = {
    id: 'f'.repeat(64),
    name: 'redis',
    image: 'redis',
    state: 'running',
    pid: 1,
    mode: 'default',
    modeKind: 'bridge',
    joins: null,
    netns: netnsId(200),
    hostName: null,
    endpoints: [],
    ports: [],
    labels: {},
    error: null,
  }
  const withEngine = (world: World): World => ({
    ...world,
    engines: [
      {
        engine: 'docker',
        endpoint: '/run/docker.sock',
        version: null,
        netns: null,
        rootless: false,
        containers: [container],
        networks: [],
        warnings: [],
      },
    ],
  })

  test('the namespaces at both ends, and the container', () => {
    expect(view(masqueraded, withEngine)).toMatchObject({ from: 'redis123', to: null, container: 'redis' })
    expect(view(published, withEngine)).toMatchObject({ from: null, to: 'redis123', container: 'redis' })
    expect(view(published)).toMatchObject({ to: 'redis123', container: null })
  })

  test('an address that two namespaces have names nobody', () => {
    const twice = (world: World): World => ({
      ...world,
      netns: [...world.netns, { ...(world.netns[1] ?? world.netns[0]!), id: netnsId(300) }],
    })
    expect(view(masqueraded, twice)).toMatchObject({ from: null, container: null, trouble: null })
  })
})

describe('what stands out', () => {
  const dead = connection([world, ['192.0.2.2', 8080], ['172.17.0.9', 80], world])

  test('no answer', () => {
    const silent = { ...plain, status: ['CONFIRMED'], state: 'SYN_SENT' }
    expect(view(silent).trouble).toEqual({ kind: 'unreplied', says: 'no answer to the first packet' })
    expect(view({ ...silent, state: null, protocol: 'udp' }).trouble).toMatchObject({ says: 'no answer yet' })
    const group = connection([inside, ['224.0.0.251', 5353], ['224.0.0.251', 5353], inside], { status: [] })
    expect(view(group).trouble).toBeNull()
    expect(view(plain).trouble).toBeNull()
  })

  test('it is sent on to an address that no namespace has any more', () => {
    expect(view(dead).trouble).toMatchObject({ kind: 'stale', says: expect.stringContaining('172.17.0.9') })
    expect(view(published).trouble).toBeNull()
  })

  test('not where somebody else may have the address', () => {
    // A real device is a port of the bridge: there may be others behind it.
    const open = (world: World): World => ({
      ...world,
      netns: world.netns.map((netns) =>
        netns.id === '100' && Array.isArray(netns.links)
          ? { ...netns, links: [...netns.links, link('device', { ifindex: 7, name: 'eth1', master: 4 })] }
          : netns,
      ),
    })
    expect(view(dead, open).trouble).toBeNull()
    // A namespace could not be read: it may have the address; unless nobody answered for it.
    const unread = (world: World): World => ({
      ...world,
      netns: world.netns.map((netns) =>
        netns.id === '200' ? { ...netns, readable: { unknown: 'EPERM' } } : netns,
      ),
    })
    expect(view(dead, unread).trouble).toBeNull()
    const failed = (world: World): World => {
      const before = unread(world)
      const entry = {
        ifindex: 4,
        family: 'inet',
        dst: '172.17.0.9',
        lladdr: null,
        state: 'FAILED',
        flags: [],
        used: null,
        confirmed: null,
        updated: null,
      } as const
      return {
        ...before,
        netns: before.netns.map((netns) => (netns.id === '100' ? { ...netns, neighbours: [entry] } : netns)),
      }
    }
    expect(view(dead, failed).trouble?.kind).toBe('stale')
  })

  test('answers go to an address that the host lost', () => {
    const lost = connection([inside, world, world, ['192.0.2.99', 40001]])
    expect(view(lost).trouble).toEqual({
      kind: 'stale',
      says: 'answers go to 192.0.2.99, which is not an address here',
    })
  })

  test('what stands out comes first', () => {
    const { world, netns } = host()
    const order = connectionViews(world, netns, [plain, { ...plain, status: [] }, masqueraded, dead])
    expect(order.map(({ trouble }) => trouble?.kind ?? null)).toEqual(['stale', 'unreplied', null, null])
  })
})

test('filters look at both sides of a translation', () => {
  const kept = (wanted: Parameters<typeof connectionFilter>[0]) => {
    const filter = connectionFilter(wanted)
    return filter === null ? null : [plain, masqueraded, published, hairpin].map(filter)
  }
  expect(kept({})).toEqual([true, true, true, true])
  expect(kept({ to: '172.17.0.0/16' })).toEqual([false, false, true, true])
  expect(kept({ to: '192.0.2.2' })).toEqual([false, false, true, true])
  expect(kept({ port: 80 })).toEqual([false, false, true, true])
  expect(kept({ port: 40001 })).toEqual([true, true, false, true])
  expect(kept({ to: '198.51.100.7', port: 80 })).toEqual([false, false, false, false])
  expect(kept({ to: 'web' })).toBeNull()
})
