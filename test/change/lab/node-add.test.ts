/** What a new node gets, and why there can be none. */
import { expect, test } from 'vitest'
import { planOf } from '../../../src/change/plan-of.ts'
import type { PlanContext } from '../../../src/change/planner.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Intent, IntentOf } from '../../../src/model/intent.ts'
import type { Lab, LabNetwork, LabNode } from '../../../src/model/lab.ts'
import type { Link } from '../../../src/model/link.ts'
import type { Plan } from '../../../src/model/plan.ts'
import type { World } from '../../../src/model/world.ts'
import { node, on } from '../../support/lab-wishes.ts'
import { address, link, loopback, netns, world } from '../../support/world.ts'

const context: PlanContext = {
  folder: '/run/vethscope/100',
  hostPath: null,
  tools: new Set(['ip', 'nft', 'sysctl', 'nsenter', 'conntrack']),
  now: '2026-11-21T12:00:00.000Z',
  etcNetns: new Map(),
}

const lab0: LabNetwork = {
  name: 'lab0',
  driver: 'bridge',
  bridge: 'lab0',
  ownsBridge: true,
  parent: null,
  mode: null,
  vxlan: null,
  subnets: [{ subnet: '10.9.0.0/29', gateway: '10.9.0.1', ipRange: null }],
  mtu: 1400,
  mac: '02:00:00:00:00:01',
  internal: false,
  ipv6: false,
  icc: true,
  masquerade: true,
  acceptInForeign: false,
  options: {},
  labels: {},
  created: context.now,
}

const web: LabNode = {
  name: 'web',
  mode: 'bridge',
  of: null,
  endpoints: [
    {
      network: 'lab0',
      link: 'eth0',
      hostLink: 'veth0web',
      mac: '02:42:0a:09:00:02',
      ipv4: '10.9.0.2/29',
      ipv6: null,
      aliases: ['www'],
      isDefault: true,
      links: [],
    },
  ],
  ports: [],
  created: context.now,
}

const noLab: Lab = { networks: [lab0], nodes: [web], masquerades: [], unfinished: null }
const bridge = link('bridge', { ifindex: 4, name: 'lab0', lladdr: '02:00:00:00:00:01' })

/** A host with bridge lab0 and node web on it. */
function host(lab: Partial<Lab> = {}, links: readonly Link[] = [], fields: Partial<World> = {}): World {
  const host = netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    links: [loopback(), bridge, ...links],
    addresses: [address(4, '10.9.0.1/29')],
    details: {
      sysctls: {
        'ipv4.ip_forward': '1',
        'ipv6.conf.all.forwarding': '0',
        'ipv6.conf.all.disable_ipv6': '0',
        'ipv4.conf.all.forwarding': '1',
      },
      sockets: [],
      qdiscs: [],
      filters: [],
      xfrmPolicies: [],
      programs: [],
      counters: {},
    },
    firewall: { backends: [], tables: [], sets: [], ipvs: [], unread: [] } as never,
  })
  return world([host, netns(200, 'web')], {
    labs: [{ host: netnsId(100), ...noLab, ...lab }],
    ...fields,
  })
}

function refusals(asked: Intent, from = host(), with_: PlanContext = context): readonly string[] {
  const plan = planOf(from, asked, with_)
  return plan.ok ? [] : plan.refusals.map(({ what }) => what)
}

function planned(asked: Intent, from = host(), with_: PlanContext = context): Plan {
  const plan = planOf(from, asked, with_)
  if (!plan.ok) throw new Error(plan.refusals.map(({ what }) => what).join('; '))
  return plan.value
}

function recordOf(plan: Plan, name: string): LabNode {
  const written = plan.steps.find(
    ({ command }) => command.argv.at(-1)?.endsWith(`/node-${name}.json`) === true,
  )
  return JSON.parse(written?.command.input ?? 'null') as LabNode
}

