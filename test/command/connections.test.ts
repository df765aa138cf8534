/** `conntrack`, `drops` and `snapshot --redact`, from arguments to what is printed. */
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { printText } from '../../src/cli/print-text.ts'
import { style } from '../../src/cli/style.ts'
import type { Deps } from '../../src/command/command.ts'
import type { Answered } from '../../src/command/result.ts'
import { commands } from '../../src/command/table.ts'
import { succeeded } from '../../src/lib/failure.ts'
import { width } from '../../src/lib/width.ts'
import type { Connection } from '../../src/model/connection.ts'
import { unknown } from '../../src/model/known.ts'
import type { World } from '../../src/model/world.ts'
import type { Source } from '../../src/source.ts'
import { someProgram } from '../support/program-facts.ts'
import { bridgedPair, link, netns, world } from '../support/world.ts'
import { looksOnly } from '../support/looks-only.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-connections-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const given = (live: World, later = live): Source => {
  let looks = 0
  return {
    kind: later === live ? 'file' : 'live',
    file: null,
    readWorld: async () => succeeded(live),
    withDetails: async (same) => succeeded(same),
    withFirewall: async (same) => succeeded(same),
    withConntrack: async (same) => succeeded(same),
    withCounters: async () => succeeded(looks++ === 0 ? live : later),
    readTool: async () => succeeded({ ...live.tool, hostName: 'vm01', kernel: '6', arch: 'x', at: null }),
  }
}

async function outcome(source: Source, name: string, values: object) {
  const command = commands.find((each) => each.name === name)
  if (command === undefined) throw new Error(`no command ${name}`)
  const deps: Deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    signal: new AbortController().signal,
    folder,
  }
  return command.run(deps, { ...values })
}

async function run(source: Source, name: string, values: object = {}): Promise<Answered> {
  const result = await outcome(source, name, values)
  if (!result.ok || result.value.kind === 'screen' || result.value.kind === 'become')
    throw new Error(`${name} failed`)
  return result.value
}

const lines = (result: Answered, unicode = true): readonly string[] => {
  if (result.kind === 'world') throw new Error('a world')
  return printText(result, style({ colour: false, unicode }))
}

const connection: Connection = {
  family: 'ip',
  protocol: 'tcp',
  zone: 0,
  mark: 42,
  status: ['SEEN_REPLY', 'ASSURED', 'CONFIRMED', 'SRC_NAT'],
  state: 'ESTABLISHED',
  timeout: 431_999,
  original: {
    source: '172.17.0.2',
    destination: '198.51.100.7',
    sourcePort: 40_001,
    destinationPort: 443,
    icmp: null,
  },
  reply: {
    source: '198.51.100.7',
    destination: '172.17.0.1',
    sourcePort: 443,
    destinationPort: 40_001,
    icmp: null,
  },
  packets: null,
  bytes: null,
}
const silent: Connection = {
  ...connection,
  family: 'ip6',
  status: ['CONFIRMED'],
  state: 'SYN_SENT',
  timeout: 80,
  mark: 0,
  original: {
    source: '2001:db8:1111:2222:3333:4444:5555:6666',
    destination: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff',
    sourcePort: 50_000,
    destinationPort: 8443,
    icmp: null,
  },
  reply: {
    source: '2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff',
    destination: '2001:db8:1111:2222:3333:4444:5555:6666',
    sourcePort: 8443,
    destinationPort: 50_000,
    icmp: null,
  },
}

function tracked(entries: readonly Connection[]): World {
  const pair = bridgedPair()
  const conntrack = { count: entries.length, max: 65_536, stats: { insert_failed: 3, drop: 0 }, entries }
  return { ...pair, netns: pair.netns.map((each) => (each.id === '100' ? { ...each, conntrack } : each)) }
}

test('conntrack: JSON as it is documented', async () => {
  const { data, answer } = await run(given(tracked([connection])), 'conntrack')
  expect(answer).toBe('yes')
  expect(JSON.parse(JSON.stringify(data))).toMatchObject([
    {
      netns: { id: '100', name: 'host' },
      family: 'ip',
      protocol: 'tcp',
      zone: 0,
      mark: 42,
      status: expect.arrayContaining(['ASSURED']),
      state: 'ESTABLISHED',
      timeout: 431_999,
      original: { source: '172.17.0.2', sourcePort: 40_001 },
      reply: { destination: '172.17.0.1' },
      translated: 'snat',
      container: null,
      from: 'redis123',
      to: null,
      words: '172.17.0.2:40001 → 198.51.100.7:443, seen outside as 172.17.0.1:40001',
      trouble: null,
    },
  ])
})

