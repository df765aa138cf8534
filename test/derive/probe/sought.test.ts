/** What may be typed as the far end of a probe, on recorded hosts. */
import { beforeAll, describe, expect, test } from 'vitest'
import { allContainers } from '../../../src/derive/containers.ts'
import { defaultGateways } from '../../../src/derive/probe/sought-gateway.ts'
import { soughtOf } from '../../../src/derive/probe/sought.ts'
import type { Container } from '../../../src/model/engine.ts'
import { listOf } from '../../../src/model/known.ts'
import type { Netns } from '../../../src/model/netns.ts'
import type { Route } from '../../../src/model/route.ts'
import type { World } from '../../../src/model/world.ts'
import { netnsOf, worldOf } from '../../support/fixture.ts'
import { address, link, loopback, netns, route, world as worldWith } from '../../support/world.ts'

let docker: World
beforeAll(async () => {
  docker = await worldOf('docker')
})

function inNetns(fields: Partial<Netns>): Netns {
  const links = [
    loopback(),
    link('veth', { ifindex: 2, name: 'eth0' }),
    link('veth', { ifindex: 3, name: 'eth1' }),
  ]
  return netns(7, 'web', { links, ...fields })
}

function sought(from: string, text: string, family: 4 | 6 | null = null, world = docker) {
  const found = soughtOf(world, netnsOf(world, from), text, family)
  if (!found.ok) return `${found.failure.kind}: ${found.failure.what}`
  return 'address' in found.value
    ? `${found.value.address} (IPv${found.value.family}) ${found.value.from ?? ''}`.trim()
    : `name ${found.value.text}, family ${found.value.family}, as ${found.value.resolver.from}`
}

describe('addresses', () => {
  test('stand for themselves', () => {
    expect(sought('host', '192.0.2.1')).toBe('192.0.2.1 (IPv4)')
    expect(sought('host', 'fd00:31::3')).toBe('fd00:31::3 (IPv6)')
    expect(sought('host', '[fd00:31::3]')).toBe('fd00:31::3 (IPv6)')
    expect(sought('host', 'fd00:31::3', 4)).toBe('usage: fd00:31::3 is no IPv4 address')
  })

  test('a link-local one is good for one link, which has to be there', () => {
    expect(sought('nginx1', 'fe80::1%eth0')).toBe('fe80::1%eth0 (IPv6)')
    expect(sought('nginx1', 'fe80::1%eth9')).toBe('not-found: fe80::1%eth9: there is no link "eth9" there')
    expect(sought('host', 'fe80::1')).toBe('usage: fe80::1 is good for one link only')
    expect(sought('host', '192.0.2.1%eth0')).toBe('usage: "192.0.2.1%eth0" is not an address')
  })

  test('with only one link there is no doubt which', () => {
    const only = inNetns({
      addresses: [address(2, 'fe80::5/64', { scope: 'link' }), address(3, '10.0.0.1/24')],
    })
    const found = soughtOf(worldWith([only]), only, 'fe80::1')
    expect(found).toMatchObject({ ok: true, value: { text: 'fe80::1', address: 'fe80::1%eth0' } })
  })
})

