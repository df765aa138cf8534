import { describe, expect, test } from 'vitest'
import { parseNftInTurns, parseNftJson } from '../../../src/collect/firewall/parse-nft-json.ts'
import { match, payload, rule, tables } from './nft-rules.ts'

test('tables of all families, chains with hooks and devices, counters or none', () => {
  const [ip, dev] = tables(
    { table: { family: 'ip', name: 'docker-bridges', handle: 3, flags: 'dormant' } },
    {
      chain: {
        family: 'ip',
        table: 'docker-bridges',
        name: 'pre',
        handle: 1,
        type: 'nat',
        hook: 'prerouting',
        prio: -100,
        policy: 'accept',
      },
    },
    { chain: { family: 'ip', table: 'docker-bridges', name: 'sub', handle: 2 } },
    {
      rule: {
        family: 'ip',
        table: 'docker-bridges',
        chain: 'pre',
        handle: 5,
        comment: 'DNAT',
        expr: [
          match(payload('tcp', 'dport'), 8080),
          { counter: { packets: 4, bytes: 240 } },
          { dnat: { addr: '172.30.0.2', port: 80 } },
        ],
      },
    },
    {
      rule: {
        family: 'ip',
        table: 'docker-bridges',
        chain: 'pre',
        handle: 9,
        expr: [{ jump: { target: 'sub' } }],
      },
    },
    { table: { family: 'netdev', name: 'edge', handle: 4 } },
    {
      chain: {
        family: 'netdev',
        table: 'edge',
        name: 'in',
        handle: 1,
        dev: ['eth0', 'eth1'],
        type: 'filter',
        hook: 'ingress',
        prio: -500,
        policy: 'drop',
      },
    },
    {
      flowtable: {
        family: 'netdev',
        name: 'ft',
        table: 'edge',
        handle: 7,
        hook: 'ingress',
        prio: 0,
        dev: 'eth0',
      },
    },
  )
  expect(ip).toMatchObject({
    backend: 'nft',
    family: 'ip',
    name: 'docker-bridges',
    handle: 3,
    flags: ['dormant'],
  })
  expect(ip?.chains[0]).toMatchObject({
    type: 'nat',
    hook: 'prerouting',
    priority: -100,
    policy: 'accept',
    packets: null,
  })
  expect(ip?.chains[1]).toMatchObject({
    name: 'sub',
    type: null,
    hook: null,
    priority: null,
    policy: null,
    rules: [],
  })
  expect(ip?.chains[0]?.rules).toEqual([
    {
      number: 1,
      handle: 5,
      matches: [
        { kind: 'protocol', not: false, values: ['tcp'] },
        { kind: 'port', side: 'destination', not: false, values: ['8080'] },
      ],
      statements: [{ kind: 'dnat', address: '172.30.0.2', ports: '80', map: null, flags: [] }],
      text: 'tcp dport 8080 counter dnat to 172.30.0.2:80 comment "DNAT"',
      packets: 4,
      bytes: 240,
      comment: 'DNAT',
    },
    expect.objectContaining({ number: 2, handle: 9, packets: null, bytes: null, text: 'jump sub' }),
  ])
  expect(dev?.chains[0]).toMatchObject({ devices: ['eth0', 'eth1'], priority: -500, policy: 'drop' })
  expect(dev?.flowtables).toEqual([{ name: 'ft', hook: 'ingress', priority: 0, devices: ['eth0'] }])
})

