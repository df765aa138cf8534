import { expect, test } from 'vitest'
import type { Intent } from '../../../src/model/intent.ts'
import type { World } from '../../../src/model/world.ts'
import { planOf } from '../../../src/change/plan-of.ts'
import { link, netns } from '../../support/world.ts'
import { context, refusalsOf, small } from './support.ts'

const veth = {
  kind: 'veth-add',
  netns: 'web',
  link: 'e1',
  peerNetns: 'host',
  peerLink: 'v1',
  up: true,
} as const
const onWeb = { netns: 'web', link: 'eth0' } as const
const onHost = { netns: 'host', link: 'eth0' } as const

const cases: readonly (readonly [Intent, ...string[]])[] = [
  [{ kind: 'netns-add', name: 'web' }, 'netns web exists already (ino:200)'],
  [{ kind: 'netns-add', name: '-x' }, '"-x" is no netns name: it starts with -, as an option does'],
  [{ kind: 'netns-rm', name: 'host' }, "netns host is the host's own: it ends with the host"],
  [{ kind: 'netns-rm', name: 'nobody' }, 'there is no netns "nobody"'],
  [
    { kind: 'netns-rm', name: 'pid:812' },
    'netns sleep has no name in /run/netns: it ends when nothing uses it any more',
  ],
  [
    { kind: 'netns-rm', name: 'web' },
    'links that vethscope did not make are in netns web and would go with it: eth0',
  ],
  [
    { ...veth, link: 'eth0', peerLink: 'br0' },
    'link eth0 exists already in web (ifindex 2)',
    'bridge br0 exists already in host (ifindex 4)',
  ],
  [{ ...veth, peerNetns: 'web', peerLink: 'e1' }, 'both ends would be called e1 in web'],
  [{ ...veth, mtu: 20 }, 'an MTU of 20 is not possible: it must be 68 to 65535'],
  [{ kind: 'link-rm', netns: 'web', link: 'eth7' }, 'there is no link eth7 in web'],
  [
    { kind: 'link-rm', netns: 'web', link: 'lo' },
    'link lo in web cannot be deleted: each namespace keeps its own',
  ],
  [{ kind: 'link-rm', ...onHost }, 'link eth0 in host is a device of a driver, which no tool deletes'],
  [{ kind: 'bridge-rm', ...onHost }, 'link eth0 in host is no bridge (device)'],
  [{ kind: 'link-up', ...onWeb }, 'link eth0 in web is up already'],
  [{ kind: 'link-down', netns: 'host', link: 'br1' }, 'bridge br1 in host is down already'],
  [{ kind: 'link-mtu', ...onWeb, mtu: 1500 }, 'link eth0 in web has an MTU of 1500 already'],
  [
    { kind: 'link-mtu', ...onWeb, mtu: 70_000 },
    'link eth0 in web: an MTU of 70000 is not possible: it must be 68 to 65535',
  ],
  [{ kind: 'link-rename', ...onWeb, name: 'eth0' }, 'link eth0 in web is called that already'],
  [{ kind: 'link-rename', ...onHost, name: 'br0' }, 'bridge br0 exists already in host (ifindex 4)'],
  [{ kind: 'link-rename', netns: 'web', link: 'lo', name: 'l' }, 'link lo in web cannot be renamed'],
  [{ kind: 'link-move', ...onWeb, to: 'web' }, 'link eth0 in web is there already'],
  [{ kind: 'link-move', ...onWeb, to: 'host' }, 'link eth0 exists already in host (ifindex 3)'],
  [
    { kind: 'link-move', netns: 'host', link: 'br0', to: 'web' },
    'bridge br0 in host cannot be moved: a bridge stays in the namespace that it was made in',
  ],
  [
    { kind: 'link-attach', netns: 'host', link: 'veth-web', bridge: 'br0' },
    'link veth-web in host is on bridge br0 already',
  ],
  [
    { kind: 'link-attach', netns: 'host', link: 'veth-web', bridge: 'br1' },
    'link veth-web in host is on br0 already: take it from there first',
  ],
  [{ kind: 'link-attach', ...onWeb, bridge: 'br0' }, 'there is no link br0 in web'],
  [{ kind: 'link-attach', ...onHost, bridge: 'veth-web' }, 'link veth-web in host is no bridge (veth)'],
  [
    { kind: 'link-attach', netns: 'host', link: 'lo', bridge: 'br0' },
    'link lo in host cannot be put on a bridge',
  ],
  [{ kind: 'link-detach', ...onHost }, 'link eth0 in host is on no bridge'],
  [{ kind: 'addr-add', ...onWeb, address: '10.0.0.2/24' }, 'link eth0 in web has 10.0.0.2/24 already'],
  [{ kind: 'addr-add', ...onWeb, address: '10.0.0/24' }, '"10.0.0/24" is no address'],
  [{ kind: 'addr-add', ...onWeb, address: 'fd00::1/64' }, 'link eth0 in web has no IPv6 (MTU 1500)'],
  [{ kind: 'addr-rm', ...onWeb, address: '10.0.0.3' }, 'link eth0 in web does not have 10.0.0.3'],
  [
    { kind: 'route-add', netns: 'web', destination: '10.9.0.0/16', via: '10.1.0.9' },
    'the gateway 10.1.0.9 is not on any network of web',
  ],
  [
    { kind: 'route-add', netns: 'web', destination: '10.9.0.0/16', via: '10.0.0.2' },
    '10.0.0.2 is an address of web itself: it is no gateway',
  ],
  [
    { kind: 'route-add', netns: 'web', destination: 'default', via: '10.0.0.1' },
    'web has the route default via 10.0.0.1 by eth0 already',
  ],
  [
    { kind: 'route-add', netns: 'web', destination: 'default', via: '10.0.0.7' },
    'web has another route default already: via 10.0.0.1 by eth0',
  ],
  [
    { kind: 'route-add', netns: 'web', destination: '10.9.0.1/16', via: '10.0.0.1' },
    '"10.9.0.1/16" is no network: it has bits behind its length; the network is 10.9.0.0/16',
  ],
  [
    { kind: 'route-add', netns: 'web', destination: '10.9.0.0/16', link: 'eth0', src: '10.0.0.9' },
    "10.0.0.9 is no address of web: it cannot be a route's source",
  ],
  [
    { kind: 'route-add', netns: 'host', destination: '10.9.0.0/16', link: 'br1' },
    'link br1 in host is down: it takes no routes',
  ],
  [
    { kind: 'route-add', netns: 'web', destination: '10.9.0.0/16', link: 'eth0', table: 'mine' },
    '"mine" is no routing table',
  ],
  [{ kind: 'route-rm', netns: 'web', destination: '10.9.0.0/16' }, 'web has no route 10.9.0.0/16'],
  [{ kind: 'sysctl-set', netns: 'web', name: 'kernel', value: '1' }, '"kernel" is no setting below net'],
  [
    { kind: 'sysctl-set', netns: 'web', name: 'ipv4.conf.eth9.rp_filter', value: '1' },
    'there is no setting ipv4.conf.eth9.rp_filter in web: no such link',
  ],
  [
    { kind: 'sysctl-set', netns: 'web', name: 'ipv4.ip_forward', value: '1' },
    'cannot set ipv4.ip_forward in web: what it is now, and undo would bring back, could not be read: the sysctls were not read',
  ],
  [
    { kind: 'masquerade-rm', netns: 'host', subnet: '10.0.0.0/24' },
    'vethscope does not masquerade 10.0.0.0/24 in host',
  ],
  [
    { kind: 'masquerade-add', netns: 'host', subnet: '10.0.0.0/24', out: 'eth9' },
    'there is no link eth9 in host',
  ],
]