test('a node gets the next free address, a MAC address made from it, and the default route', () => {
  const plan = planned(node('db', [on('lab0')]))
  const [endpoint] = recordOf(plan, 'db').endpoints
  expect(endpoint).toMatchObject({
    link: 'eth0',
    ipv4: '10.9.0.3/29',
    ipv6: null,
    mac: '02:42:0a:09:00:03',
    isDefault: true,
  })
  const veth = endpoint?.hostLink ?? ''
  const commands = plan.steps.map(({ command }) => command.argv.join(' '))
  expect(veth).toMatch(/^veth[0-9a-f]{8}$/)
  expect(commands).toEqual(
    expect.arrayContaining([
      'ip netns add db',
      `ip link add name ${veth} mtu 1400 master lab0 up type veth peer name eth0 mtu 1400 address 02:42:0a:09:00:03 netns db`,
      `ip link set dev ${veth} alias vethscope:lab0:db addrgenmode none`,
      'nsenter --net=/run/netns/db sysctl -q -w net.ipv6.conf.eth0.disable_ipv6=1',
    ]),
  )
  expect(plan.steps.find(({ command }) => command.argv.includes('-batch'))?.command.input).toBe(
    'link set lo up\naddress add 10.9.0.3/29 brd + dev eth0\nlink set eth0 up\nroute add 0.0.0.0/0 via 10.9.0.1 dev eth0\n',
  )
})

test('more names that it knows stand in its hosts file and nowhere else, before those of its networks', () => {
  const hosts = { far: '10.9.0.99', far6: 'fd00::9' }
  const plan = planned(node('db', [on('lab0')], { hosts }))
  expect(recordOf(plan, 'db').hosts).toEqual(hosts)
  const files = plan.steps.flatMap(({ command }) =>
    command.argv.some((word) => word.endsWith('/db/hosts')) ? [command] : [],
  )
  expect(files.map(({ argv }) => argv.filter((word) => word.endsWith('/hosts')))).toEqual([
    ['/etc/netns/db/hosts'],
  ])
  expect(files[0]?.input).toContain('10.9.0.99\tfar\nfd00::9\tfar6\n10.9.0.3\tdb.lab0 db\n')
  expect(
    refusals(node('db', [on('lab0')], { hosts: { 'a b': '10.9.0.9', x: '10.9.0.9\n1.1.1.1 y' } })),
  ).toEqual([
    '"a b" is no host name: only letters, digits, _ . and - are allowed in it',
    expect.stringMatching(/is no address$/),
  ])
  expect(refusals(node('db', [], { mode: 'host', hosts }))).toEqual([
    'a node of mode host knows no names of its own: it has the names of whom it joins',
  ])
})

test('mode passthru gives the parent away, with its MAC address: who comes in by it is cut off', () => {
  const eth0 = link('device', { ifindex: 5, name: 'eth0', lladdr: '02:00:00:00:00:99' })
  const lab1 = {
    ...lab0,
    name: 'lab1',
    driver: 'macvlan',
    bridge: null,
    parent: 'eth0',
    mode: 'passthru',
  } as const
  const from = host({ networks: [lab1], nodes: [] }, [eth0])
  const plan = planned(node('db', [on('lab1')]), from)
  expect(recordOf(plan, 'db').endpoints).toMatchObject([{ mac: '02:00:00:00:00:99' }])
  const touches = plan.steps.flatMap((step) => step.touches)
  expect(touches).toContainEqual({ path: ['host', 'link:eth0'], how: 'change' })
  expect(refusals(node('db', [on('lab1', { mac: '02:00:00:00:00:11' })]), from)).toEqual([
    'cannot give MAC 02:00:00:00:00:11: in mode passthru a node has that of eth0',
  ])
  const shared = host({ networks: [{ ...lab1, mode: 'bridge' }], nodes: [] }, [eth0])
  const others = planned(node('db', [on('lab1')]), shared).steps.flatMap((step) => step.touches)
  expect(others).toContainEqual({ path: ['host', 'link:eth0'], how: 'use' })
})

