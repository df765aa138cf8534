import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { z } from 'zod'
import { decisions } from '../../../src/snapshot/redact/decisions.ts'
import { placesOf, planOf } from '../../../src/snapshot/redact/plan.ts'
import { redactWorld } from '../../../src/snapshot/redact/redact-world.ts'
import { worldJson } from '../../../src/snapshot/world-json.ts'
import { parseWorld } from '../../../src/snapshot/parse-world.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Container, Engine } from '../../../src/model/engine.ts'
import type { Firewall, Rule } from '../../../src/model/ruleset.ts'
import { worldSchema, type World } from '../../../src/model/world.ts'
import { address, bridgedPair, link, netns, route, world } from '../../support/world.ts'
import { generatedWorld } from './generated-world.ts'

const key = Buffer.alloc(32, 7)
const textOf = (given: World): string => [...worldJson(given)].join('')

test('somebody has decided about each place where a text may stand', () => {
  const places = new Set(placesOf(worldSchema))
  expect([...places].filter((place) => decisions[place] === undefined)).toEqual([])
  expect(Object.keys(decisions).filter((place) => !places.has(place))).toEqual([])
})

test('a field that nobody decided about is replaced as a whole', () => {
  const plan = planOf(
    z.object({ brandNew: z.string(), list: z.array(z.object({ deep: z.string().nullable() })) }),
  )
  expect(plan.members?.get('brandNew')?.text).toBe('secret')
  expect(plan.members?.get('list')?.items?.members?.get('deep')?.text).toBe('secret')
})

/** Letters that no word of any vocabulary has in a row, so that what is found in the file is the secret. */
const word = fc.stringMatching(/^[a-z]{2,5}qzx[a-z0-9]{2,6}$/)
const byte = fc.integer({ min: 0, max: 255 })
const hexByte = byte.map((value) => value.toString(16).padStart(2, '0'))
const publicIpv4 = fc
  .tuple(fc.constantFrom(1, 8, 9, 31, 52, 93, 151, 185, 193, 203, 217), byte, byte, byte)
  .map((parts) => parts.join('.'))
const publicIpv6 = fc
  .array(fc.integer({ min: 0x1001, max: 0xffff }), { minLength: 7, maxLength: 7 })
  .map((groups) => ['2a01', ...groups.map((group) => group.toString(16))].join(':'))
const mac = fc
  .tuple(fc.constantFrom('3c', '9a', 'e6', '00'), fc.array(hexByte, { minLength: 5, maxLength: 5 }))
  .filter(
    ([, rest]) =>
      rest[0] !== '50' && rest[0] !== '0c' && rest[0] !== '15' && rest[0] !== '16' && rest[0] !== '1c',
  )
  .filter(([, rest]) => rest.some((part) => part !== '00'))
  .map(([first, rest]) => [first, ...rest].join(':'))
const keyText = fc
  .uint8Array({ minLength: 32, maxLength: 32 })
  .map((bytes) => Buffer.from(bytes).toString('base64'))
const hexId = fc.array(hexByte, { minLength: 32, maxLength: 32 }).map((parts) => parts.join(''))
const other = fc.constantFrom('geheimnís', '秘密の名前', 'пароль', '🐳🐳🐳')
const secret = fc.oneof(
  word,
  word.map((text) => text.toUpperCase()),
  fc.tuple(word, word).map((parts) => parts.join('.')),
  fc.tuple(word, word).map((parts) => parts.join('-')),
  fc.tuple(word, word).map((parts) => `${parts[0]} ${parts[1]}!`),
  fc.tuple(word, word).map((parts) => `${parts[0]}@${parts[1]}`),
  publicIpv4,
  publicIpv6,
  mac,
  keyText,
  hexId,
  other,
)
/** As it may stand within a longer text. */
const around = fc.constantFrom(
  (text: string) => text,
  (text: string) => `-A POSTROUTING -m comment --comment "${text}" -j MASQUERADE`,
  (text: string) => `/run/netns/${text}`,
  (text: string) => `docker-${text}.scope`,
  (text: string) => `nameserver 127.0.0.53\nsearch ${text}\n`,
  (text: string) => `permission denied: ${text} (EPERM)`,
  (text: string) => `${text}:443`,
  (text: string) => `\u001b]0;${text}\u0007`,
)

