import { expect, test } from 'vitest'
import { composed } from '../../../src/change/file/composed.ts'
import { wantsOf } from '../../../src/change/file/net-apply.ts'
import { planOf } from '../../../src/change/plan-of.ts'
import type { IntentOf } from '../../../src/model/intent.ts'
import type { NetworkFile } from '../../../src/model/network-file.ts'
import type { Plan } from '../../../src/model/plan.ts'
import { readNetworkFile } from '../../../src/netfile/read-network-file.ts'
import { context as bare, hostWith } from '../lab/support-nets.ts'

const context = { ...bare, tools: new Set([...bare.tools, 'conntrack']), etcNetns: null }

export function fileOf(text: string): NetworkFile {
  const read = readNetworkFile(`vethscope: 1\n${text}`, 'lab.yaml')
  if (!read.ok) throw new Error(read.failure.what)
  return read.value
}

type How = Pick<IntentOf<'net-apply'>, 'remove' | 'replace'>

type Asked = readonly [text: string, how?: Partial<How>]

/** One file after the other, each on the World as the one before it leaves it. */
function applied(...files: readonly Asked[]): {
  readonly plans: readonly Plan[]
  readonly refusals: readonly string[]
} {
  let now = { world: hostWith(), context: context as typeof bare }
  const plans: Plan[] = []
  for (const [text, how = {}] of files) {
    const intent = { kind: 'net-apply', file: fileOf(text), remove: false, ...how } as const
    const plan = planOf(now.world, intent, now.context)
    if (!plan.ok)
      return {
        plans,
        refusals: plan.refusals.map(({ what, path }) => `${(path ?? []).join('.')}: ${what}`),
      }
    plans.push(plan.value)
    const whole = composed(now, wantsOf(intent), planOf)
    if (!whole.ok) throw new Error('planned, and not composed')
    now = whole.value.after
  }
  return { plans, refusals: [] }
}

const titles = (plan: Plan | undefined): readonly string[] => (plan?.steps ?? []).map(({ title }) => title)
const parts = (...files: readonly Asked[]): readonly string[] => {
  const { plans, refusals } = applied(...files)
  return refusals.length > 0
    ? refusals
    : (plans.at(-1)?.notes ?? []).filter((note) => !note.startsWith('[::1]'))
}

const lab = [
  'networks:',
  '  lab0: {subnets: [10.7.0.0/24]}',
  '  inner: {internal: true, icc: false, ipv6: true}',
  'nodes:',
  '  db: {networks: [{name: inner, links: [web:front]}]}',
  '  web: {networks: [lab0, {name: inner, aliases: [www]}], ports: ["8080:80"]}',
  '  spy: {mode: "container:web"}',
  '  left: {mode: none}',
  '  right: {mode: none, routes: [{to: 10.8.0.0/16, via: 10.1.1.1}]}',
  'links:',
  '- ends: [{in: left, name: a, addresses: [10.1.1.1/24]}, {in: right, name: b, addresses: [10.1.1.2/24]}]',
  '',
].join('\n')

