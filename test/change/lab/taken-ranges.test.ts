import { describe, expect, test } from 'vitest'
import { takenRanges, type TakenRange } from '../../../src/change/lab/taken-ranges.ts'
import { formatPrefix } from '../../../src/lib/ip.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Engine } from '../../../src/model/engine.ts'
import type { Dns } from '../../../src/model/process.ts'
import type { World } from '../../../src/model/world.ts'
import { address, link, route } from '../../support/world.ts'
import { hostWith, network } from './support-nets.ts'

function taken(world: World) {
  const [host] = world.netns
  const [lab] = Array.isArray(world.labs) ? world.labs : []
  if (host === undefined || lab === undefined) throw new Error('no host')
  return takenRanges(world, host, lab)
}

function ranges(world: World): readonly TakenRange[] {
  const found = taken(world)
  if (!found.ok) throw new Error('refused')
  return found.value.ranges
}

const texts = (world: World) => ranges(world).map(({ prefix, what }) => `${formatPrefix(prefix)}: ${what}`)

const engine: Engine = {
  engine: 'docker',
  endpoint: '/run/docker.sock',
  version: '29.0',
  netns: netnsId(100),
  rootless: false,
  containers: [],
  networks: [],
  warnings: [],
}

const dockerNetwork = {
  id: 'n1',
  name: 'web',
  driver: 'bridge',
  scope: 'local',
  subnets: [{ subnet: '172.18.0.0/16', gateway: '172.18.0.1' }],
  bridge: 'br-web',
  parent: null,
  internal: false,
  ipv6: false,
  options: {},
  labels: {},
  members: [],
}

const dns: Dns = {
  mountNamespace: '1',
  netns: [netnsId(100)],
  path: '/proc/1/root',
  resolvConf: '# x\nnameserver 10.53.0.2\n nameserver fd53::2%eth0 \nnameserver nonsense\n',
  hosts: '',
  nsswitch: 'files dns',
}

describe('what is in use on a host', () => {
  test('addresses with their networks, and routes of every table', () => {
    const world = hostWith({
      routes: [
        route({ dst: '10.1.0.0/16', gateway: '192.0.2.7', oif: 2, table: 100 }),
        route({ dst: '10.9.0.0/16', type: 'blackhole' }),
        route({ dst: '192.0.2.255/32', type: 'broadcast', table: 255, oif: 2 }),
      ],
    })
    expect(texts(world)).toEqual([
      '192.0.2.0/24: 192.0.2.10/24, an address of eth0',
      '192.0.2.0/24: route 192.0.2.0/24 by eth0',
      '10.1.0.0/16: route 10.1.0.0/16 by eth0 (table 100)',
      '10.9.0.0/16: blackhole route 10.9.0.0/16',
    ])
  })

  test('routes that mean everything do not count', () => {
    const everything = ['default', '0.0.0.0/1', '128.0.0.0/1', '::/1', '8000::/1', '2000::/3']
    const world = hostWith({ routes: everything.map((dst) => route({ dst, oif: 2 })) })
    expect(texts(world)).toHaveLength(2)
    expect(texts(hostWith({ routes: [route({ dst: '64.0.0.0/2', oif: 2 })] }))).toHaveLength(3)
  })

  test('of an address whose length means everything the address alone', () => {
    const world = hostWith({ addresses: [address(2, '10.8.0.1/0')] })
    expect(texts(world)).toContain('10.8.0.1/32: 10.8.0.1/0, an address of eth0')
  })

  test('of a point to point link both ends', () => {
    const world = hostWith({ addresses: [address(2, '10.8.0.1/24', { peer: '10.7.0.2' })] })
    expect(texts(world)).toContain('10.7.0.0/24: 10.8.0.1/24, an address of eth0')
    expect(texts(world)).toContain('10.8.0.1/32: 10.8.0.1/24, an address of eth0')
  })

  test('nameservers, also with a link behind them', () => {
    const found = texts(hostWith({ world: { dns: [dns] } }))
    expect(found).toContain('10.53.0.2/32: 10.53.0.2, a nameserver of this host')
    expect(found).toContain('fd53::2/128: fd53::2, a nameserver of this host')
    const elsewhere = hostWith({ world: { dns: [{ ...dns, netns: [netnsId(200)] }] } })
    expect(texts(elsewhere).join()).not.toContain('nameserver')
    const ofNode = hostWith({ world: { dns: [{ ...dns, path: '/etc/netns/web' }] } })
    expect(texts(ofNode).join()).not.toContain('nameserver')
  })

  test('networks of engines of this host, and of the lab', () => {
    const of = (fields: Partial<Engine>) =>
      texts(hostWith({ world: { engines: [{ ...engine, networks: [dockerNetwork], ...fields }] } }))
    const what = '172.18.0.0/16: network web of docker (172.18.0.0/16)'
    expect(of({})).toContain(what)
    expect(of({ netns: null })).toContain(what)
    expect(of({ netns: netnsId(200) })).not.toContain(what)
    expect(texts(hostWith({ lab: { networks: [network] } }))).toContain(
      '172.20.0.0/16: lab network lab0 (172.20.0.0/16)',
    )
  })

  test('whose own they are is told, so that a network on that link can have them', () => {
    const world = hostWith({
      links: [link('bridge', { ifindex: 7, name: 'br0' })],
      routes: [
        route({ dst: '10.3.0.0/16', oif: 7 }),
        route({ dst: '10.4.0.0/16', oif: 7, gateway: '10.3.0.9' }),
      ],
    })
    const by = ranges(world).map(({ prefix, link: name }) => [formatPrefix(prefix), name])
    expect(by).toContainEqual(['10.3.0.0/16', 'br0'])
    expect(by).toContainEqual(['10.4.0.0/16', null])
  })

  test('an engine or nameservers that could not be read are said, tables of the kernel that could not refuse', () => {
    const silent = { ...engine, networks: { unknown: 'no answer in 2 s' } }
    const found = taken(
      hostWith({ world: { engines: [silent], dns: [{ ...dns, resolvConf: { unknown: 'EIO' } }] } }),
    )
    expect(found.ok && found.value.notes).toEqual([
      'not looked at for overlaps: networks of docker: no answer in 2 s',
      'not looked at for overlaps: nameservers: EIO',
    ])
    const blind = taken(hostWith({ netns: { routes: { unknown: 'EPERM' } } }))
    expect(blind).toMatchObject({
      ok: false,
      refusals: [{ kind: 'permission', what: 'the routes of this host could not be read: EPERM' }],
    })
  })
})