test('nothing of what is planted at every place of a World is in the file', () => {
  const details = fc.check(
    fc.property(
      fc.infiniteStream(fc.tuple(secret, around)),
      fc.infiniteStream(fc.nat()),
      (secrets, numbers) => {
        const planted: string[] = []
        const given = generatedWorld({
          text: () => {
            const [text, place] = secrets.next().value ?? ['', (same: string) => same]
            planted.push(text)
            return place(text)
          },
          choose: (count) => (numbers.next().value ?? 0) % count,
        })
        const file = textOf(redactWorld(given, key)).toLowerCase()
        const escaped = (text: string) => JSON.stringify(text).slice(1, -1).toLowerCase()
        expect(planted.length).toBeGreaterThan(50)
        const leaked = planted.filter((text) => file.includes(escaped(text)))
        // A World of this size would hide the line that matters.
        if (leaked.length > 0) {
          const at = file.indexOf(escaped(leaked[0] ?? ''))
          throw new Error(
            `${leaked.length} leaked, the first here: ${file.slice(Math.max(0, at - 60), at + 80)}`,
          )
        }
      },
    ),
    { numRuns: 25, endOnFailure: true },
  )
  // What leaked, not the whole World around it.
  if (details.failed) throw new Error(`${String(details.errorInstance)} (seed ${details.seed})`)
}, 60_000)

test('the same input gives the same output, another key other addresses', () => {
  const given = world([netns(1, 'acme-prod', { addresses: [address(1, '93.184.216.34/24')] })])
  expect(redactWorld(given, key)).toEqual(redactWorld(given, key))
  const [one, two] = [redactWorld(given), redactWorld(given)].map((each) => textOf(each))
  expect(one).not.toBe(two)
})

const nothing = { unknown: 'not asked' }
const container = (fields: Partial<Container>): Container => ({
  id: 'ab'.repeat(32),
  name: 'billing-db',
  image: 'registry.acme.example/team/billing:1.2',
  state: 'running',
  pid: 812,
  mode: 'default',
  modeKind: 'bridge',
  joins: null,
  netns: netnsId(200),
  hostName: 'abababababab',
  endpoints: [],
  ports: [],
  labels: {},
  error: null,
  ...fields,
})
const engine = (containers: readonly Container[]): Engine => ({
  engine: 'docker',
  endpoint: '/run/user/1000/docker.sock',
  version: '28.2.2',
  netns: null,
  rootless: true,
  containers,
  networks: nothing,
  warnings: [],
})
const rule = (fields: Partial<Rule>): Rule => ({
  number: 1,
  handle: null,
  matches: [],
  statements: [],
  text: '',
  packets: null,
  bytes: null,
  comment: null,
  ...fields,
})
const firewall = (rules: readonly Rule[]): Firewall => ({
  generation: null,
  tables: [
    {
      backend: 'iptables-nft',
      family: 'ip',
      name: 'nat',
      handle: null,
      flags: [],
      sets: [],
      flowtables: [],
      chains: [
        {
          name: 'DOCKER',
          handle: null,
          type: null,
          hook: null,
          priority: null,
          devices: [],
          policy: null,
          packets: null,
          bytes: null,
          rules,
        },
        {
          name: 'ACME-VPN',
          handle: null,
          type: null,
          hook: null,
          priority: null,
          devices: [],
          policy: null,
          packets: null,
          bytes: null,
          rules: [],
        },
      ],
    },
  ],
  unread: [],
  ipsets: nothing,
  ipvs: nothing,
})

