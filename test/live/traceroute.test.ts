/** traceroute on the real kernel: three routers, every method, what stops it on the way, and who passes less. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Place } from '../../src/model/probe.ts'
import type { TracerouteResult } from '../../src/model/probe-result.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { placeIn } from '../support/place-in.ts'
import { contextOf, freshNetns, layChain, narrow, target, traceroute, untilThrough } from './support-probe.ts'
import { runTraceroute } from '../../src/probe/traceroute/run-traceroute.ts'

const ready = requires({ root: true, tools: ['ip', 'nsenter', 'unshare', 'iptables', 'python3'] })
const way4 = ['10.1.0.2', '10.2.0.2', '10.3.0.2', '10.4.0.2']
const way6 = ['fd00:1::2', 'fd00:2::2', 'fd00:3::2', 'fd00:4::2']
const names = { '10.1.0.2': 'r1', '10.2.0.2': 'r2\x1b[31m' }

const listener = `
import socket, threading
s = socket.socket(); s.bind(("10.4.0.2", 443)); s.listen(9)
print("listens", flush=True)
threading.Event().wait()
`

/** Who answered at each hop; of several different ones all. */
const wayOf = ({ hops }: TracerouteResult): readonly string[] =>
  hops.map(({ answers }) => [...new Set(answers.map(({ from }) => from ?? '*'))].join(' '))

