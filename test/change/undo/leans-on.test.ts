import { describe, expect, test } from 'vitest'
import { leansOn, takesFrom } from '../../../src/change/undo/leans-on.ts'
import type { Command, Touch } from '../../../src/model/plan.ts'
import { step } from '../../support/plan.ts'

const needs = (text: string, more: Partial<Command> = {}, touches: readonly Touch[] = []) =>
  leansOn(step('', { undo: [{ argv: text.split(' '), ...more }], touches })).map(({ path }) => path.join(' '))

describe('what the way back of a step needs', () => {
  test.each([
    ['ip link set dev veth1 master lab0', ['host link:veth1', 'host link:lab0']],
    ['ip -n web address replace 10.0.0.1/24 dev eth0', ['/run/netns/web link:eth0']],
    ['ip link add link h0 name mv0 netns db type macvlan', ['host link:h0', '/run/netns/db']],
    ['ip link add name p0 type veth peer name eth1 netns web', ['/run/netns/web']],
    ['ip netns add web', []],
    ['bridge fdb replace 02:00:00:00:00:77 dev p0 master static', ['host link:p0']],
    ['tc qdisc replace dev p0 root fq', ['host link:p0']],
    [
      'nsenter --net=/run/netns/web sysctl -q -w net.ipv6.conf.eth0.100.forwarding=1',
      ['/run/netns/web link:eth0.100'],
    ],
    ['sysctl -q -w net.ipv4.ip_forward=1 net.ipv4.conf.all.forwarding=1', []],
    ['tee /etc/netns/web/hosts', []],
    ['rm -f dev', []],
  ])('%s', (text, wanted) => {
    expect(needs(text)).toEqual(wanted)
  })

  test('through a file it is the namespace of that inode, or the host', () => {
    const enters = [{ path: '/proc/812/ns/net', id: '4026532500' }]
    const text = 'nsenter --net=/proc/812/ns/net ip link set dev eth0 up'
    expect(needs(text, { enters }, [{ path: ['ino:4026532500', 'link:eth0'], how: 'change' }])).toEqual([
      'ino:4026532500',
      'ino:4026532500 link:eth0',
    ])
    expect(needs(text, { enters }, [{ path: ['host', 'link:eth0'], how: 'change' }])).toEqual([
      'ino:4026532500',
      'host link:eth0',
    ])
  })

  test('nothing, where there is no way back', () => {
    expect(leansOn(step('', { undo: { irreversible: 'gone' } }))).toEqual([])
  })
})

describe('what takes it away', () => {
  const route =
    'ip route replace 10.54.0.0/16 src 10.1.0.2 nexthop via 10.1.0.9 dev h0 weight 2 nexthop via 10.2.0.9 dev br0'
  const taken = (text: string, touch: Touch) =>
    leansOn(step('', { undo: [{ argv: text.split(' ') }] })).some((need) => takesFrom(touch, need))
  const gone = (...path: readonly string[]): Touch => ({ path, how: 'delete' })
  const down: Touch = { path: ['host', 'link:br0'], how: 'change', what: 'down' }

  test.each([
    ['a link of it', route, gone('host', 'link:br0'), true],
    ['its namespace', 'ip -n web link set dev eth0 up', gone('/run/netns/web'), true],
    ['the same name elsewhere', route, gone('/run/netns/web', 'link:br0'), false],
    ['another link', route, gone('host', 'link:br1'), false],
    ['the network of its gateway', route, gone('host', 'link:h0', 'address:10.1.0.1/24'), true],
    ['that network on another link', route, gone('host', 'link:br0', 'address:10.1.0.1/24'), false],
    ['another network', route, gone('host', 'link:h0', 'address:10.7.0.1/24'), false],
    ['its source', route, gone('host', 'link:br9', 'address:10.1.0.2/32'), true],
    ['its source, point to point', route, gone('host', 'link:br9', 'address:10.1.0.2'), true],
    ['its link set down', route, down, true],
    ['another setting of its link', route, { ...down, what: 'mtu' } as const, false],
    ['its link set down, where no route needs it', 'ip link set dev p0 master br0', down, false],
    ['what only uses it', route, { path: ['host', 'link:br0'], how: 'use' } as const, false],
  ] as const)('%s', (_, text, touch, wanted) => {
    expect(taken(text, touch)).toBe(wanted)
  })
})
