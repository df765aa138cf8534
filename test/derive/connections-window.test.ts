/** Which rows of a table of connections a screen gets, in which order, and what that costs where there are very many. */
import { describe, expect, test } from 'vitest'
import { connectionViews } from '../../src/derive/connections.ts'
import { connectionsWindow, connectionsWindowInPieces } from '../../src/derive/connections-window.ts'
import type { Connection, Conntrack } from '../../src/model/connection.ts'
import type { ConnectionsWanted } from '../../src/model/connection-view.ts'
import { netnsId } from '../../src/model/ids.ts'
import { unknown } from '../../src/model/known.ts'
import { address, bridgedPair, netns, world } from '../support/world.ts'

type Made = Partial<Omit<Connection, 'original' | 'reply'>> & {
  readonly from: string
  readonly to: string
  readonly sentTo?: string
}

/** `from` and `to`: `172.17.0.2:40001`. */
function made({ from, to, sentTo = to, ...fields }: Made): Connection {
  const end = (text: string) => {
    const at = text.lastIndexOf(':')
    return [text.slice(0, at), Number(text.slice(at + 1))] as const
  }
  const [[source, sourcePort], [destination, destinationPort]] = [end(from), end(to)]
  const [far, farPort] = end(sentTo)
  return {
    family: from.startsWith('fd') ? 'ip6' : 'ip',
    protocol: 'tcp',
    zone: 0,
    mark: 0,
    status: ['SEEN_REPLY', 'ASSURED'],
    state: 'ESTABLISHED',
    timeout: 300,
    packets: null,
    bytes: null,
    ...fields,
    original: { source, sourcePort, destination, destinationPort, icmp: null },
    reply: { source: far, sourcePort: farPort, destination: source, destinationPort: sourcePort, icmp: null },
  }
}

const table = (entries: Conntrack['entries']): Conntrack => ({
  count: 7,
  max: 262_144,
  stats: { found: 3 },
  entries,
})
const wanted: ConnectionsWanted = { text: '', order: 'standing', descending: false, from: 0, count: 100 }
const host = netnsId(100)

/** The host is 172.17.0.1, redis123 is 172.17.0.2 on its bridge; nobody has 172.17.0.9. */
const whole = bridgedPair()
const inWhole = (entries: readonly Connection[], asked: Partial<ConnectionsWanted> = {}) => {
  const value = connectionsWindow(whole, host, table(entries), { ...wanted, ...asked })
  if ('unknown' in value) throw new Error(value.unknown)
  return value
}
const sources = (entries: readonly Connection[], asked: Partial<ConnectionsWanted>) =>
  inWhole(entries, asked).rows.map(({ view }) => view.connection.original.source)

const stale = made({ from: '10.0.0.3:1', to: '172.17.0.1:80', sentTo: '172.17.0.9:80' })
const silent = made({ from: '10.0.0.10:2', to: '1.1.1.1:443', status: [], state: 'SYN_SENT', timeout: 20 })
const published = made({ from: '10.0.0.9:3', to: '172.17.0.1:8080', sentTo: '172.17.0.2:80', timeout: null })
const counted = made({
  from: 'fd00::5:4',
  to: 'fd00::1:53',
  protocol: 'udp',
  state: null,
  bytes: { original: 5, reply: 6 },
})
const all = [published, silent, counted, stale]

