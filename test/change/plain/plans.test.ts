import { expect, test } from 'vitest'
import { worldOf } from '../../support/fixture.ts'
import { linesOf, planFor, small } from './support.ts'

test('netns add: the namespace, and lo up', () => {
  const plan = planFor(small(), { kind: 'netns-add', name: 'new' })
  expect(plan.title).toBe('make netns new')
  expect(linesOf(plan)).toEqual([
    ['ip netns add new', ['ip netns delete new']],
    ['ip -n new link set dev lo up', ['ip -n new link set dev lo down']],
  ])
})

test('a pair is made from the host, whichever end was named first', () => {
  const plan = planFor(small(), {
    kind: 'veth-add',
    netns: 'web',
    link: 'eth1',
    peerNetns: 'host',
    peerLink: 'v1',
    mtu: 1400,
    mac: '02:AA:00:00:00:01',
    up: true,
  })
  expect(plan.title).toBe('make veth pair eth1 in web ⇄ v1 in host')
  expect(linesOf(plan)).toEqual([
    [
      'ip link add name v1 mtu 1400 type veth peer name eth1 address 02:aa:00:00:00:01 mtu 1400 netns web',
      ['ip link delete dev v1'],
    ],
    ['ip -n web link set dev eth1 alias vethscope up', [`ip -n web link set dev eth1 alias '' down`]],
    ['ip link set dev v1 alias vethscope up', [`ip link set dev v1 alias '' down`]],
  ])
})

test('a namespace without a name is entered by a file whose inode is checked', () => {
  const plan = planFor(small(), {
    kind: 'veth-add',
    netns: 'pid:812',
    link: 'eth0',
    peerNetns: 'web',
    peerLink: 'eth9',
    up: false,
  })
  expect(plan.steps[0]?.command).toEqual({
    argv: [
      'nsenter',
      '--net=/proc/812/ns/net',
      'ip',
      ...'link add name eth0 type veth peer name eth9 netns web'.split(' '),
    ],
    enters: [{ path: '/proc/812/ns/net', id: '300' }],
  })
})

test('a link moves to the host by the file of its oldest process, and back with all that it had', () => {
  const plan = planFor(small(), { kind: 'link-move', netns: 'web', link: 'eth0', to: 'host', name: 'up0' })
  expect(plan.steps[0]?.command.enters).toEqual([{ path: '/proc/1/ns/net', id: '100' }])
  expect(linesOf(plan)).toEqual([
    [
      'ip -n web link set dev eth0 netns /proc/1/ns/net name up0',
      [
        'ip link set dev up0 netns web name eth0',
        'ip -n web address replace 10.0.0.2/24 dev eth0',
        'ip -n web link set dev eth0 up',
        'ip -n web route replace default via 10.0.0.1 dev eth0 table main',
      ],
    ],
  ])
})

test('a deleted pair comes back at both ends, and on its bridge', () => {
  const plan = planFor(small(), { kind: 'link-rm', netns: 'web', link: 'eth0' })
  expect(plan.notes).toEqual(['veth-web in host goes with it'])
  expect(linesOf(plan)[0]?.[1]).toEqual([
    'ip -n web link add name eth0 address 02:00:00:00:00:02 mtu 1500 txqueuelen 1000 type veth peer name veth-web address 02:00:00:00:00:05 mtu 1500 txqueuelen 1000 netns /proc/1/ns/net',
    'ip link set dev veth-web alias mine',
    'ip link set dev veth-web master br0',
    'ip link set dev veth-web type bridge_slave hairpin on',
    'ip -n web address replace 10.0.0.2/24 dev eth0',
    'ip -n web link set dev eth0 up',
    'ip link set dev veth-web up',
    'ip -n web route replace default via 10.0.0.1 dev eth0 table main',
  ])
  expect(plan.steps[0]?.touches).toEqual([
    { path: ['/run/netns/web', 'link:eth0'], how: 'delete' },
    { path: ['host', 'link:veth-web'], how: 'delete' },
  ])
})

test('a bridge gets a MAC address of its own, the same for the same plan', () => {
  const plan = planFor(small(), { kind: 'bridge-add', netns: 'host', link: 'br9', up: false })
  const [line] = linesOf(plan)[0] ?? ['']
  expect(line).toMatch(/^ip link add name br9 address 02(:[0-9a-f]{2}){5} type bridge stp_state 0$/)
  expect(planFor(small(), { kind: 'bridge-add', netns: 'host', link: 'br9', up: false })).toEqual(plan)
})

test('a bridge that had no port and no address of its own gets its MAC address back', () => {
  const plan = planFor(small(), { kind: 'link-attach', netns: 'host', link: 'eth0', bridge: 'br1' })
  expect(linesOf(plan)).toEqual([
    [
      'ip link set dev eth0 master br1',
      ['ip link set dev eth0 nomaster', 'ip link set dev br1 address 02:00:00:00:00:06'],
    ],
  ])
})

test('a route says by which link, and a default by its family', () => {
  expect(
    linesOf(
      planFor(small(), { kind: 'route-add', netns: 'web', destination: '10.9.0.0/16', via: '10.0.0.1' }),
    ),
  ).toEqual([
    [
      'ip -n web route add 10.9.0.0/16 via 10.0.0.1 dev eth0',
      ['ip -n web route delete 10.9.0.0/16 via 10.0.0.1 dev eth0'],
    ],
  ])
  expect(
    linesOf(
      planFor(small(), {
        kind: 'route-add',
        netns: 'web',
        destination: 'default',
        via: 'fe80::1',
        link: 'eth0',
      }),
    ),
  ).toEqual([
    [
      'ip -n web -6 route add default via fe80::1 dev eth0',
      ['ip -n web -6 route delete default via fe80::1 dev eth0'],
    ],
  ])
})

test('the last address of a link takes its routes with it', () => {
  const plan = planFor(small(), { kind: 'addr-rm', netns: 'web', link: 'eth0', address: '10.0.0.2' })
  expect(linesOf(plan)).toEqual([
    [
      'ip -n web address delete 10.0.0.2/24 dev eth0',
      [
        'ip -n web address replace 10.0.0.2/24 dev eth0',
        'ip -n web route replace default via 10.0.0.1 dev eth0 table main',
      ],
    ],
  ])
})

test('every link of every recorded host can be planned to go and come back, or says why not', async () => {
  for (const name of ['demo', 'three-bridges', 'veth-pairs', 'macvlan-vxlan', 'incident', 'podman']) {
    const world = await worldOf(name)
    for (const netns of world.netns) {
      if (netns.readable !== true || 'unknown' in netns.links) continue
      for (const { name: link, kind } of netns.links) {
        if (kind !== 'veth' && kind !== 'bridge' && kind !== 'macvlan' && kind !== 'vxlan') continue
        const plan = planFor(world, { kind: 'link-rm', netns: `ino:${netns.id}`, link })
        const [step] = plan.steps
        expect(step?.command.argv.slice(-4), `${name} ${link}`).toEqual(['link', 'delete', 'dev', link])
        const undo = step?.undo ?? []
        if ('irreversible' in undo) expect(undo.irreversible).not.toBe('')
        else expect(undo.flatMap(({ argv }) => argv)).not.toContain('undefined')
      }
    }
  }
})