test('conntrack: text within 80 columns, what stands out first', async () => {
  const text = lines(await run(given(tracked([connection, silent])), 'conntrack', { netns: 'host' }))
  expect(text[0]).toBe('host  2 connections (at most 65536, below 1 % used)')
  expect(text[1]).toBe('  insert_failed 3')
  expect(text[2]).toMatch(/^\? {2}tcp {2}SYN_SENT +80s {2}\[2001:db8:1111:2222:3333:4444:5555:6666\]:50000$/)
  expect(text.join('\n')).toContain('→ [2001:db8:aaaa:bbbb:cccc:dddd:eeee:ffff]:8443')
  expect(text.join('\n')).toContain('no answer to the first packet')
  expect(text.join('\n')).toMatch(
    /tcp {2}ESTABLISHED {2}4d +172\.17\.0\.2:40001 → 198\.51\.100\.7:443\n +seen outside as 172/,
  )
  expect(text.join('\n')).toContain('mark 0x2a  from redis123')
  for (const line of text) expect(width(line), line).toBeLessThanOrEqual(80)
  // A terminal that cannot show it.
  expect(lines(await run(given(tracked([connection])), 'conntrack'), false).join('\n')).toContain(
    '172.17.0.2:40001 -> 198',
  )
})

test('conntrack: filters', async () => {
  const source = given(tracked([connection, silent]))
  const some = await run(source, 'conntrack', { to: '198.51.100.0/24' })
  expect(some.data).toHaveLength(1)
  expect(lines(some)[0]).toContain('1 shown of 2 connections')
  expect((await run(source, 'conntrack', { port: 8443 })).data).toHaveLength(1)
  const wrong = await outcome(source, 'conntrack', { to: 'web' })
  expect(wrong.ok ? null : wrong.failure).toMatchObject({
    kind: 'usage',
    what: '--to: "web" is not an address',
  })
})

test('conntrack: what could not be read is said, and is no empty list', async () => {
  const reason = unknown('nf_conntrack is not loaded')
  const pair = bridgedPair()
  const conntrack = { count: reason, max: reason, stats: reason, entries: reason }
  const source = given({ ...pair, netns: pair.netns.map((each) => ({ ...each, conntrack })) })
  const result = await run(source, 'conntrack')
  expect(result.answer).toBe('unknown')
  expect(result.data).toEqual([{ netns: { id: '100', name: 'host' }, unknown: 'nf_conntrack is not loaded' }])
  expect(lines(result).join('\n')).toContain('unreadable: nf_conntrack is not loaded')
  const missing = await run(given(bridgedPair()), 'conntrack')
  expect(missing.data).toMatchObject([{ unknown: 'the file holds no connections of it' }])
})

const stats = {
  rxBytes: 1,
  rxPackets: 1,
  rxErrors: 0,
  rxDropped: 4,
  rxMissed: 0,
  multicast: 0,
  rxNohandler: 0,
  txBytes: 1,
  txPackets: 1,
  txErrors: 0,
  txDropped: 7,
  txCarrier: 0,
  collisions: 0,
}
const lossy = (rxDropped: number): World =>
  world([
    netns(1, 'web', { links: [link('veth', { ifindex: 2, name: 'eth0', stats: { ...stats, rxDropped } })] }),
  ])

test('drops: what grows comes first, with what it means', async () => {
  const result = await run(given(lossy(4), lossy(16)), 'drops', { netns: 'web', interval: 1 })
  if (result.kind !== 'drops') throw new Error('not drops')
  expect(result.data).toMatchObject({ netns: { name: 'web' }, unread: expect.any(Array) })
  expect(result.data.seconds).toBeGreaterThanOrEqual(1)
  expect(result.data.drops.find(({ counter }) => counter === 'rxDropped')).toMatchObject({
    value: 16,
    growth: 12,
  })
  const text = lines(result)
  expect(text[1]).toMatch(/^! {2}link {2}eth0 {2}rxDropped {2}16 {2}\+12$/)
  expect(text[2]).toMatch(/^ {5}came in and was thrown away/)
  expect(text.join('\n')).toMatch(/txDropped {2}7 +\+0/)
  expect(text.join('\n')).toContain('protocol: unreadable: was not read')
  for (const line of text) expect(width(line), line).toBeLessThanOrEqual(80)
})

test('drops: a file was read once', async () => {
  const result = await run(given(lossy(0)), 'drops', { netns: 'web' })
  if (result.kind !== 'drops') throw new Error('not drops')
  expect(result.data.seconds).toBeNull()
  expect(result.data.drops.every(({ growth }) => growth === null)).toBe(true)
  expect(lines(result)[0]).toBe('web  looked at once')
})

test('snapshot --redact: the file and the message tell what was replaced', async () => {
  const output = join(folder, 'redacted.json')
  const result = await run(given({ ...tracked([connection]), hostName: 'vm-acme-7' }), 'snapshot', {
    output,
    redact: true,
  })
  if (result.kind !== 'snapshot') throw new Error('not a snapshot')
  expect(result.data.redacted).toMatchObject({ hosts: 1, addresses: 1 })
  const file = readFileSync(output, 'utf8')
  expect(JSON.parse(file).redacted).toEqual(result.data.redacted)
  expect(file).not.toMatch(/vm-acme-7|198\.51\.100\.7|7a:00:00:00:00:05/)
  expect(file).toContain('172.17.0.2')
  expect(lines(result).join(' ')).toContain('replaced: addresses 1')
  const plain = await run(given(tracked([connection])), 'snapshot', {
    output: join(folder, 'plain.json'),
    redact: false,
  })
  expect(plain).toMatchObject({ data: { redacted: null } })
  expect(readFileSync(join(folder, 'plain.json'), 'utf8')).toContain('198.51.100.7')
})