test('hosts of the others say who is new; those with the same text are written by one command', () => {
  const names = ['a', 'b', 'c']
  const others = names.map((name, at): LabNode => {
    const [endpoint] = web.endpoints
    if (endpoint === undefined) throw new Error('no endpoint')
    return { ...web, name, endpoints: [{ ...endpoint, ipv4: `10.9.0.${at + 2}/29`, aliases: [] }] }
  })
  const etcNetns = new Map(names.map((name) => [name, new Map([['hosts', 'old\n']])]))
  const plan = planned(node('db', [on('lab0', { ip: '10.9.0.6' })]), host({ nodes: others }), {
    ...context,
    etcNetns,
  })
  const writes = plan.steps.filter(({ command }) => command.argv.some((word) => word.endsWith('/hosts')))
  expect(writes.map(({ command }) => command.argv)).toEqual([
    ['tee', '/etc/netns/a/hosts', '/etc/netns/b/hosts', '/etc/netns/c/hosts'],
    ['tee', '/etc/netns/db/hosts'],
  ])
  expect(writes[0]?.undo).toEqual([
    { argv: ['tee', '/etc/netns/a/hosts', '/etc/netns/b/hosts', '/etc/netns/c/hosts'], input: 'old\n' },
  ])
  expect(writes[0]?.command.input).toContain('10.9.0.6\tdb.lab0 db\n')
})

test('/etc/netns is made where it was not there, and goes with the last node', () => {
  const made = planned(node('db', [on('lab0')]), host({ nodes: [] }), { ...context, etcNetns: null })
  const argvs = made.steps.map(({ command }) => command.argv.join(' '))
  expect(argvs.indexOf('mkdir -p /etc/netns')).toBeGreaterThan(-1)
  expect(argvs.indexOf('mkdir -p /etc/netns')).toBeLessThan(argvs.indexOf('mkdir /etc/netns/db'))
  const db = recordOf(made, 'db')
  const files = new Map([
    ['hosts', ''],
    ['resolv.conf', ''],
  ])
  const removed = (there: ReadonlyMap<string, ReadonlyMap<string, string>>) =>
    planned({ kind: 'node-rm', name: 'db' }, host({ nodes: [db] }), { ...context, etcNetns: there })
      .steps.map(({ command }) => command.argv.join(' '))
      .filter((text) => text.startsWith('rmdir'))
  expect(removed(new Map([['db', files]]))).toEqual([
    'rmdir /etc/netns/db',
    'rmdir --ignore-fail-on-non-empty /etc/netns',
  ])
  expect(
    removed(
      new Map([
        ['db', files],
        ['vpn', files],
      ]),
    ),
  ).toEqual(['rmdir /etc/netns/db'])
  expect(removed(new Map([['db', new Map([...files, ['nsswitch.conf', '']])]]))).toEqual([])
})

test('what somebody put in the place of a file of ours, as a link elsewhere, is neither written nor removed', () => {
  const there = new Map([
    [
      'web',
      new Map([
        ['hosts', null],
        ['resolv.conf', null],
      ]),
    ],
  ])
  const seen = { ...context, etcNetns: there }
  const added = planned(node('db', [on('lab0')]), host(), seen)
  const touched = (plan: Plan) =>
    plan.steps.flatMap(({ command }) => command.argv.filter((word) => word.startsWith('/etc/netns/web')))
  expect(touched(added)).toEqual([])
  expect(added.notes).toContain('/etc/netns/web/hosts stays as it is: it is no regular file')
  const removed = planned({ kind: 'node-rm', name: 'web' }, host(), seen)
  expect(touched(removed)).toEqual([])
  expect(removed.notes).toContain('/etc/netns/web stays: hosts, resolv.conf in it is none of ours')
})

