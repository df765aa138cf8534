/** What the worker tells for the log: gathered, summed up, and only while there is something. */
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { engineEvent } from '../../src/collect/engine/engine-event.ts'
import { logBook, type LogBook } from '../../src/collect/log-book.ts'
import type { Heard, KernelEvent } from '../../src/collect/reader.ts'
import type { RunReport } from '../../src/lib/run.ts'
import { netnsId, type NetnsId } from '../../src/model/ids.ts'
import type { Happening } from '../../src/model/log-entry.ts'

const host = netnsId(1)
const web = netnsId(2)
const begin = Date.parse('2026-11-21T14:03:00Z')
let sent: (readonly Happening[])[] = []
let book: LogBook

beforeEach(() => {
  vi.useFakeTimers({ now: begin })
  sent = []
  const paths: Readonly<Record<string, NetnsId>> = { '/run/netns/web': web }
  book = logBook({
    send: (entries) => sent.push(entries),
    netnsAt: (path) => (path === null ? host : (paths[path] ?? null)),
  })
})
afterEach(() => {
  book.close()
  vi.useRealTimers()
})

const ran = (command: readonly string[], fields: Partial<RunReport> = {}): void =>
  book.ran({ command, exitCode: 0, stderr: '', problem: null, ms: 7, ...fields })

const events = (id: NetnsId, heard: Partial<Heard>): KernelEvent => ({
  type: 'tables',
  id,
  touched: { ifindexes: new Set(), policyRules: false, more: true },
  heard: { links: 0, addresses: 0, routes: 0, rules: 0, others: 0, ...heard },
})

test('nothing is sent while nothing happens', () => {
  vi.advanceTimersByTime(60_000)
  expect(sent).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
})

test('a command: as it would be typed, where it ran, how it ended; the same again at once is one', () => {
  const line = ['nsenter', '--net=/run/netns/web', '--', '/sbin/iptables-nft-save', '-c']
  ran(line)
  ran(line)
  ran(['nft', '-j', "list 'all'"], { exitCode: 1, stderr: 'Error: no\nmore\n', ms: 3 })
  ran(['crictl', 'ps'], { exitCode: null, problem: 'timed out after 2000 ms', ms: 2000 })
  ran(['ip', '-V'])
  vi.advanceTimersByTime(249)
  expect(sent).toEqual([])
  vi.advanceTimersByTime(1)
  expect(sent).toHaveLength(1)
  expect(sent[0]).toMatchObject([
    {
      kind: 'command',
      netns: web,
      times: 2,
      text: 'nsenter --net=/run/netns/web -- /sbin/iptables-nft-save -c',
      outcome: { ok: true, says: 'exit 0', ms: 7, stderr: null },
    },
    {
      netns: host,
      times: 1,
      text: `nft -j 'list '\\''all'\\'''`,
      outcome: { ok: false, says: 'exit 1', stderr: 'Error: no\nmore' },
    },
    { netns: null, outcome: { ok: false, says: 'timed out after 2000 ms', stderr: null } },
    // It was asked about itself.
    { netns: null, text: 'ip -V' },
  ])
  vi.advanceTimersByTime(60_000)
  expect(sent).toHaveLength(1)
})

test('events of the kernel: the first at once, those that follow summed up every five seconds', () => {
  book.heard([events(host, { links: 1, addresses: 2 })])
  vi.advanceTimersByTime(250)
  expect(sent.flat()).toMatchObject([{ kind: 'kernel', netns: host, text: '1 link event, 2 addresses' }])
  for (let at = 0; at < 100; at += 1) {
    vi.advanceTimersByTime(100)
    book.heard([events(host, { links: 1 })])
  }
  vi.advanceTimersByTime(10_000)
  const more = sent.flat().slice(1)
  expect(more.length).toBeLessThanOrEqual(3)
  expect(more.reduce((sum, { text }) => sum + Number.parseInt(text, 10), 0)).toBe(100)
  expect(vi.getTimerCount()).toBe(0)
})

test('what is told of another namespace does not wait for one that flaps', () => {
  book.heard([events(host, { links: 1 })])
  vi.advanceTimersByTime(250)
  book.heard([events(host, { links: 1 })])
  ran(['true'])
  vi.advanceTimersByTime(250)
  expect(sent.flat().map(({ kind }) => kind)).toEqual(['kernel', 'command'])
})

test('a thousand namespaces at once are one entry; events that were lost are told', () => {
  const many = Array.from({ length: 1000 }, (_, at) => events(netnsId(100 + at), { links: 2, rules: 1 }))
  book.heard([...many, { type: 'lost', what: 'tables' }, { type: 'neighbours', id: host }])
  vi.advanceTimersByTime(250)
  expect(sent.flat().map(({ text }) => text)).toEqual([
    'events about links, addresses and routes came faster than they could be read: everything is read again',
    'in 1000 namespaces: 2000 link events, 1000 policy rules',
  ])
})

test('closed, nothing more is told', () => {
  ran(['true'])
  book.close()
  ran(['true'])
  book.heard([events(host, { links: 1 })])
  vi.advanceTimersByTime(10_000)
  expect(sent).toEqual([])
})

test.each([
  [
    { Type: 'container', Action: 'start', Actor: { ID: 'c0ffee', Attributes: { name: 'nginx1' } } },
    'docker: start nginx1',
    'c0ffee',
  ],
  [
    {
      Type: 'container',
      Action: 'die',
      Actor: { ID: 'c0ffee', Attributes: { name: 'web', exitCode: '137' } },
    },
    'docker: die web exit 137',
    'c0ffee',
  ],
  [
    {
      Type: 'network',
      Action: 'connect',
      Actor: { ID: 'n', Attributes: { name: 'shop', container: 'c0ffee0000001' } },
    },
    'docker: network connect shop c0ffee000000',
    'c0ffee0000001',
  ],
  [
    { Type: 'pod', Action: 'create', Actor: { ID: '0123456789abcdef' } },
    'docker: pod create 0123456789ab',
    null,
  ],
])('an engine told %j', (event, text, container) => {
  const told = engineEvent('docker', JSON.stringify(event))
  if (told === null) throw new Error('not understood')
  book.told(told)
  vi.advanceTimersByTime(250)
  expect(sent.flat()).toMatchObject([{ kind: 'engine', text, container }])
})

test.each(['', '{', '[]', 'null', '{"Type":"container"}', '{"Type":1,"Action":2}'])(
  'what is no event is none: %s',
  (line) => expect(engineEvent('docker', line)).toBeNull(),
)
