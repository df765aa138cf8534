import { describe, expect, test } from 'vitest'
import type { IntentOf } from '../../../src/model/intent.ts'
import { link, route } from '../../support/world.ts'
import { commands, hostWith, inet6, made, network, planFor, uplink, wish, written } from './support-nets.ts'

const onEth0 = wish({ driver: 'macvlan', parent: 'eth0', subnets: ['192.0.2.0/24'] })
const refusals = (fields: Partial<IntentOf<'net-create'>>, world = hostWith()) => {
  const plan = planFor(world, { ...onEth0, ...fields })
  return 'steps' in plan ? [] : plan
}

describe('drivers macvlan and ipvlan', () => {
  test('nothing is made on the host, and that it is isolated from its nodes is said', () => {
    const plan = made(hostWith(), onEth0)
    expect(commands(plan)).toEqual([])
    expect(written(plan)).toMatchObject({
      driver: 'macvlan',
      bridge: null,
      ownsBridge: false,
      parent: 'eth0',
      mode: 'bridge',
      mtu: 1500,
      masquerade: false,
      subnets: [{ subnet: '192.0.2.0/24', gateway: '192.0.2.1' }],
    })
    expect(plan.notes).toEqual(
      expect.arrayContaining([
        'by design this host and the nodes of a macvlan network do not reach each other: eth0 leads only outside',
        'eth0 carries the default route of this host: its own packets stay as they are',
      ]),
    )
  })

  test('the subnet may be that of the parent, not that of another link', () => {
    const world = hostWith({ routes: [route({ dst: '10.7.0.0/16', oif: 3, scope: 'link' })] })
    expect(refusals({ subnets: ['10.7.1.0/24'] }, world)).toEqual([
      'subnet 10.7.1.0/24 overlaps route 10.7.0.0/16',
    ])
    const lab = { networks: [{ ...network, driver: 'macvlan' as const, bridge: null, parent: 'eth0' }] }
    expect(refusals({ name: 'new', subnets: ['172.20.1.0/24'] }, hostWith({ lab }))).toEqual([
      'subnet 172.20.1.0/24 overlaps lab network lab0 (172.20.0.0/16)',
    ])
  })

  test('without a router that is known, nodes have no default route, and that is said', () => {
    const plan = made(hostWith(), { ...onEth0, subnets: ['10.9.0.0/24'] })
    expect(written(plan).subnets).toEqual([{ subnet: '10.9.0.0/24', gateway: null, ipRange: null }])
    expect(plan.notes.join()).toContain('nodes in 10.9.0.0/24 have no default route')
    const given = made(hostWith(), { ...onEth0, subnets: ['10.9.0.0/24'], gateways: ['10.9.0.254'] })
    expect(written(given).subnets[0]?.gateway).toBe('10.9.0.254')
  })

  test('ipvlan: l2, or a mode in which the host itself routes', () => {
    expect(written(made(hostWith(), { ...onEth0, driver: 'ipvlan' }))).toMatchObject({
      driver: 'ipvlan',
      mode: 'l2',
    })
    const routed = written(made(hostWith(), { ...onEth0, driver: 'ipvlan', mode: 'l3' }))
    expect(routed).toMatchObject({ mode: 'l3', subnets: [{ gateway: null }] })
  })
})

describe('refused', () => {
  test.each([
    [{ parent: undefined }, 'a macvlan network needs a parent: the link that its nodes are on'],
    [{ parent: 'eth9' }, 'there is no link eth9 on this host to be the parent'],
    [{ parent: 'lo', subnets: [] }, 'lo cannot be a parent: it leads nowhere'],
    [{ mode: 'l2' }, '"l2" is no mode of macvlan: bridge, private, vepa, passthru'],
    [{ driver: 'ipvlan', mode: 'vepa' }, '"vepa" is no mode of ipvlan: l2, l3, l3s'],
    [{ mtu: 1501 }, 'an MTU of 1501 is not possible: it must be 68 to 1500'],
    [
      { icc: false },
      'a network of driver macvlan has no place for a bridge to isolate its nodes on (--icc=false)',
    ],
  ] as const)('%j', (fields, says) => {
    expect(refusals(fields)).toEqual([says])
  })

  test('a parent that has a master, or links of the other kind on it', () => {
    const br0 = link('bridge', { ifindex: 7, name: 'br0' })
    const port = hostWith({ netns: { links: [{ ...uplink, master: 7 }, br0] } })
    expect(refusals({}, port)).toEqual(['eth0 cannot be a parent: it is a port of br0'])
    const child = link('macvlan', { ifindex: 9, name: 'mv0', lower: { ifindex: 2, nsid: null }, inet6 })
    expect(refusals({ driver: 'ipvlan' }, hostWith({ links: [child] }))).toEqual([
      'eth0 cannot be the parent of ipvlan links: mv0 on it is macvlan',
    ])
    const first = { ...network, driver: 'macvlan' as const, bridge: null, parent: 'eth0', mode: 'bridge' }
    expect(refusals({ name: 'new', mode: 'passthru' }, hostWith({ lab: { networks: [first] } }))).toEqual([
      'in mode passthru a parent is for one network alone: network lab0 is on eth0 already',
    ])
    const lab = { networks: [{ ...network, driver: 'ipvlan' as const, bridge: null, parent: 'eth0' }] }
    expect(refusals({ name: 'new' }, hostWith({ lab }))).toEqual([
      'eth0 cannot be the parent of macvlan links: network lab0 on it is ipvlan',
    ])
  })
})