describe('rows', () => {
  test('what stands out first, else in the order of the kernel; with all that the table says', () => {
    const window = inWhole(all)
    expect(window.rows.map(({ view }) => view.connection)).toEqual([stale, silent, published, counted])
    expect(window).toMatchObject({
      netns: host,
      size: 4,
      total: 4,
      from: 0,
      count: 7,
      max: 262_144,
      stats: { found: 3 },
      grown: {},
      counted: true,
      readAt: Date.parse(whole.at),
    })
    expect(inWhole([silent]).counted).toBe(false)
    expect(window.rows[2]?.view).toMatchObject({ to: 'redis123', translation: 'sent on to 172.17.0.2:80' })
  })

  test('a window of them, and the last one where there are fewer', () => {
    const part = inWhole(all, { from: 1, count: 2 })
    expect([part.from, part.size, part.rows.map(({ view }) => view.connection)]).toEqual([
      1,
      4,
      [silent, published],
    ])
    const behind = inWhole(all, { from: 99 })
    expect([behind.from, behind.rows.map(({ view }) => view.connection)]).toEqual([3, [counted]])
    expect(inWhole([], { from: 5 })).toMatchObject({ from: 0, size: 0, rows: [] })
  })

  test('keys tell every connection apart, and stay', () => {
    const ping = (id: number): Connection => ({
      ...silent,
      protocol: 'icmp',
      original: {
        ...silent.original,
        sourcePort: null,
        destinationPort: null,
        icmp: { type: 8, code: 0, id },
      },
    })
    const many = [...all, ping(1), ping(2), { ...silent, zone: 3 }, { ...silent, protocol: 'udp' }]
    const keys = inWhole(many).rows.map(({ key }) => key)
    expect(new Set(keys).size).toBe(many.length)
    const later = many.map((each) => ({ ...each, timeout: 1, state: 'CLOSE', mark: 4 }))
    expect(new Set(inWhole(later).rows.map(({ key }) => key))).toEqual(new Set(keys))
  })

  test('addresses are ordered as numbers, IPv4 first; what is missing stands last either way', () => {
    expect(sources(all, { order: 'source' })).toEqual(['10.0.0.3', '10.0.0.9', '10.0.0.10', 'fd00::5'])
    expect(sources(all, { order: 'source', descending: true })).toEqual([
      'fd00::5',
      '10.0.0.10',
      '10.0.0.9',
      '10.0.0.3',
    ])
    expect(sources(all, { order: 'timeout' })).toEqual(['10.0.0.10', 'fd00::5', '10.0.0.3', '10.0.0.9'])
    expect(sources(all, { order: 'timeout', descending: true })).toEqual([
      'fd00::5',
      '10.0.0.3',
      '10.0.0.10',
      '10.0.0.9',
    ])
    expect(sources(all, { order: 'bytes' })[0]).toBe('fd00::5')
    expect(sources(all, { order: 'protocol', descending: true })[0]).toBe('fd00::5')
    expect(sources(all, { order: 'state', descending: true })).toEqual([
      '10.0.0.10',
      '10.0.0.9',
      '10.0.0.3',
      'fd00::5',
    ])
    expect(sources(all, { order: 'destination' })).toEqual(['10.0.0.10', '10.0.0.3', '10.0.0.9', 'fd00::5'])
    expect(sources(all, { order: 'standing', descending: true })).toEqual([
      '10.0.0.9',
      'fd00::5',
      '10.0.0.10',
      '10.0.0.3',
    ])
  })
})

test.each([
  ['', ['10.0.0.9', '10.0.0.10', 'fd00::5', '10.0.0.3']],
  ['10.0.0.9:3', ['10.0.0.9']],
  ['redis', ['10.0.0.9']],
  ['!redis dnat', ['10.0.0.3']],
  ['172.17.0.0/24', ['10.0.0.9', '10.0.0.3']],
  ['fd00::/8', ['fd00::5']],
  [':443', ['10.0.0.10']],
  ['!:80', ['10.0.0.10', 'fd00::5']],
  ['kind:udp', ['fd00::5']],
  ['state:syn', ['10.0.0.10']],
  ['state:', ['10.0.0.9', '10.0.0.10', 'fd00::5', '10.0.0.3']],
  ['stale', ['10.0.0.3']],
  ['UNREPLIED', ['10.0.0.10']],
  ['assured !kind:udp', ['10.0.0.9', '10.0.0.3']],
  ['FD00:0::1', ['fd00::5']],
  ['is:stale', ['10.0.0.3']],
  ['is:UNREPLIED', ['10.0.0.10']],
  ['!is:unreplied !is:stale', ['10.0.0.9', 'fd00::5']],
  ['is:assured !kind:udp', ['10.0.0.9', '10.0.0.3']],
  ['is:up', []],
])('the filter %j', (text, expected) => {
  const found = inWhole(all, { text })
  expect(found.rows.map(({ view }) => view.connection.original.source).toSorted()).toEqual(
    expected.toSorted(),
  )
  expect([found.size, found.total]).toEqual([expected.length, 4])
})

