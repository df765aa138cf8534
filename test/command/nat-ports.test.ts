import { expect, test } from 'vitest'
import { natText } from '../../src/cli/nat-text.ts'
import { portsText } from '../../src/cli/ports-text.ts'
import { style } from '../../src/cli/style.ts'
import type { Answered } from '../../src/command/result.ts'
import { commands } from '../../src/command/table.ts'
import { succeeded, type Outcome } from '../../src/lib/failure.ts'
import { width } from '../../src/lib/width.ts'
import type { World } from '../../src/model/world.ts'
import { fileSource, type Source } from '../../src/source.ts'
import { someProgram } from '../support/program-facts.ts'
import { dockerWorld, socket, withSockets } from '../support/docker-world.ts'
import { firewall, iptables, nftMap, nftTable, rule } from '../support/ruleset.ts'
import { looksOnly } from '../support/looks-only.ts'

const plain = style({ colour: false, unicode: false })

async function run(
  given: World,
  name: string,
  values: Readonly<Record<string, string>>,
): Promise<Outcome<Answered>> {
  const source: Source = { ...fileSource('x', {}), readWorld: async () => succeeded(given) }
  const command = commands.find((each) => each.name === name)
  const deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    signal: new AbortController().signal,
    folder: '.',
  }
  const result = await command?.run(deps, values)
  if (result === undefined) throw new Error(`no command ${name}`)
  if (!result.ok) return result
  if (result.value.kind === 'screen' || result.value.kind === 'become') throw new Error('a screen')
  return succeeded(result.value)
}

async function answer(given: World, name: string, values: Readonly<Record<string, string>> = {}) {
  const result = await run(given, name, values)
  if (!result.ok) throw new Error(result.failure.what)
  return result.value
}

/** As another program sees it. */
const json = (result: Answered) => JSON.parse(JSON.stringify(result.data))

const text = (result: Answered): readonly string[] => {
  if (result.kind === 'nat') return natText(result, plain)
  if (result.kind === 'ports') return portsText(result.data, plain)
  throw new Error(result.kind)
}

const rules = iptables(
  'nat',
  `-P PREROUTING
  -P POSTROUTING
  -P OUTPUT
  -A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER
  -A OUTPUT ! -d 127.0.0.0/8 -m addrtype --dst-type LOCAL -j DOCKER
  -A POSTROUTING -s 172.17.0.0/16 ! -o docker0 -j MASQUERADE
  -A POSTROUTING -s 172.17.0.3/32 -d 172.17.0.3/32 -p tcp -m tcp --dport 80 -j MASQUERADE
  -A DOCKER ! -i docker0 -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.17.0.3:80`,
)
const unread = {
  backend: 'iptables-legacy',
  family: 'ip6',
  table: null,
  unknown: 'ip6tables-legacy-save is not installed',
  hint: null,
} as const
const given = dockerWorld(
  firewall([iptables('filter', '-P INPUT\n-A INPUT -j DROP'), rules], { unread: [unread] }),
)

test('nat: tables with their chains in order, each rule with its words; what could not be read among them', async () => {
  const data = json(await answer(given, 'nat'))
  expect(data.netns).toEqual({ id: '100', name: 'host' })
  expect(data.tables.map((each: { name: string | null }) => each.name)).toEqual(['nat', 'filter', null])
  expect(data.tables[2]).toEqual({
    backend: 'iptables-legacy',
    family: 'ip6',
    name: null,
    unknown: 'ip6tables-legacy-save is not installed',
  })
  const [nat] = data.tables
  expect(nat).toMatchObject({ family: 'ip', backend: 'iptables-nft', sets: [] })
  const names = nat.chains.map((each: { name: string }) => each.name)
  expect(names).toEqual(['POSTROUTING', 'PREROUTING', 'DOCKER', 'OUTPUT'])
  expect(nat.chains[0]).toMatchObject({ type: 'nat', hook: 'postrouting', priority: 100, policy: 'ACCEPT' })
  expect(nat.chains[0].rules[0]).toMatchObject({
    number: 1,
    handle: null,
    target: 'MASQUERADE',
    packets: 0,
    bytes: 0,
    comment: null,
    words: "packets from 172.17.0.0/16 that leave by any link but docker0 get that link's address",
  })
  expect(nat.chains[2].rules[0]).toMatchObject({ target: 'DNAT', words: expect.stringContaining('nginx1') })
})