test.each(cases.map((each) => [`${each[0].kind}: ${each[1]}`, each] as const))(
  '%s',
  (_, [intent, ...says]) => {
    expect(refusalsOf(small(), intent)).toEqual(says)
  },
)

test('processes of a namespace are named', () => {
  const holders = { processes: [7], threads: [], fds: [], sockets: [], mounts: [] }
  const busy: World = { ...small(), netns: [...small().netns, netns(400, 'busy', { holders })] }
  expect(refusalsOf(busy, { kind: 'netns-rm', name: 'busy' })).toEqual(['processes run in netns busy: 7'])
})

test('what was not read is refused with the reason, and is a matter of permission', () => {
  const [host, ...others] = small().netns
  const blind: World = {
    ...small(),
    netns: [{ ...host!, routes: { unknown: 'permission denied' } }, ...others],
  }
  expect(planOf(blind, { kind: 'link-down', ...onHost }, context)).toMatchObject({
    refusals: [{ kind: 'permission', what: 'the routes of netns host could not be read: permission denied' }],
  })
})

test('an older kernel renames only what is down', () => {
  const old: World = { ...small(), kernel: '5.10.0-21-amd64' }
  const rename: Intent = { kind: 'link-rename', ...onHost, name: 'up0' }
  expect(refusalsOf(old, rename)).toEqual([
    'link eth0 in host is up, and kernel 5.10.0-21-amd64 renames only links that are down',
  ])
  expect(refusalsOf(small(), rename)).toEqual(['not refused: rename link eth0 in host to up0'])
})

test('links of the lab are left to its own commands', () => {
  const host = small().netns[0]!
  const endpoint = {
    network: 'shop',
    link: 'eth0',
    hostLink: 'veth-web',
    mac: '02:00:00:00:00:02',
    ipv4: '10.0.0.2/24',
    ipv6: null,
    aliases: [],
    isDefault: true,
    links: [],
  }
  const node = {
    name: 'web',
    mode: 'bridge',
    of: null,
    endpoints: [endpoint],
    ports: [],
    created: '',
  } as const
  const lab: World = {
    ...small(),
    labs: [{ host: host.id, networks: [], nodes: [node], masquerades: [], unfinished: null }],
  }
  expect(refusalsOf(lab, { kind: 'link-rm', ...onWeb })).toEqual([
    'link eth0 connects node web to network shop of the lab',
  ])
  expect(refusalsOf(lab, { kind: 'netns-rm', name: 'web' })[0]).toBe('netns web is a node of the lab')
})

test('the 1,024th port of a bridge', () => {
  const [host, ...others] = small().netns
  const ports = Array.from({ length: 1022 }, (_, at) =>
    link('veth', { ifindex: 100 + at, name: `p${at}`, master: 4, slaveKind: 'bridge' }),
  )
  const full: World = {
    ...small(),
    netns: [{ ...host!, links: [...(host!.links as []), ...ports] }, ...others],
  }
  expect(refusalsOf(full, { kind: 'link-attach', ...onHost, bridge: 'br0' })).toEqual([
    'bridge br0 in host has 1023 ports: more are not possible',
  ])
})