describe.runIf(ready)('traceroute', () => {
  let host: TestHost
  let a: Place
  const inside = (name: string, ...command: readonly string[]): string =>
    host.run(['ip', 'netns', 'exec', name, ...command])

  beforeAll(async () => {
    host = await playHost('tracehost')
    layChain(host)
    a = placeIn(host, 'a')
    await Promise.all([untilThrough(a, '10.4.0.2'), untilThrough(a, 'fd00:4::2')])
  })
  afterAll(() => host.end())

  test.each(['udp', 'icmp', 'tcp'] as const)(
    '%s: three routers and the target, of IPv4 and IPv6',
    async (method) => {
      const [four, six] = await Promise.all([
        traceroute(a, '10.4.0.2', { method, names }),
        traceroute(a, 'fd00:4::2', { method }),
      ])
      expect(four).toMatchObject({ ok: true, address: '10.4.0.2', source: '10.1.0.1' })
      expect(wayOf(four)).toEqual(way4)
      expect(wayOf(six)).toEqual(way6)
      for (const { answers } of [...four.hops, ...six.hops]) {
        expect(answers).toHaveLength(2)
        for (const { ms } of answers) expect(ms !== null && ms >= 0 && ms < 500).toBe(true)
      }
      for (const { answers } of four.hops.slice(0, 3)) {
        expect(answers[0]?.icmp).toMatchObject({ type: 11, code: 0, says: 'time to live exceeded' })
      }
      // Of UDP the target says that nobody listens there; the others answer themselves.
      const last = four.hops[3]?.answers[0]?.icmp
      if (method === 'udp') expect(last).toMatchObject({ from: '10.4.0.2', type: 3, code: 3 })
      else expect(last).toBeNull()
      expect(four.hops.map(({ answers }) => answers[0]?.name)).toEqual(['r1', 'r2\\x1b[31m', null, null])
      expect(four.lines[0]).toMatch(/^ 1 {2}10\.1\.0\.2 \(r1\) {2}[\d.]+ ms {2}[\d.]+ ms$/)
      expect(four.lines).toHaveLength(4)
    },
  )

  test('tcp: a port that accepts is the target, and nothing of the connection stays', async () => {
    await host.start(['ip', 'netns', 'exec', 'b', 'python3', '-c', listener])
    const result = await traceroute(a, '10.4.0.2', { method: 'tcp', port: 443 })
    expect(wayOf(result)).toEqual(way4)
    const [tables] = [inside('a', 'cat', '/proc/net/tcp')]
    expect(tables.trim().split('\n')).toHaveLength(1)
  })

  test('maximum of hops: it ends there, and was not reached', async () => {
    const result = await traceroute(a, '10.4.0.2', { maxHops: 2 })
    expect(result.ok).toBe(false)
    expect(wayOf(result)).toEqual(way4.slice(0, 2))
  })

  test('a router that forbids it, one that says nothing, and a way that ends', async () => {
    inside(
      'r3',
      'iptables',
      '-A',
      'FORWARD',
      '-d',
      '10.4.0.11',
      '-j',
      'REJECT',
      '--reject-with',
      'icmp-admin-prohibited',
    )
    inside('r3', 'iptables', '-A', 'FORWARD', '-d', '10.4.0.12', '-j', 'REJECT')
    inside('r3', 'iptables', '-A', 'FORWARD', '-d', '10.4.0.13', '-j', 'DROP')
    const [prohibited, port, silent, nowhere] = await Promise.all([
      traceroute(a, '10.4.0.11'),
      traceroute(a, '10.4.0.12'),
      traceroute(a, '10.4.0.13', { maxHops: 9, timeoutMs: 150 }),
      traceroute(a, '10.7.0.1', { probes: 1 }),
    ])
    expect(prohibited.ok).toBe(false)
    expect(wayOf(prohibited)).toEqual(['10.1.0.2', '10.2.0.2', '10.3.0.2', '10.3.0.2'])
    expect(prohibited.hops[3]?.answers[0]?.icmp).toMatchObject({
      code: 13,
      says: 'administratively prohibited',
    })
    expect(prohibited.lines[3]).toContain('administratively prohibited')
    // The same words as the target has for it, but from somebody else.
    expect(port).toMatchObject({ ok: false })
    expect(port.hops.at(-1)?.answers[0]?.icmp).toMatchObject({ from: '10.3.0.2', type: 3, code: 3 })
    expect(silent.ok).toBe(false)
    expect(wayOf(silent)).toEqual([...way4.slice(0, 3), ...Array.from({ length: 6 }, () => '*')])
    expect(nowhere.hops.at(-1)?.answers[0]?.icmp).toMatchObject({
      from: '10.3.0.2',
      says: 'network unreachable',
    })
  })

  test('nobody has the address: the last router says so after three seconds', async () => {
    const result = await traceroute(a, '10.4.0.77', { timeoutMs: 1000 })
    expect(wayOf(result)).toEqual(['10.1.0.2', '10.2.0.2', '10.3.0.2', '10.3.0.2'])
    expect(result.hops[3]?.answers[0]?.icmp).toMatchObject({ type: 3, code: 1, says: 'host unreachable' })
  })

  test('what this kernel does not send ends it at once', async () => {
    const lonely = freshNetns(host, 'lonely')
    const results = await Promise.all(
      (['udp', 'icmp', 'tcp'] as const).map((method) => traceroute(lonely, '192.0.2.1', { method })),
    )
    for (const result of results) {
      expect(result).toMatchObject({ ok: false, source: null })
      expect(result.hops).toHaveLength(1)
      expect(result.hops[0]?.answers[0]).toMatchObject({
        from: null,
        ms: null,
        icmp: { from: null, says: 'network is unreachable' },
      })
    }
  })

  test('who passes only smaller packets, and that the rest of the way is shown all the same', async () => {
    narrow(host, 1380)
    try {
      const [udp, icmp6] = await Promise.all([
        traceroute(a, '10.4.0.2', { mtu: true, names }),
        traceroute(a, 'fd00:4::2', { mtu: true, method: 'icmp' }),
      ])
      expect(udp.ok).toBe(true)
      expect(wayOf(udp)).toEqual(way4)
      expect(udp.hops.map(({ tooBig }) => tooBig?.mtu ?? null)).toEqual([null, null, 1380, null])
      expect(udp.hops[2]?.tooBig).toMatchObject({ from: '10.2.0.2', says: 'fragmentation needed' })
      expect(udp.lines[2]).toMatch(/10\.2\.0\.2 \(r2\\x1b\[31m\) passes at most 1380 bytes$/)
      expect(wayOf(icmp6)).toEqual(way6)
      expect(icmp6.hops.map(({ tooBig }) => tooBig?.mtu ?? null)).toEqual([null, null, 1380, null])
    } finally {
      narrow(host, 1500)
    }
  })

  test('stopped, it gives the hops that are known', async () => {
    const { context, lines, stop } = contextOf()
    const ended = runTraceroute(
      {
        kind: 'traceroute',
        place: a,
        target: target('10.4.0.13'),
        maxHops: 200,
        probes: 2,
        timeoutMs: 30_000,
        method: 'udp',
        port: null,
      },
      context,
    )
    await expect.poll(() => lines().length).toBe(3)
    stop()
    const outcome = await ended
    expect(outcome).toMatchObject({ ok: true, value: { ok: false } })
    if (outcome.ok) expect(wayOf(outcome.value)).toEqual(way4.slice(0, 3))
  })

  test('the built program: names of the namespaces, JSON, exit codes', async () => {
    const main = join(await buildVethscope(), 'main.js')
    const run = (...args: readonly string[]) => host.try([process.execPath, main, 'traceroute', 'a', ...args])
    const good = run('10.4.0.2', '--json')
    expect([good.code, good.stderr]).toEqual([0, ''])
    const result = JSON.parse(good.stdout) as TracerouteResult
    expect(result).toMatchObject({ ok: true, netns: { name: 'a' }, target: '10.4.0.2' })
    expect(result.hops.map(({ hop, answers }) => [hop, answers[0]?.name])).toEqual([
      [1, 'r1'],
      [2, 'r2'],
      [3, 'r3'],
      [4, 'b'],
    ])
    const bad = run('10.4.0.13', '--max-hops', '4', '-w', '0.2', '-q', '1')
    expect(bad.code).toBe(1)
    expect(bad.stdout).toContain(
      'a > 10.4.0.13: not reached in 4 hops: the last to answer was hop 3, 10.3.0.2 (r3)',
    )
    expect(run('10.4.0.2', '--tcp', '--icmp').code).toBe(2)
  })
})