test('nat: a rule without a counter has none, and a number that is not 0 stays exact', async () => {
  const table = {
    ...nftTable('inet', 't', []),
    chains: [
      {
        ...(rules.chains[0] ??
          (() => {
            throw new Error('no chain')
          })()),
        rules: [rule(1, { packets: null, bytes: null }), rule(2, { packets: 15, bytes: 123_456_789 })],
      },
    ],
    sets: [nftMap('m', { docker0: 'jump a' })],
  }
  const result = await answer(dockerWorld(firewall([table])), 'nat')
  const [shape] = json(result).tables
  expect(shape.chains[0].rules.map((each: { bytes: number | null }) => each.bytes)).toEqual([
    null,
    123_456_789,
  ])
  const lines = text(result)
  expect(lines.find((line) => line.includes('  1 -'))).toMatch(/ {6}- {6}-$/)
  expect(lines.find((line) => line.includes('  2 -'))).toMatch(/ 15 +123M$/)
  expect(lines).toContain('map m (-): docker0: jump a')
})

test('nat as text: 80 columns, the rule in short with its counters, below it in words', async () => {
  const lines = text(await answer(given, 'nat', { table: 'nat' }))
  for (const line of lines) expect(width(line)).toBeLessThanOrEqual(80)
  expect(lines.slice(0, 6)).toEqual([
    'table nat (ip, iptables-nft)                                         pkts  bytes',
    'POSTROUTING  at postrouting 100, policy ACCEPT',
    '  1 MASQUERADE  172.17.0.0/16 > any, not out docker0                    0      0',
    '      packets from 172.17.0.0/16 that leave by any link but docker0 get that',
    "      link's address",
    '  2 MASQUERADE  tcp 172.17.0.3 > 172.17.0.3:80  hairpin of nginx1       0      0',
  ])
  expect(lines.at(-1)).toContain('iptables-legacy ip6: unreadable: ip6tables-legacy-save is not installed')
})

test('nat --chain and --table', async () => {
  const only = json(await answer(given, 'nat', { chain: 'DOCKER' }))
  const found = only.tables.flatMap((each: { chains?: { name: string }[] }) => each.chains ?? [])
  expect(found.map((each: { name: string }) => each.name)).toEqual(['DOCKER'])
  const without = dockerWorld(firewall([rules]))
  const missing = await run(without, 'nat', { chain: 'DOCKERR' })
  expect(missing).toMatchObject({
    ok: false,
    failure: {
      kind: 'not-found',
      what: 'there is no chain "DOCKERR" in host',
      hint: 'it has the tables nat',
    },
  })
})

test('nat: no rules is an answer, rules that were not read are not', async () => {
  const none = await answer(dockerWorld(firewall([])), 'nat')
  expect(none.answer).toBe('yes')
  expect(text(none)).toEqual(['host has no rules'])
  const notRead = await answer(dockerWorld(null), 'nat')
  expect(notRead.answer).toBe('unknown')
  expect(json(notRead).tables).toEqual([
    { backend: null, family: null, name: null, unknown: 'the file holds no rules of it' },
  ])
})

const withListener = (address: string) =>
  dockerWorld(firewall([rules], { unread: [unread] }), {
    nginx: { details: withSockets([socket('tcp', address, 80, { process: { pid: 9, name: 'httpd' } })]) },
  })

test('ls ports', async () => {
  const { published, listening } = json(await answer(withListener('0.0.0.0'), 'ls', { what: 'ports' }))
  expect(published[0]).toMatchObject({
    hostIp: '0.0.0.0',
    hostPort: 8080,
    protocol: 'tcp',
    family: 'ip',
    via: 'dnat',
    rule: {
      netns: { id: '100', name: 'host' },
      backend: 'iptables-nft',
      family: 'ip',
      table: 'nat',
      chain: 'DOCKER',
      number: 1,
    },
    target: { container: 'nginx1', address: '172.17.0.3', port: 80 },
    listening: [{ address: '0.0.0.0', port: 80 }],
  })
  expect(published[1]).toEqual({
    netns: { id: '100', name: 'host' },
    unknown: 'iptables-legacy ip6: ip6tables-legacy-save is not installed',
  })
  expect(listening).toContainEqual({
    netns: { id: '300', name: expect.any(String) },
    protocol: 'tcp',
    family: 'ip',
    address: '0.0.0.0',
    port: 80,
    process: { pid: 9, name: 'httpd' },
    container: 'nginx1',
  })
})

test('ls ports as text: what nobody serves stands out', async () => {
  const line = async (address: string) =>
    text(await answer(withListener(address), 'ls', { what: 'ports' })).find((each) => each.includes('8080'))
  expect(await line('0.0.0.0')).toBe('  0.0.0.0:8080/tcp  nginx1 172.17.0.3:80  0.0.0.0:80  nat DOCKER 1')
  expect(await line('127.0.0.1')).toContain('127.0.0.1:80 ONLY')
  const nobody = dockerWorld(firewall([rules]), { nginx: { details: withSockets([]) } })
  const lines = text(await answer(nobody, 'ls', { what: 'ports' }))
  expect(lines.find((each) => each.includes('8080'))).toContain('NOTHING')
})