describe('what is not known has a reason', () => {
  test('a namespace that is gone, closed, or whose connections were not read', () => {
    const closed = world([netns(100, 'host', { readable: unknown('permission denied (EPERM)') })])
    expect(connectionsWindow(whole, netnsId(999), table([]), wanted)).toEqual({
      netns: netnsId(999),
      unknown: 'this namespace is gone',
    })
    expect(connectionsWindow(closed, host, null, wanted)).toEqual({
      netns: host,
      unknown: 'permission denied (EPERM)',
    })
    expect(connectionsWindow(whole, host, null, wanted)).toEqual({
      netns: host,
      unknown: 'its connections were not read',
    })
  })
  test('entries that cannot be asked for; unless there are none', () => {
    const reason = unknown('nf_conntrack_netlink is not loaded')
    expect(connectionsWindow(whole, host, table(reason), wanted)).toEqual({ netns: host, ...reason })
    expect(connectionsWindow(whole, host, { ...table(reason), count: 0 }, wanted)).toMatchObject({
      size: 0,
      rows: [],
    })
  })
})

describe('a hundred thousand', () => {
  const many = Array.from({ length: 100_000 }, (_, at) =>
    made({
      from: `10.${at % 200}.${Math.floor(at / 200) % 250}.7:${1024 + (at % 60_000)}`,
      to: at % 3 === 0 ? '172.17.0.1:8080' : `198.51.100.${at % 200}:443`,
      ...(at % 3 === 0 ? { sentTo: '172.17.0.2:80' } : {}),
      ...(at % 50 === 0 ? { status: [], state: 'SYN_SENT' } : {}),
      timeout: at % 977,
    }),
  )
  const cpu = (work: () => unknown): number => {
    const before = process.cpuUsage()
    work()
    const { user, system } = process.cpuUsage(before)
    return (user + system) / 1000
  }
  const fresh = () => ({ ...whole, netns: whole.netns.map((each) => ({ ...each })) })

  test('a window costs less than words for all, and scrolling next to nothing', () => {
    const ratios = Array.from({ length: 3 }, () => {
      const [one, other, entries] = [fresh(), fresh(), [...many]]
      const [own] = one.netns
      if (own === undefined) throw new Error('no host')
      const words = cpu(() => connectionViews(one, own, entries))
      const first = cpu(() => connectionsWindow(other, host, table(entries), wanted))
      const asked = { ...wanted, order: 'source', text: '10.' } as const
      const sorted = cpu(() => connectionsWindow(other, host, table(entries), asked))
      const scrolled = cpu(() => connectionsWindow(other, host, table(entries), { ...asked, from: 50_000 }))
      return [first / words, scrolled / sorted] as const
    })
    const median = (at: 0 | 1) => ratios.map((each) => each[at]).toSorted((a, b) => a - b)[1] ?? Infinity
    expect(median(0)).toBeLessThan(0.8)
    expect(median(1)).toBeLessThan(0.1)
  })

  test.each(['standing', 'source', 'timeout', 'container'] as const)(
    'by %s it is made in small pieces, as in one go',
    (order) => {
      const asked = { ...wanted, order, text: '!:9', from: 7000 }
      let pieces = 0
      const other = fresh()
      const work = connectionsWindowInPieces(other, host, table([...many]), asked)
      let step = work.next()
      for (; step.done !== true; step = work.next()) pieces += 1
      expect(pieces).toBeGreaterThan(many.length / 400)
      expect(step.value).toEqual(connectionsWindow(fresh(), host, table(many), asked))
    },
  )

  test('the order is that of a plain sort', () => {
    const value = inWhole(many, { order: 'timeout', descending: true, count: 100_000 })
    const plain = many.toSorted((a, b) => (b.timeout ?? 0) - (a.timeout ?? 0))
    expect(value.rows.map(({ view }) => view.connection)).toEqual(plain)
  })
})

test('an address that two namespaces have names neither', () => {
  const twice = {
    ...whole,
    netns: [...whole.netns, netns(300, 'other', { addresses: [address(2, '172.17.0.2/16')] })],
  }
  const value = connectionsWindow(twice, host, table(all), { ...wanted, text: 'redis' })
  expect(value).toMatchObject({ size: 0 })
})
