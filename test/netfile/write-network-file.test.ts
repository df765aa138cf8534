import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parse } from 'yaml'
import type { NetworkFile } from '../../src/model/network-file.ts'
import { readNetworkFile } from '../../src/netfile/read-network-file.ts'
import { networkFileText } from '../../src/netfile/write-network-file.ts'

const lab = { engine: 'lab', driver: 'bridge' } as const

const file: NetworkFile = {
  vethscope: 1,
  networks: {
    lab0: {
      ...lab,
      subnets: [{ subnet: '172.20.0.0/16' }, { subnet: 'fd00::/64', gateway: 'fd00::9' }],
      icc: false,
      labels: { answer: 'no' },
    },
    backend: { engine: 'docker', driver: 'bridge', options: { 'com.docker.network.bridge.name': 'br9' } },
  },
  nodes: {
    '10': { mode: 'none' },
    web: {
      networks: [{ name: 'lab0', ip: '172.20.0.2', aliases: ['www'] }],
      ports: ['8080:53', '53:53/udp'],
      routes: [{ to: 'default', via: '172.20.0.9' }],
    },
  },
  containers: { db: { engine: 'docker', networks: [{ name: 'backend' }] } },
  links: [
    {
      ends: [
        { in: 'a', name: 'va', addresses: ['10.0.0.1/24'] },
        { in: 'b', name: 'vb' },
      ],
    },
  ],
}

test('only what is not the default, short things in one line', () => {
  expect(networkFileText(file, { format: 'yaml', head: ['Made by hand', '', 'second'] })).toBe(`# Made by hand
#
# second

vethscope: 1

networks:
  lab0:
    subnets:
      - 172.20.0.0/16
      - {subnet: fd00::/64, gateway: fd00::9}
    icc: false
    labels: {answer: "no"}
  backend:
    engine: docker
    options: {com.docker.network.bridge.name: br9}

nodes:
  "10":
    mode: none
  web:
    networks:
      - {name: lab0, ip: 172.20.0.2, aliases: [www]}
    ports: ["8080:53", "53:53/udp"]
    routes:
      - {to: default, via: 172.20.0.9}

containers:
  db:
    networks: [backend]

links:
  - ends:
      - {in: a, name: va, addresses: [10.0.0.1/24]}
      - {in: b, name: vb}
`)
})

test.each(['yaml', 'json'] as const)('what is written as %s is read as it was', (format) => {
  expect(readNetworkFile(networkFileText(file, { format }), 'x')).toEqual({ ok: true, value: file })
})

test('a comment cannot end early, and holds nothing that a terminal obeys', () => {
  const text = networkFileText(
    { vethscope: 1 },
    { format: 'yaml', head: ['of \u001b[2J\nvethscope: 2\u202e'] },
  )
  expect(text).toBe('# of \\x1b[2J\\x0avethscope: 2\\u202e\n\nvethscope: 1\n')
})

/** What YAML has a meaning for, or a terminal. */
const dangerous = [
  'no',
  'Yes',
  'on',
  'NULL',
  '~',
  '',
  ' ',
  '- a',
  'a: b',
  '# x',
  '*a',
  '&a',
  '!a',
  '%',
  '@',
  '`',
  '|',
  '>',
  '0755',
  '0o17',
  '1_000',
  '1e3',
  '.5',
  '.inf',
  '12:30',
  '8080:53',
  '2026-11-21',
  '=',
  '<<',
  '{',
  '[',
  ',',
  '"',
  "'",
  'a\nb',
  'a\r\nb',
  '\t',
  '\u0085',
  '\u2028',
  '\u001b[31m',
  '\u202e',
  '\ufeff',
  '\ud800',
  '---',
  'true',
  '0x1f',
  '+1',
  '-1',
  '1.',
  '::1',
  'fd00::',
  'a:',
  ':a',
  '?',
  '? a',
  '10.0.0.1',
  '1.2.3',
  'y',
]

/** Text as hostile as a label or an option of Docker's can be, and what YAML has a meaning for. */
const odd = fc.oneof(fc.string({ unit: 'binary' }), fc.constantFrom(...dangerous))
const name = odd.filter((text) => text !== '__proto__')

const anyFile: fc.Arbitrary<NetworkFile> = fc
  .record({
    names: fc.uniqueArray(name, { minLength: 1, maxLength: 4 }),
    options: fc.dictionary(name, odd, { maxKeys: 4, noNullPrototype: true }),
    labels: fc.dictionary(name, odd, { maxKeys: 4, noNullPrototype: true }),
    aliases: fc.array(odd, { maxLength: 4 }),
    subnets: fc.array(fc.record({ subnet: odd, gateway: odd }, { requiredKeys: ['subnet'] }), {
      maxLength: 3,
    }),
    ip: odd,
    mtu: fc.integer({ min: 68, max: 65_535 }),
  })
  .map(({ names, options, labels, aliases, subnets, ip, mtu }): NetworkFile => ({
    vethscope: 1,
    networks: Object.fromEntries(names.map((each) => [each, { ...lab, subnets, mtu, options, labels }])),
    containers: Object.fromEntries(
      names.map((each) => [
        each,
        { engine: 'docker', networks: [{ name: each, ip, aliases }, { name: each }] },
      ]),
    ),
  }))

test('whatever stands in it is read as it was, by readers of YAML 1.2 and of 1.1, and no terminal obeys it', () => {
  fc.assert(
    fc.property(anyFile, (given) => {
      const [yaml, json] = (['yaml', 'json'] as const).map((format) => networkFileText(given, { format }))
      const plain: unknown = JSON.parse(json ?? '')
      expect(parse(yaml ?? '')).toEqual(plain)
      expect(parse(yaml ?? '', { version: '1.1', merge: false })).toEqual(plain)
      for (const text of [yaml, json]) {
        expect(text).not.toMatch(/[^\P{C}\n]|[\u2028\u2029]/u)
        expect(text?.split('\n').filter((line) => line.startsWith('---'))).toEqual([])
      }
    }),
  )
})

test('names that are numbers keep their place in YAML', () => {
  const text = networkFileText(file, { format: 'yaml' })
  expect(text.indexOf('"10"')).toBeLessThan(text.indexOf('web:'))
})