describe('gateway', () => {
  test('is where packets leave to, IPv4 first', () => {
    expect(sought('nginx1', 'gateway')).toBe('172.31.0.1 (IPv4) default gateway by eth0')
    expect(sought('shop-db-1', 'gateway')).toBe('172.31.1.254 (IPv4) default gateway by eth0')
    expect(sought('shop-db-1', 'gateway', 6)).toBe('fd00:31::1 (IPv6) default gateway by eth0')
    expect(sought('nginx1', 'gateway', 6)).toBe('not-found: nginx1 has no IPv6 default gateway')
    expect(sought('nonet', 'gateway')).toBe('not-found: nonet has no default gateway')
  })

  const byDefault = (fields: Partial<Route>): Route => route({ dst: 'default', oif: 2, ...fields })
  const withRoutes = (routes: readonly Route[], more: Partial<Netns> = {}): Netns =>
    inNetns({ routes, ...more })
  const gateways = (given: Netns): readonly string[] => {
    const found = defaultGateways(given)
    return 'unknown' in found ? [found.unknown] : found.map(({ address: one }) => one)
  }

  test('the main table and the lower metric first; only what forwards', () => {
    const told = gateways(
      withRoutes([
        byDefault({ gateway: '10.0.9.1', table: 100 }),
        byDefault({ gateway: '10.0.1.1', metric: 200 }),
        byDefault({ gateway: '10.0.2.1', metric: 100, oif: 3 }),
        byDefault({ type: 'unreachable', metric: 1 }),
        byDefault({ dst: '10.9.0.0/16', gateway: '10.0.3.1' }),
        byDefault({ oif: 3 }),
      ]),
    )
    expect(told).toEqual(['10.0.2.1', '10.0.1.1', '10.0.9.1'])
  })

  test('of several ways, of a nexthop object and its group, and a link-local one by its link', () => {
    const hop = { weight: 1, flags: [] }
    const object = {
      family: 'inet',
      blackhole: false,
      fdb: false,
      group: [],
      flags: [],
      protocol: 'static',
      scope: 'global',
    }
    const nexthops = [
      { ...hop, oif: 2, gateway: '10.0.0.1' },
      { ...hop, oif: 3, gateway: '10.0.1.1' },
    ]
    expect(gateways(withRoutes([byDefault({ oif: null, nexthops })]))).toEqual(['10.0.0.1', '10.0.1.1'])
    const nexthopObjects = [
      { ...object, id: 1, oif: 2, gateway: '10.0.5.1' },
      { ...object, id: 2, oif: 3, gateway: 'fe80::9' },
      { ...object, id: 3, oif: null, gateway: null, group: [1, 2].map((id) => ({ id, weight: 1 })) },
    ]
    expect(gateways(withRoutes([byDefault({ oif: null, nexthopId: 1 })], { nexthopObjects }))).toEqual([
      '10.0.5.1',
    ])
    expect(gateways(withRoutes([byDefault({ oif: null, nexthopId: 3 })], { nexthopObjects }))).toEqual([
      '10.0.5.1',
      'fe80::9%eth1',
    ])
    // RTA_VIA: an IPv4 route by way of an IPv6 gateway.
    expect(gateways(withRoutes([byDefault({ gateway: 'fe80::1' })]))).toEqual(['fe80::1%eth0'])
  })

  test('what could not be read is not "none"', () => {
    const blind = withRoutes([], { routes: { unknown: 'not permitted' } })
    const found = soughtOf(worldWith([blind]), blind, 'gateway')
    expect(found).toMatchObject({ ok: false, failure: { kind: 'permission' } })
  })
})