const refused: readonly (readonly [string, IntentOf<'node-add'>, string])[] = [
  ['a name that is an option', node('-x'), '"-x" is no node name: it starts with -, as an option does'],
  [
    'a name with a slash',
    node('a/b'),
    '"a/b" is no node name: only letters, digits, _ . and - are allowed in it',
  ],
  ['a node that is there', node('web'), 'node web exists already'],
  ['the host', node('host'), 'a node cannot be called host: that name means another namespace'],
  ['no such network', node('db', [on('lab9')]), 'there is no lab network "lab9"'],
  ['twice on one', node('db', [on('lab0'), on('lab0')]), 'node db can be on network lab0 only once'],
  [
    'an address outside',
    node('db', [on('lab0', { ip: '10.8.0.2' })]),
    'cannot give 10.8.0.2: it is not in 10.9.0.0/29',
  ],
  [
    'an address that is taken',
    node('db', [on('lab0', { ip: '10.9.0.2' })]),
    'cannot give 10.9.0.2: node web has it',
  ],
  [
    'the gateway',
    node('db', [on('lab0', { ip: '10.9.0.1' })]),
    'cannot give 10.9.0.1: the gateway of network lab0 has it',
  ],
  [
    'the broadcast address',
    node('db', [on('lab0', { ip: '10.9.0.7' })]),
    'cannot give 10.9.0.7: it is the broadcast address of 10.9.0.0/29',
  ],
  ['no address', node('db', [on('lab0', { ip: '10.9.0' })]), '"10.9.0" is no address'],
  [
    'IPv6 where there is none',
    node('db', [on('lab0', { ip6: 'fd00::2' })]),
    'cannot give fd00::2: network lab0 has no IPv6',
  ],
  [
    'a MAC address that is taken',
    node('db', [on('lab0', { mac: '02:42:0A:09:00:02' })]),
    'cannot give MAC 02:42:0a:09:00:02: node web has it',
  ],
  [
    'the MAC address of a group',
    node('db', [on('lab0', { mac: '03:00:00:00:00:01' })]),
    '"03:00:00:00:00:01" is no MAC address of a link: it stands for a group of them (its first byte is odd)',
  ],
  ['a link to nobody', node('db', [on('lab0', { links: ['x:y'] })]), 'cannot link "x:y": there is no node x'],
  [
    'a link that is none',
    node('db', [on('lab0', { links: ['web:'] })]),
    'cannot link "web:": that is not NODE or NODE:ALIAS',
  ],
  [
    'an alias that is none',
    node('db', [on('lab0', { aliases: ['a b'] })]),
    '"a b" is no alias name: only letters, digits, _ . and - are allowed in it',
  ],
  [
    'mode host on a network',
    node('db', [on('lab0')], { mode: 'host' }),
    'a node of mode host cannot be on network lab0: it has the host’s own links and ports',
  ],
  [
    'mode host with ports',
    node('db', [], { mode: 'host', ports: ['8080:80'] }),
    'a node of mode host publishes no ports: it has the host’s own links and ports',
  ],
  [
    'container of nobody',
    node('db', [], { mode: 'container', of: 'ghost' }),
    'there is no node and no container "ghost" to join',
  ],
  [
    'container without a name',
    node('db', [], { mode: 'container' }),
    'node db of mode container needs the name of whom it joins',
  ],
  [
    'ports without a way out',
    node('db', [], { ports: ['8080:80'] }),
    'node db cannot publish ports: it is on no network that leads out',
  ],
]

test.each(refused)('refused: %s', (_what, asked, sentence) => {
  expect(refusals(asked)).toContain(sentence)
})

test('refused: a name that a namespace has, and one whose folder somebody filled', () => {
  const other = host()
  const there = world([other.netns[0] as never, netns(300, 'vpn')], { labs: other.labs })
  expect(refusals(node('vpn', [on('lab0')]), there)).toEqual(['netns vpn exists already (ino:300)'])
  const etcNetns = new Map([['vpn', new Map([['resolv.conf', 'nameserver 9.9.9.9\n']])]])
  expect(refusals(node('vpn', [on('lab0')]), host(), { ...context, etcNetns })).toEqual([
    'folder /etc/netns/vpn exists already: it holds resolv.conf',
  ])
})