test('everything is made in an order in which it can be made, as one plan', () => {
  const { plans } = applied([lab])
  expect(plans[0]?.title).toBe('apply networks file: 2 networks, 5 nodes, 1 link')
  expect(parts([lab])).toEqual([
    'make network lab0 (10.7.0.0/24)',
    expect.stringMatching(/^make network inner \(172\.17\.0\.0\/16, fd/),
    // Whom others are linked to, or join, comes first.
    'add node web on lab0, inner',
    'add node db on inner',
    'add node spy in the namespace of web',
    'add node left',
    'add node right',
    'make veth pair a in left ⇄ b in right',
    'give 10.1.1.1/24 to link a in left',
    'give 10.1.1.2/24 to link b in right',
    'add route 10.8.0.0/16 via 10.1.1.1 by b in right',
  ])
})

test.each([
  ['networks, nodes and links', [[lab], [lab]]],
  ['removed twice', [[lab], [lab, { remove: true }], [lab, { remove: true }]]],
  ['nothing', [['']]],
] as const)('what is as it is asked for needs nothing: %s', (_, files) => {
  const { plans } = applied(...files)
  expect(plans.at(-1)).toMatchObject({ steps: [] })
  expect(plans.at(-1)?.notes).toEqual([expect.stringMatching(/^(?:all of it is|nothing of it is) there$/)])
})

test('a table of rules, and each file, is written once', () => {
  const { plans } = applied([lab])
  const tables = titles(plans[0]).filter((title) => title.includes('nft table'))
  expect(tables).toEqual(['make nft table ip vethscope', 'make nft table ip6 vethscope'])
  const written = (plans[0]?.steps ?? []).flatMap(({ after }) =>
    after.flatMap((fact) => (fact.kind === 'file' ? [fact.path, ...(fact.also ?? [])] : [])),
  )
  expect(new Set(written).size).toBe(written.length)
  expect(written).toContain('/etc/netns/spy/hosts')
  // Guards before what they guard, names when the folder is there.
  expect(titles(plans[0]).indexOf(tables[0] ?? '')).toBeLessThan(
    titles(plans[0]).findIndex((title) => title.startsWith('make bridge')),
  )
})

test('guards go after what they guarded, folders after what was in them', () => {
  const { plans } = applied([lab], [lab, { remove: true }])
  const gone = titles(plans[1])
  const at = (text: string): number => gone.findIndex((title) => title.startsWith(text))
  expect(at('delete nft table ip vethscope')).toBeGreaterThan(at('delete bridge lab0'))
  expect(at('remove folder /etc/netns/')).toBeGreaterThan(at('remove /etc/netns/'))
  expect(gone.filter((title) => title.includes('nft table'))).toHaveLength(2)
})

test('of each step its facts tell whether it was done', () => {
  const { plans } = applied([lab], [lab, { remove: true }])
  for (const { steps } of plans) {
    for (const { before, after, title } of steps) {
      if (after.length > 0 && before.length > 0) expect(after, title).not.toEqual(before)
    }
  }
})

const cable = (addresses: string): string =>
  `nodes: {l: {mode: none}}\nlinks: [{ends: [{in: l, name: c, addresses: [${addresses}]}, {in: host, name: d}]}]`

const base = 'networks: {a: {}, b: {}}\n'

test.each<readonly [string, string, string, readonly string[]]>([
  [
    'ports',
    `${base}nodes: {w: {networks: [a], ports: ["80:80", "90-91:90-91"]}}`,
    `${base}nodes: {w: {networks: [a], ports: ["80:80", "91:91", "99:9/udp"]}}`,
    ['unpublish 0.0.0.0:90:90/tcp of node w', 'publish 0.0.0.0:99:9/udp of node w'],
  ],
  [
    'networks: added before others go',
    `${base}nodes: {w: {networks: [a], ports: ["80:80"]}}`,
    `${base}nodes: {w: {networks: [b], ports: ["80:80"]}}`,
    [
      'unpublish 0.0.0.0:80:80/tcp of node w',
      'connect node w to network b',
      'take node w off network a',
      'publish 0.0.0.0:80:80/tcp of node w',
    ],
  ],
  [
    'an address',
    `${base}nodes: {w: {networks: [a, b]}}`,
    `${base}nodes: {w: {networks: [{name: a, ip: 172.17.0.9}, b]}}`,
    ['take node w off network a', 'connect node w to network a'],
  ],
  [
    'aliases and links of who is linked to it again',
    `${base}nodes: {w: {networks: [a]}, v: {networks: [{name: a, links: [w]}]}}`,
    `${base}nodes: {w: {networks: [{name: a, aliases: [x]}]}, v: {networks: [{name: a, links: [w]}]}}`,
    [
      'take node w off network a',
      'connect node w to network a',
      'take node v off network a',
      'connect node v to network a',
    ],
  ],
  [
    'addresses of a link: of IPv6 and of another network added before others go',
    cable('10.1.0.1/24, "fd00::1/64", 10.9.0.1/24'),
    cable('10.1.0.2/24, "fd00::2/64", 10.8.0.1/24'),
    [
      'give fd00::2/64 to link c in l',
      'give 10.8.0.1/24 to link c in l',
      'take 10.1.0.1/24 from link c in l',
      'take fd00::1/64 from link c in l',
      'take 10.9.0.1/24 from link c in l',
      'give 10.1.0.2/24 to link c in l',
    ],
  ],
  [
    'a new node and network beside',
    `${base}nodes: {w: {networks: [a]}}`,
    'networks: {a: {}, c: {}}\nnodes: {x: {networks: [c]}}',
    [expect.stringMatching(/^make network c/), 'add node x on c'],
  ],
])('changed in place: %s', (_, first, second, expected) => {
  expect(parts([first], [second])).toEqual(expected)
  const { plans } = applied([first], [second], [second])
  expect(plans[2]?.steps).toEqual([])
})

test.each([
  ['{mtu: 1400}', '{mtu: 1300}', 'mtu 1400, not 1300'],
  ['{subnets: [10.1.0.0/24]}', '{subnets: [10.2.0.0/24]}', 'subnets 10.1.0.0/24, not 10.2.0.0/24'],
  ['{}', '{ipv6: true}', 'ipv6 false, not true'],
  ['{}', '{internal: true, icc: false}', 'internal false, not true; icc true, not false'],
  ['{labels: {a: b}}', '{}', 'labels a=b, not none'],
  ['{}', '{options: {com.docker.network.bridge.name: br9}}', 'the bridge’s name a, not br9'],
])('a network %s is not made %s in place', (there, asked, difference) => {
  const [first, second] = [
    `networks: {a: ${there}}\nnodes: {w: {networks: [a], ports: ["80:80"]}}`,
    `networks: {a: ${asked}}\nnodes: {w: {networks: [a], ports: ["80:80"]}}`,
  ]
  expect(applied([first], [second]).refusals).toEqual([
    `networks.a: network a is there and is not as the file says: ${difference}`,
  ])
  const again = [first, second] as const
  if (!asked.includes('internal')) {
    expect(parts([again[0]], [again[1], { replace: true }])).toContain('remove network a')
    expect(applied([again[0]], [again[1], { replace: true }], [again[1]]).plans.at(-1)?.steps).toEqual([])
  }
})

test('a network of others is not made again', () => {
  const first = 'networks: {a: {}}\nnodes: {w: {networks: [a]}, x: {networks: [a]}}'
  const second = 'networks: {a: {mtu: 1300}}\nnodes: {w: {networks: [a]}}'
  expect(applied([first], [second, { replace: true }]).refusals).toEqual([
    'networks.a: network a cannot be made again: x is on it, and not in the file',
  ])
})

test('a node of another mode is made again only where that is asked for', () => {
  const [first, second] = [
    'networks: {a: {}}\nnodes: {w: {networks: [a]}}',
    'networks: {a: {}}\nnodes: {w: {mode: none}}',
  ]
  expect(applied([first], [second]).refusals).toEqual([
    'nodes.w: node w is there and is not as the file says: mode bridge, not none',
  ])
  expect(parts([first], [second, { replace: true }])).toEqual(['remove node w', 'add node w'])
})

test('who gets any address gets none that somebody else of the file asks for', () => {
  const text = [
    'networks: {a: {subnets: [10.1.0.0/24, fd01::/64]}}',
    'nodes:',
    '  first: {networks: [a]}',
    '  second: {networks: [{name: a, links: [first], ip: 10.1.0.2, ip6: "fd01::2"}]}',
    '  third: {networks: [{name: a, ip: 10.1.0.3}]}',
    '',
  ].join('\n')
  const { plans, refusals } = applied([text], [text])
  expect(refusals).toEqual([])
  const records = (plans[0]?.steps ?? []).flatMap(({ after }) =>
    after.flatMap((fact) => (fact.kind === 'file' && fact.path.includes('node-') ? [fact.text ?? ''] : [])),
  )
  const addresses = records.flatMap((text) => {
    const { name, endpoints } = JSON.parse(text) as {
      name: string
      endpoints: { ipv4: string; ipv6: string }[]
    }
    return endpoints.map(({ ipv4, ipv6 }) => [name, ipv4, ipv6])
  })
  expect(addresses.toSorted(([a = ''], [b = '']) => (a < b ? -1 : 1))).toEqual([
    ['first', '10.1.0.4/24', 'fd01::3/64'],
    ['second', '10.1.0.2/24', 'fd01::2/64'],
    ['third', '10.1.0.3/24', expect.stringMatching(/^fd01::[45]\/64$/)],
  ])
})

test('every reason is told with its place in the file; what would be refused for that is not asked', () => {
  const text = [
    'networks:',
    '  a: {subnets: [10.1.0.1/24]}',
    '  b: {driver: macvlan, parent: none0}',
    '  c: {driver: overlay}',
    'nodes: {w: {networks: [a, nowhere]}}',
    '',
  ].join('\n')
  expect(applied([text]).refusals).toEqual([
    'networks.a: "10.1.0.1/24" is no network: it has bits behind its length; the network is 10.1.0.0/24',
    expect.stringMatching(/^networks\.b: /),
    'networks.c: network c of the lab cannot have driver overlay: a lab has bridge, vxlan, macvlan, ipvlan',
  ])
  const nodes =
    'nodes: {w: {networks: [nowhere]}, v: {mode: "container:x"}}\nlinks: [{ends: [{in: no, name: a}, {in: w, name: b}]}]'
  expect(applied([nodes]).refusals).toEqual([
    expect.stringMatching(/^nodes\.w: there is no lab network "nowhere"$/),
    expect.stringMatching(/^nodes\.v: /),
  ])
})

test('two hundred nodes are planned in a moment, and their journal stays small', { timeout: 60_000 }, () => {
  const nodes = Array.from(
    { length: 200 },
    (_, at) => `  n${at}: {networks: [net${at % 3}], ports: ["${9000 + at}:80"]}`,
  )
  const text = ['networks: {net0: {}, net1: {}, net2: {}}', 'nodes:', ...nodes, ''].join('\n')
  const start = process.cpuUsage()
  const plan = planOf(hostWith(), { kind: 'net-apply', file: fileOf(text), remove: false }, context)
  const { user, system } = process.cpuUsage(start)
  if (!plan.ok) throw new Error(plan.refusals[0]?.what)
  expect(JSON.stringify(plan.value).length).toBeLessThan(4_000_000)
  // Time of the processor, in µs: what else the machine does is not counted.
  expect(user + system).toBeLessThan(10_000_000)
})