describe('what is the same stays the same', () => {
  const pair = bridgedPair()
  const given: World = {
    ...pair,
    hostName: 'vm-acme-7',
    netns: pair.netns.map((each) =>
      each.id === '100'
        ? {
            ...each,
            firewall: firewall([
              rule({
                text: '! -i docker0 -p tcp -m tcp --dport 8080 -m comment --comment "billing-db of vm-acme-7" -j DNAT --to-destination 172.17.0.2:80',
                comment: 'billing-db of vm-acme-7',
                statements: [{ kind: 'jump', chain: 'ACME-VPN' }],
              }),
              rule({ text: '-s 93.184.216.0/22 -d 93.184.217.9 -j ACME-VPN' }),
            ]),
          }
        : each,
    ),
    engines: [
      engine([
        container({ labels: { 'com.docker.compose.service': 'billing-db', 'acme.owner': 'jane' } }),
        container({
          id: 'cd'.repeat(32),
          name: 'billing-app',
          joins: 'ab'.repeat(32),
          mode: `container:${'ab'.repeat(32)}`,
        }),
      ]),
    ],
    processes: [
      {
        pid: 812,
        ppid: 1,
        startTime: 5,
        comm: 'billing-db',
        uid: 0,
        cgroup: `/system.slice/docker-${'ab'.repeat(32)}.scope`,
        netns: netnsId(200),
        namespaces: { mnt: '4026531841' },
      },
    ],
    dns: [
      {
        mountNamespace: '4026531841',
        netns: [netnsId(200)],
        path: '/etc',
        resolvConf: 'nameserver 93.184.216.34\nsearch acme.example\noptions ndots:0\n',
        hosts: '172.17.0.2\tbilling-db\n93.184.216.34 vm-acme-7\n',
        nsswitch: 'files dns',
      },
    ],
  }
  const redacted = redactWorld(given, key)
  const [docker] = Array.isArray(redacted.engines) ? redacted.engines : []
  const containers: readonly Container[] = Array.isArray(docker?.containers) ? docker.containers : []

  test('names inside other texts', () => {
    const [db, app] = containers
    expect(db?.name).toBe('container1')
    expect(app?.name).toBe('container2')
    expect(redacted.hostName).toBe('host1')
    expect(db?.labels).toMatchObject({ 'com.docker.compose.service': 'container1' })
    expect(redacted.processes).toMatchObject([{ comm: 'container1' }])
    expect(redacted.netns[0]?.firewall?.tables[0]?.chains[0]).toMatchObject({
      name: 'DOCKER',
      rules: [
        {
          text: '! -i docker0 -p tcp -m tcp --dport 8080 -m comment --comment "container1 of host1" -j DNAT --to-destination 172.17.0.2:80',
          comment: 'container1 of host1',
          statements: [{ kind: 'jump', chain: 'chain1' }],
        },
        { text: expect.stringMatching(/^-s \d+\.\d+\.\d+\.0\/22 -d \d+\.\d+\.\d+\.9 -j chain1$/) },
      ],
    })
    expect(redacted.netns[0]?.firewall?.tables[0]?.chains[1]?.name).toBe('chain1')
    expect(redacted.dns[0]?.hosts).toMatch(/^172\.17\.0\.2\tcontainer1\n\d+\.\d+\.\d+\.34 host1\n$/)
    expect(redacted.dns[0]?.resolvConf).toMatch(
      /^nameserver \d+\.\d+\.\d+\.34\nsearch dns\d+\.dns\d+\noptions ndots:0\n$/,
    )
    expect(redacted.dns[0]?.nsswitch).toBe('files dns')
  })

  test('identifiers and what begins like them', () => {
    const [db, app] = containers
    expect(db?.id).toMatch(/^[0-9a-f]{64}$/)
    expect(db?.id).not.toContain('abab')
    expect(app?.joins).toBe(db?.id)
    expect(app?.mode).toBe(`container:${db?.id ?? ''}`)
    expect(db?.hostName).toBe(db?.id.slice(0, 12))
    expect(redacted.processes).toMatchObject([{ cgroup: `/system.slice/docker-${db?.id ?? ''}.scope` }])
  })

  test('it tells what it replaced, and can be read again', () => {
    expect(redacted.redacted).toMatchObject({ hosts: 1, containers: 2, chains: 1, addresses: 3, macs: 2 })
    const file = textOf(redacted)
    const read = parseWorld(JSON.parse(file), 'redacted.json')
    expect(read.ok && read.value.redacted).toEqual(redacted.redacted)
    for (const told of ['acme', 'billing', 'jane', '93.184', 'abab', '7a:00:00:00:00:05'])
      expect(file).not.toContain(told)
  })

  test('private things stay', () => {
    const file = textOf(redacted)
    for (const told of ['172.17.0.2', '172.17.0.1', 'docker0', 'veth0', '02:42:ac:11:00:02', '4026531841']) {
      expect(file).toContain(told)
    }
  })
})

