import { describe, expect, test } from 'vitest'
import { address, link, route } from '../../support/world.ts'
import {
  bridge,
  bridgePort,
  commands,
  hostWith,
  inet6,
  made,
  member,
  network,
  planFor,
} from './support-nets.ts'

const rm = { kind: 'net-rm', name: 'lab0' } as const
const gateway = address(20, '172.20.0.1/16', { broadcast: '172.20.255.255' })

describe('net rm', () => {
  test('deletes the bridge, and its inverse brings back what the World held', () => {
    const world = hostWith({
      links: [{ ...bridge, mtu: 1400, txqlen: 500 }],
      addresses: [gateway, address(20, '10.44.0.1/24')],
      routes: [route({ dst: '10.45.0.0/16', oif: 20, gateway: '10.44.0.9' })],
      lab: { networks: [network] },
    })
    const plan = made(world, rm)
    expect(plan.title).toBe('remove network lab0')
    expect(commands(plan)).toEqual(['ip link del dev lab0'])
    const [deleted] = plan.steps.filter(({ title }) => title === 'delete bridge lab0')
    if (deleted === undefined || 'irreversible' in deleted.undo) throw new Error('it cannot be undone')
    const undone = deleted.undo.map(({ argv }) => argv.join(' '))
    expect(undone[0]).toMatch(
      /^ip link add name lab0 address 02:00:00:00:00:20 mtu 1500 txqueuelen 500 type bridge/,
    )
    expect(undone[1]).toBe('ip link set dev lab0 mtu 1400')
    expect(undone).toContain('ip link set dev lab0 alias vethscope:lab0')
    expect(undone.join('\n')).toMatch(/address replace 172.20.0.1\/16 broadcast 172.20.255.255 dev lab0/)
    expect(undone.join('\n')).toMatch(/route replace 10.45.0.0\/16 via 10.44.0.9 dev lab0/)
    expect(deleted.before).toEqual([{ kind: 'link', at: 'host', name: 'lab0', there: true }])
  })

  test('that of IPv6 makes no addresses by itself again', () => {
    const world = hostWith({ links: [bridge], lab: { networks: [{ ...network, ipv6: true }] } })
    const [deleted] = made(world, rm).steps.filter(({ title }) => title === 'delete bridge lab0')
    if (deleted === undefined || 'irreversible' in deleted.undo) throw new Error('it cannot be undone')
    expect(deleted.undo[1]?.argv.join(' ')).toBe('ip link set dev lab0 addrgenmode none')
  })

  test('refused while nodes are on it, naming them', () => {
    const of = (...names: readonly string[]) =>
      planFor(
        hostWith({ links: [bridge], lab: { networks: [network], nodes: names.map((name) => member(name)) } }),
        rm,
      )
    expect(of('web')).toEqual(['network lab0 is in use: web is on it'])
    expect(of('web', 'db')).toEqual(['network lab0 is in use: web, db are on it'])
  })

  test('one that there is not is not found', () => {
    expect(planFor(hostWith(), rm)).toEqual(['there is no lab network "lab0"'])
  })

  test('a link of that name without our mark stays, and so does what is gone', () => {
    const left = (alias: string | null) =>
      made(hostWith({ links: [{ ...bridge, alias }], lab: { networks: [network] } }), rm)
    expect(commands(left(null))).toEqual([])
    expect(left(null).notes).toContain('link lab0 has no mark instead of "vethscope:lab0": it stays')
    expect(left('vethscope:other').notes[0]).toMatch(/is marked "vethscope:other"/)
    expect(made(hostWith({ lab: { networks: [network] } }), rm).notes).toContain('link lab0 is gone already')
  })

  test('links of others on the bridge are told of', () => {
    const mine = link('veth', { ifindex: 30, name: 'mine', ...bridgePort, inet6 })
    const plan = made(hostWith({ links: [bridge, mine], lab: { networks: [network] } }), rm)
    expect(plan.notes).toContain('link mine on bridge lab0 is left without a bridge')
  })

  test('a vxlan port goes before its bridge', () => {
    const vxlan = { link: 'vx-42', vni: 42, local: '192.0.2.10', remotes: ['192.0.2.20'], dstport: 4789 }
    const port = link('vxlan', { ifindex: 21, name: 'vx-42', alias: 'vethscope:lab0', ...bridgePort, inet6 })
    const lab = { networks: [{ ...network, driver: 'vxlan' as const, vxlan }] }
    const plan = made(hostWith({ links: [bridge, port], lab }), rm)
    expect(commands(plan)).toEqual(['ip link del dev vx-42', 'ip link del dev lab0'])
    expect(plan.notes).toEqual([])
    const [first, second] = plan.steps
      .filter(({ title }) => title.startsWith('delete '))
      .map(({ undo }) => undo)
    const lines = (undo: typeof first) =>
      undo === undefined || 'irreversible' in undo ? [] : undo.map(({ argv }) => argv.join(' '))
    expect(lines(first)).toContain('ip link set dev vx-42 master lab0')
    // It is brought back before the port is there again.
    expect(lines(second).join('\n')).not.toContain('vx-42')
    expect(lines(second)[0]).toMatch(/^ip link add name lab0 /)
  })

  test('an existing bridge stays, without the address that it got', () => {
    const own = { ...network, ownsBridge: false, added: ['172.20.0.1/16'] }
    const plan = made(
      hostWith({
        links: [{ ...bridge, alias: null }],
        addresses: [gateway, address(20, '10.5.0.1/24')],
        lab: { networks: [own] },
      }),
      rm,
    )
    expect(commands(plan)).toEqual(['ip address del 172.20.0.1/16 dev lab0'])
    expect(plan.notes).toContain('bridge lab0 was there before the network, and stays')
  })

  test('macvlan: there is nothing on the host to remove', () => {
    const own = { ...network, driver: 'macvlan' as const, bridge: null, ownsBridge: false, parent: 'eth0' }
    const plan = made(hostWith({ lab: { networks: [own] } }), rm)
    expect(plan.steps.map(({ title }) => title)).toEqual(['forget network lab0'])
  })
})

describe('net prune', () => {
  const second = { ...network, name: 'lab1', bridge: 'lab1', subnets: [] }
  const bridges = [bridge, { ...bridge, name: 'lab1', ifindex: 21, alias: 'vethscope:lab1' }]

  test('removes each network without nodes, in one change', () => {
    const plan = made(hostWith({ links: bridges, lab: { networks: [network, second] } }), {
      kind: 'net-prune',
    })
    expect(plan.title).toBe('remove networks lab0, lab1')
    expect(commands(plan)).toEqual(['ip link del dev lab0', 'ip link del dev lab1'])
  })

  test('those with nodes stay; where none is left to remove, nothing is done', () => {
    const lab = { networks: [network, second], nodes: [member('web')] }
    const plan = made(hostWith({ links: bridges, lab }), { kind: 'net-prune' })
    expect(plan.title).toBe('remove network lab1')
    expect(commands(plan)).toEqual(['ip link del dev lab1'])
    const none = made(hostWith({ lab: { networks: [network], nodes: [member('web')] } }), {
      kind: 'net-prune',
    })
    expect(none.steps).toEqual([])
    expect(none.notes).toEqual(['there is no network without nodes'])
  })
})
