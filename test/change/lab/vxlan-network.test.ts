import { describe, expect, test } from 'vitest'
import type { IntentOf } from '../../../src/model/intent.ts'
import { address, link, policyRule, route, usualRules } from '../../support/world.ts'
import { commands, hostWith, inet6, made, network, planFor, uplink, wish, written } from './support-nets.ts'

const overlay = wish({ driver: 'vxlan', vni: 42, local: '192.0.2.10', remotes: ['192.0.2.20', '192.0.2.30'] })
const refusals = (fields: Partial<IntentOf<'net-create'>>, world = hostWith()) => {
  const plan = planFor(world, { ...overlay, ...fields })
  return 'steps' in plan ? [] : plan
}
const withRules = hostWith({ netns: { policyRules: usualRules } })

describe('driver vxlan', () => {
  test('a bridge, and a port that leads to each remote', () => {
    const plan = made(withRules, overlay)
    const lines = commands(plan).map((line) => line.replaceAll(/02(:[0-9a-f]{2}){5}/g, 'MAC'))
    expect(lines).toEqual([
      'ip link add name lab0 address MAC type bridge stp_state 0',
      'ip link set dev lab0 alias vethscope:lab0 mtu 1450',
      'ip address add 172.17.0.1/16 broadcast + dev lab0',
      'ip link set dev lab0 up',
      'ip link add name vx-42 address MAC mtu 1450 master lab0 type vxlan id 42 local 192.0.2.10 dstport 4789 nolearning',
      'ip link set dev vx-42 alias vethscope:lab0',
      'bridge fdb append 00:00:00:00:00:00 dev vx-42 dst 192.0.2.20',
      'bridge fdb append 00:00:00:00:00:00 dev vx-42 dst 192.0.2.30',
      'ip link set dev vx-42 up',
    ])
    expect(written(plan).vxlan).toEqual({
      link: 'vx-42',
      vni: 42,
      local: '192.0.2.10',
      remotes: ['192.0.2.20', '192.0.2.30'],
      dstport: 4789,
    })
    expect(plan.notes).toContain('MTU 1450: eth0 carries 1500, of which the tunnel takes 50')
    expect(plan.notes.join()).toMatch(/another --gateway and --ip-range/)
  })

  test('over IPv6 the tunnel takes 70', () => {
    const world = hostWith({
      netns: { policyRules: [...usualRules, policyRule({ family: 'inet6', priority: 0 })] },
      addresses: [address(2, '2001:db8::10/64')],
      routes: [route({ dst: '2001:db8::/64', oif: 2 })],
    })
    const plan = made(world, { ...overlay, local: '2001:DB8::10', remotes: ['2001:db8:0::20'] })
    expect(written(plan)).toMatchObject({
      mtu: 1430,
      vxlan: { local: '2001:db8::10', remotes: ['2001:db8::20'] },
    })
  })

  test('what counts is the way to the remotes, not the link with the local address', () => {
    const world = hostWith({
      netns: {
        policyRules: usualRules,
        links: [{ ...uplink, mtu: 9000 }, link('veth', { ifindex: 3, name: 'wan', mtu: 1400, inet6 })],
      },
      routes: [route({ dst: '192.0.2.30/32', oif: 3 })],
    })
    expect(written(made(world, overlay)).mtu).toBe(1350)
    expect(refusals({ mtu: 1351 }, world)).toEqual(['an MTU of 1351 is not possible: it must be 68 to 1350'])
  })

  test('a way that carries too little for IPv6 is refused with the reason', () => {
    const world = hostWith({ netns: { policyRules: usualRules, links: [{ ...uplink, mtu: 1300 }] } })
    expect(refusals({ subnets: ['fd00:9::/64'] }, world)[0]).toBe(
      'MTU 1250: eth0 carries 1300, of which the tunnel takes 50: less than the 1280 that every link must carry',
    )
    expect(written(made(world, overlay)).mtu).toBe(1250)
  })

  test('its link gets another name where that is taken', () => {
    const world = hostWith({ links: [link('veth', { ifindex: 9, name: 'vx-42' })] })
    expect(written(made(world, overlay)).vxlan?.link).toMatch(/^vx-[0-9a-f]{12}$/)
  })

  test('a remote that no route leads to is said', () => {
    const plan = made(hostWith({ netns: { policyRules: usualRules, routes: [] } }), overlay)
    expect(plan.notes).toContain('this host has no route to remote 192.0.2.20 now')
  })
})

describe('refused', () => {
  const taken = link('vxlan', { ifindex: 9, name: 'vx9' })

  test.each([
    [{ vni: undefined }, /needs a VNI/],
    [{ vni: 0 }, '0 is no VNI: it must be 1 to 16777215'],
    [{ vni: 16_777_216 }, '16777216 is no VNI: it must be 1 to 16777215'],
    [{ local: undefined }, /needs the address of this host/],
    [{ local: '192.0.2.11' }, '192.0.2.11 is not an address of this host'],
    [{ local: 'x' }, '"x" is no address'],
    [{ remotes: [] }, /needs the address of at least one other host/],
    [{ remotes: ['192.0.2.10'] }, 'remote 192.0.2.10 is an address of this host itself'],
    [{ remotes: ['192.0.2.20', '192.0.2.20'] }, 'remote 192.0.2.20 is given twice'],
    [{ remotes: ['fd00::1'] }, 'remote fd00::1 and local 192.0.2.10 are not of the same family'],
    [{ remotes: ['239.0.0.1'] }, '239.0.0.1 stands for a group: give the address of each host'],
    [
      { remotes: ['10.9.0.5'], subnets: ['10.9.0.0/24'] },
      'remote 10.9.0.5 lies in subnet 10.9.0.0/24 of the network itself',
    ],
    [{ parent: 'eth9' }, 'there is no link eth9 on this host to be the parent'],
    [{ bridge: 'br0' }, /no place for an existing bridge/],
  ] as const)('%j', (fields, says) => {
    const found = refusals(fields)
    expect(found).toHaveLength(1)
    if (typeof says === 'string') expect(found[0]).toBe(says)
    else expect(found[0]).toMatch(says)
  })

  test('a VNI that a link or a network of this host has', () => {
    expect(refusals({}, hostWith({ links: [taken] }))).toEqual([
      'VNI 42 is that of link vx9 already (ifindex 9)',
    ])
    const vxlan = { link: 'vx-42', vni: 42, local: '192.0.2.10', remotes: [], dstport: 4789 }
    const lab = { networks: [{ ...network, name: 'other', driver: 'vxlan' as const, vxlan }] }
    expect(refusals({}, hostWith({ lab }))).toEqual(['VNI 42 is that of network other already'])
  })
})