test('a long number stays where the kernel wrote it, and goes where people did', () => {
  const links = [link('dummy', { ifindex: 2, name: 'dummy0', alias: 'call +49-171-1234567 or :8080' })]
  const [redacted] = redactWorld(world([netns(4026532177, 'n', { links })]), key).netns
  const [dummy] = Array.isArray(redacted?.links) ? redacted.links : []
  expect(redacted?.id).toBe('4026532177')
  expect(dummy?.alias).toMatch(/^call \+49-171-alias\d or :8080$/)
})

test('a device and its link-local address, its groups and its bridge stay together', () => {
  const lladdr = '3c:52:82:aa:bb:cc'
  const given = world([
    netns(1, 'h', {
      links: [
        link('device', { ifindex: 2, name: 'eth0', lladdr }),
        link('device', { ifindex: 3, name: 'enx3c5282aabbcc', lladdr }),
      ],
      addresses: [
        address(2, 'fe80::3e52:82ff:feaa:bbcc/64'),
        address(2, '2a01:4f8:1:2:3e52:82ff:feaa:bbcc/64'),
        address(2, '2a01:4f8:1:2::9/64'),
        address(2, '93.184.216.34/20'),
        address(2, '93.184.223.1/20'),
        address(2, '10.1.2.3/8'),
        address(2, 'fd00::1/64'),
      ],
      routes: [
        route({ dst: '93.184.208.0/20' }),
        route({ dst: '2a01:4f8:1:2::/64' }),
        route({ dst: 'ff02::1:ffaa:bbcc/128' }),
      ],
    }),
  ])
  const [redacted] = redactWorld(given, key).netns
  const links = Array.isArray(redacted?.links) ? redacted.links : []
  const mac = String(links[0]?.lladdr)
  expect(mac).not.toBe(lladdr)
  expect(links[1]?.lladdr).toBe(mac)
  expect(links[1]?.name).toBe(`enx${mac.replaceAll(':', '')}`)
  const [a = 0, b = 0, c = 0, d = 0, e = 0, f = 0] = mac.split(':').map((part) => parseInt(part, 16))
  // The locally administered and the group bit mean something.
  expect(a & 3).toBe(0x3c & 3)
  const group = (high: number, low: number) => ((high << 8) | low).toString(16)
  const identifier = [group(a ^ 2, b), group(c, 0xff), group(0xfe, d), group(e, f)].join(':')
  const locals = (Array.isArray(redacted?.addresses) ? redacted.addresses : []).map((each) =>
    String(each.local),
  )
  expect(locals[0]).toBe(`fe80::${identifier}`)
  expect(locals[1]).toMatch(new RegExp(`:${identifier}$`))
  const prefix = (text = '') => text.split(':').slice(0, 4).join(':')
  expect(prefix(locals[2])).toBe(prefix(locals[1]))
  expect(prefix(locals[1])).not.toContain('4f8')
  const routes = (Array.isArray(redacted?.routes) ? redacted.routes : []).map(({ dst }) => dst)
  expect(routes[1]).toBe(`${prefix(locals[1])}::/64`)
  expect(routes[2]).toBe(`ff02::1:ff${d.toString(16).padStart(2, '0')}:${group(e, f)}/128`)
  const twenty = (text = '') => {
    const [one = 0, two = 0, three = 0] = text.split('.').map(Number)
    return (one << 12) | (two << 4) | (three >> 4)
  }
  expect(twenty(locals[3])).toBe(twenty(routes[0]))
  expect(twenty(locals[4])).toBe(twenty(routes[0]))
  expect(locals[3]).not.toBe(locals[4])
  expect(routes[0]).toMatch(/\.0\/20$/)
  expect(locals.slice(5)).toEqual(['10.1.2.3', 'fd00::1'])
})