test('refused: a network that is full, its bridge gone, the 1,024th port', () => {
  const endpoints = [3, 4, 5, 6].map((at) => ({ ...web.endpoints[0]!, ipv4: `10.9.0.${at}/29` }))
  const full = endpoints.map((each, at) => ({ ...web, name: `n${at}`, endpoints: [each] }))
  expect(refusals(node('db', [on('lab0')]), host({ nodes: [web, ...full] }))).toEqual([
    'network lab0 has no free address left in 10.9.0.0/29',
  ])
  const gone = host({ networks: [{ ...lab0, bridge: 'lab7' }] })
  expect(refusals(node('db', [on('lab0')]), gone)).toEqual([
    'network lab0 is broken: there is no link lab7 on the host any more',
  ])
  const ports = Array.from({ length: 1023 }, (_, at) =>
    link('veth', { ifindex: 10 + at, name: `p${at}`, master: 4 }),
  )
  expect(refusals(node('db', [on('lab0')]), host({}, ports))).toEqual([
    'bridge lab0 has 1023 ports: the kernel allows no more than 1023',
  ])
  expect(refusals(node('db', [on('lab0')]), host({}, ports.slice(1)))).toEqual([])
})

test('what cannot be connected, disconnected, removed', () => {
  const mate: LabNode = { ...web, name: 'mate', mode: 'container', of: 'web', endpoints: [] }
  const both = host({ nodes: [web, mate] })
  const connect = (name: string, to: string): Intent => ({
    kind: 'net-connect',
    node: name,
    connection: on(to),
  })
  expect(refusals(connect('ghost', 'lab0'), both)).toEqual(['there is no node "ghost"'])
  expect(refusals(connect('web', 'lab0'), both)).toEqual(['node web is on network lab0 already'])
  expect(refusals(connect('mate', 'lab0'), both)).toEqual([
    'node mate cannot be on a network of its own: it is in the namespace of web',
  ])
  expect(refusals({ kind: 'net-disconnect', node: 'web', network: 'x' }, both)).toEqual([
    'node web is not on network x: it is on lab0',
  ])
  const ports = [{ hostIp: '0.0.0.0', hostPort: 8080, port: 80, protocol: 'tcp' as const }]
  expect(
    refusals({ kind: 'net-disconnect', node: 'web', network: 'lab0' }, host({ nodes: [{ ...web, ports }] })),
  ).toEqual(['node web publishes 8080/tcp, and without network lab0 nothing would lead there'])
  expect(refusals({ kind: 'node-rm', name: 'web' }, both)).toEqual([
    'node web cannot be removed: node mate is in its namespace',
  ])
  expect(refusals({ kind: 'node-rm', name: 'wab' }, both)).toEqual(['there is no node "wab"'])
})

test('the lab could not be read: refused with the reason', () => {
  expect(
    refusals(node('db', [on('lab0')]), host({}, [], { labs: { unknown: 'permission denied' } })),
  ).toEqual(['the lab of this host could not be read: permission denied'])
})

test('a namespace that somebody made under the name of a node that is gone is not removed', () => {
  const veth = link('veth', { ifindex: 9, name: 'veth0web', master: 4, alias: 'vethscope:lab0:web' })
  const inside = (name: string, mac: string): readonly Link[] => [
    loopback(),
    link('veth', { ifindex: 2, name, lladdr: mac }),
  ]
  const named = { names: [{ name: 'web', source: 'named' as const, path: '/run/netns/web' }] }
  const there = (links: readonly Link[]): World => {
    const from = host({}, [veth])
    const [first] = from.netns
    if (first === undefined) throw new Error('no host')
    return { ...from, netns: [first, netns(200, 'web', { ...named, links })] }
  }
  const remove: Intent = { kind: 'node-rm', name: 'web' }
  const argvs = (from: World): readonly string[] =>
    planned(remove, from).steps.map(({ command }) => command.argv.join(' '))
  expect(argvs(there(inside('eth0', '02:42:0a:09:00:02')))).toContain('ip netns del web')
  // Its link was taken away by hand, and nothing else is in there.
  expect(argvs(there([loopback()]))).toContain('ip netns del web')
  const foreign = there(inside('wg0', '02:00:00:00:00:31'))
  expect(argvs(foreign)).not.toContain('ip netns del web')
  expect(argvs(foreign)).toContain('rm -f /run/vethscope/100/lab/node-web.json')
  expect(planned(remove, foreign).notes).toContain(
    'namespace web stays: no link of the node is in it, and wg0 is none of ours',
  )
})