test('sets, maps, verdict maps', () => {
  const [table] = tables(
    {
      set: {
        family: 'ip',
        name: 's',
        table: 't',
        type: 'ipv4_addr',
        flags: ['interval', 'timeout'],
        elem: [
          { prefix: { addr: '10.0.0.0', len: 8 } },
          {
            elem: {
              val: { range: ['192.168.1.1', '192.168.1.9'] },
              timeout: 3600,
              expires: 3596,
              comment: 'c',
            },
          },
        ],
      },
    },
    { set: { family: 'ip', name: 'empty', table: 't', type: ['ipv4_addr', 'inet_service'] } },
    {
      map: {
        family: 'ip',
        name: 'v',
        table: 't',
        type: ['ipv4_addr', 'inet_proto', 'inet_service'],
        map: 'verdict',
        elem: [
          [{ concat: ['10.43.0.20', 'tcp', 80] }, { goto: { target: 'web' } }],
          [{ elem: { val: { concat: ['10.43.0.21', 'tcp', 81] }, comment: 'db' } }, { drop: null }],
        ],
      },
    },
    {
      map: {
        family: 'ip',
        name: 'm',
        table: 't',
        type: 'inet_service',
        map: 'ipv4_addr . inet_service',
        elem: [[80, { concat: ['10.0.0.2', 8080] }]],
      },
    },
  )
  expect(table?.sets).toEqual([
    {
      name: 's',
      kind: 'set',
      type: 'ipv4_addr',
      flags: ['interval', 'timeout'],
      elements: [
        { key: '10.0.0.0/8', value: null, timeout: null, comment: null },
        { key: '192.168.1.1-192.168.1.9', value: null, timeout: 3600, comment: 'c' },
      ],
    },
    { name: 'empty', kind: 'set', type: 'ipv4_addr . inet_service', flags: [], elements: [] },
    {
      name: 'v',
      kind: 'map',
      type: 'ipv4_addr . inet_proto . inet_service : verdict',
      flags: [],
      elements: [
        { key: '10.43.0.20 . tcp . 80', value: 'goto web', timeout: null, comment: null },
        { key: '10.43.0.21 . tcp . 81', value: 'drop', timeout: null, comment: 'db' },
      ],
    },
    {
      name: 'm',
      kind: 'map',
      type: 'inet_service : ipv4_addr . inet_service',
      flags: [],
      elements: [{ key: '80', value: '10.0.0.2 . 8080', timeout: null, comment: null }],
    },
  ])
})

test('a counter with a name is none of the rule', () => {
  expect(rule([{ counter: 'web' }, { accept: null }])).toMatchObject({
    packets: null,
    statements: [{ kind: 'opaque', text: 'counter name "web"' }, { kind: 'accept' }],
  })
})

test('what a match says twice stands once', () => {
  const read = rule([match(payload('tcp', 'sport'), 1), match(payload('tcp', 'dport'), 2)])
  expect(read.matches.map(({ kind }) => kind)).toEqual(['protocol', 'port', 'port'])
})

test('only the wanted tables', () => {
  const text = JSON.stringify({
    nftables: ['ip', 'ip6'].map((family) => ({ table: { family, name: 'nat' } })),
  })
  const parsed = parseNftJson(text, (family) => family === 'ip6')
  expect(parsed.ok && parsed.value.map(({ family }) => family)).toEqual(['ip6'])
})

test.each([
  ['', false],
  ['nonsense', false],
  ['[]', false],
  ['{"nftables": 5}', false],
  ['{"nftables": [null, 5, "x", [], {}, {"rule": null}, {"table": {"family": "vsock", "name": "t"}}]}', true],
  [
    '{"nftables": [{"rule": {"family": "ip", "table": "t", "chain": "c", "expr": [null, 5, {"match": 5}, {"match": {}}, {"vmap": {}}, {"dnat": 5}, {"jump": null}, {"mangle": {}}, {"limit": {}}]}}]}',
    true,
  ],
])('shapes that nobody expects: %s', (text, ok) => {
  expect(parseNftJson(text).ok).toBe(ok)
})

describe('one entry after the other', () => {
  const listed = (more: readonly unknown[]): string =>
    JSON.stringify({
      nftables: [{ metainfo: {} }, { table: { family: 'inet', name: 't', handle: 1 } }, ...more],
    })
  const rule = (comment: string) => ({
    rule: { family: 'inet', table: 't', chain: 'c', handle: 3, comment, expr: [{ accept: null }] },
  })

  test('braces, quotes and backslashes in strings end nothing', async () => {
    const comments = ['} ] {"', 'a\\', '\\"', '"nftables": [', '', '{{{', 'ü\n}']
    const text = listed(comments.map(rule))
    const read = parseNftJson(text)
    expect(read.ok && read.value[0]?.chains[0]?.rules.map(({ comment }) => comment)).toEqual(comments)
    expect(await parseNftInTurns(text, () => true)).toEqual(read)
    const pretty = JSON.stringify(JSON.parse(text), null, 2)
    expect(parseNftJson(`\n${pretty}\n`)).toEqual(read)
  })

  test('whatever is cut off or goes on behind the end is no JSON', () => {
    const text = listed([rule('x')])
    expect(parseNftJson(text).ok).toBe(true)
    for (let end = 0; end < text.length; end++) expect(parseNftJson(text.slice(0, end)).ok).toBe(false)
    for (const odd of [`${text}x`, '[]', '{"nftables": 3}', text.replace('"chain"', 'chain')])
      expect(parseNftJson(odd).ok).toBe(false)
  })
})