describe('names', () => {
  test('a container, by its name and the beginning of its id', () => {
    expect(sought('host', 'redis123')).toBe('172.17.0.2 (IPv4) container redis123 on bridge')
    expect(sought('host', containerId('redis123').slice(0, 12))).toBe(
      '172.17.0.2 (IPv4) container redis123 on bridge',
    )
    expect(sought('host', 'sidecar')).toBe('172.17.0.2 (IPv4) container sidecar on eth0')
  })

  test('of several networks the one that is shared', () => {
    expect(sought('shop-db-1', 'nginx1')).toBe('172.31.1.1 (IPv4) container nginx1 on back')
    expect(sought('shop-web-1', 'nginx1')).toBe('172.31.0.2 (IPv4) container nginx1 on front')
    expect(sought('shop-db-1', 'nginx1', 6)).toBe('fd00:31::2 (IPv6) container nginx1 on back')
    expect(sought('shop-web-1', 'redis123', 6)).toBe('not-found: redis123 has no IPv6 address')
  })

  test('aliases are of their network, services are labels', () => {
    expect(sought('shop-db-1', 'www')).toBe('172.31.1.1 (IPv4) alias www of nginx1 on back')
    // From the host no alias is nearer than the other.
    expect(sought('host', 'static')).toBe('172.31.1.1 (IPv4) alias static of nginx1 on back')
    expect(sought('shop-web-1', 'db')).toBe('172.31.1.2 (IPv4) alias db of shop-db-1 on back')
    expect(sought('host', 'web')).toContain('alias web of nginx1 on front')
    const services = withContainers((each) => (each.name === 'nginx1' ? { ...each, endpoints: [] } : each))
    expect(sought('host', 'web', null, services)).toBe(
      '172.31.0.77 (IPv4) service web of shop-web-1 on front',
    )
  })

  test('the host as it is seen from there', () => {
    expect(sought('nginx1', 'host')).toBe('172.31.0.1 (IPv4) host on br-c6691a21a72f')
    expect(sought('redis123', 'host')).toBe('172.17.0.1 (IPv4) host on docker0')
    expect(sought('shop-db-1', 'host', 6)).toContain('fd00:31::1 (IPv6) host')
    expect(sought('redis123', 'onhost')).toBe('172.17.0.1 (IPv4) container onhost on docker0')
    expect(sought('internet', 'host')).toContain('192.0.2.2 (IPv4) host on')
  })

  test('a namespace, by the address that is nearest', () => {
    expect(sought('host', 'internet')).toMatch(/^192\.0\.2\.1 \(IPv4\) netns internet on /)
    expect(sought('redis123', 'redis123')).toBe('172.17.0.2 (IPv4) container redis123 on bridge')
    expect(sought('nonet', 'nonet')).toBe('127.0.0.1 (IPv4) container nonet on lo')
  })

  test('what does not run, and what has no address, says so', () => {
    expect(sought('host', 'ended')).toBe('not-found: container "ended" does not run (exited)')
    expect(sought('host', 'nonet')).toBe('not-found: container nonet has no address but loopback')
  })

  test('two of the same name are refused with the list; the nearer of two is meant', () => {
    const twice = withContainers((each) =>
      each.name === 'redis123' || each.name === 'shop-db-1' ? { ...each, name: 'twin' } : each,
    )
    const said = sought('host', 'twin', null, twice)
    expect(said).toMatch(/^ambiguous: "twin" could mean container twin \(\w+ [\d./]+\) or container twin/)
    expect(said).toContain('172.17.0.2/16')
    expect(sought('nginx1', 'twin', null, twice)).toBe('172.31.1.2 (IPv4) container twin on back')
  })

  test('all others are resolved in there, with its own files', () => {
    expect(sought('nginx1', 'www.example.org')).toMatch(/^name www\.example\.org, family null, as \/proc\//)
    expect(sought('nginx1', 'localhost', 6)).toContain('family 6')
  })
})

test.each([
  '',
  '-x',
  '--help',
  'a b',
  'a\tb',
  'a\u0000b',
  'a\u001b[31mb',
  'a\u202eb',
  '10.1',
  '300.1.1.1',
  '1.2.3.4.5',
  'a/b',
  '.',
  'web:80',
  'fd00::1::2',
  'x'.repeat(254),
  '$(id)',
  '[fd00::1',
])('%j is not a target', (text) => {
  const found = soughtOf(docker, netnsOf(docker, 'host'), text)
  expect(found).toMatchObject({ ok: false, failure: { kind: 'usage' } })
  // It may be printed as it is.
  if (!found.ok) expect(found.failure.what).not.toMatch(/[\p{Cc}\p{Cf}]/u)
})

function withContainers(change: (each: Container) => Container): World {
  return {
    ...docker,
    engines: listOf(docker.engines).map((engine) => ({
      ...engine,
      containers: listOf(engine.containers).map(change),
    })),
  }
}

function containerId(name: string): string {
  const found = allContainers(docker).find(({ container }) => container.name === name)
  if (found === undefined) throw new Error(`there is no container ${name}`)
  return found.container.id
}
