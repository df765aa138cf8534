/** ping --mtu and --df on the real kernel: the size that passes, to the byte, and who says so, or that nobody does. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { Place } from '../../src/model/probe.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { placeIn } from '../support/place-in.ts'
import { layChain, narrow, ping, untilThrough } from './support-probe.ts'

const ready = requires({ root: true, tools: ['ip', 'nsenter', 'unshare', 'iptables'] })

describe.runIf(ready)('the size that passes', () => {
  let host: TestHost
  let a: Place
  const inside = (name: string, ...command: readonly string[]): string =>
    host.run(['ip', 'netns', 'exec', name, ...command])

  beforeAll(async () => {
    host = await playHost('mtuhost')
    layChain(host)
    a = placeIn(host, 'a')
    await Promise.all([untilThrough(a, '10.4.0.2'), untilThrough(a, 'fd00:4::2')])
  })
  afterAll(() => host.end())

  describe('a link in the middle takes less', () => {
    beforeAll(() => narrow(host, 1380))
    afterAll(() => narrow(host, 1500))

    test('--mtu finds exactly that, and who says so', async () => {
      const [four, six] = await Promise.all([
        ping(a, '10.4.0.2', { findMtu: true }),
        ping(a, 'fd00:4::2', { findMtu: true }),
      ])
      expect(four).toMatchObject({ ok: true, mtu: { passes: 1380, linkMtu: 1500 } })
      expect(four.errors).toEqual([
        { from: '10.2.0.2', type: 3, code: 4, says: 'fragmentation needed', mtu: 1380, count: 2 },
      ])
      expect(four.lines).toContain('1500 bytes: from 10.2.0.2: fragmentation needed (mtu 1380)')
      expect(six).toMatchObject({ ok: true, mtu: { passes: 1380, linkMtu: 1500 } })
      expect(six.errors).toMatchObject([
        { from: 'fd00:2::2', type: 2, code: 0, says: 'packet too big', mtu: 1380 },
      ])
    })

    test('--df: the first is refused on the way, the next ones here, because it is known then', async () => {
      narrow(host, 1380)
      const result = await ping(a, '10.4.0.2', { count: 3, size: 1400, dontFragment: true, intervalMs: 100 })
      expect(result).toMatchObject({ ok: false, transmitted: 1, received: 0 })
      expect(result.errors).toEqual([
        { from: '10.2.0.2', type: 3, code: 4, says: 'fragmentation needed', mtu: 1380, count: 1 },
        { from: null, type: null, code: null, says: 'message too long', mtu: 1380, count: 2 },
      ])
    })

    test('a black hole: whoever should say so is not heard', async () => {
      inside(
        'r2',
        'iptables',
        '-A',
        'OUTPUT',
        '-p',
        'icmp',
        '--icmp-type',
        'fragmentation-needed',
        '-j',
        'DROP',
      )
      inside(
        'r2',
        'ip6tables',
        '-A',
        'OUTPUT',
        '-p',
        'icmpv6',
        '--icmpv6-type',
        'packet-too-big',
        '-j',
        'DROP',
      )
      try {
        narrow(host, 1380)
        const [four, six] = await Promise.all([
          ping(a, '10.4.0.2', { findMtu: true }),
          ping(a, 'fd00:4::2', { findMtu: true }),
        ])
        expect(four).toMatchObject({ ok: false, errors: [], mtu: { passes: 1380, linkMtu: 1500 } })
        expect(six).toMatchObject({ ok: false, errors: [], mtu: { passes: 1380, linkMtu: 1500 } })
        expect(four.lines).toContain('1500 bytes: no answer')
        const main = join(await buildVethscope(), 'main.js')
        const { code, stdout } = host.try([process.execPath, main, 'ping', 'a', '10.4.0.2', '--mtu'])
        expect(code).toBe(1)
        expect(stdout).toContain(
          'a > 10.4.0.2: 1380 bytes pass, larger ones vanish and nobody says so (the link has MTU 1500): an MTU black hole',
        )
      } finally {
        inside('r2', 'iptables', '-F', 'OUTPUT')
        inside('r2', 'ip6tables', '-F', 'OUTPUT')
      }
    })
  })

  test('--mtu where only the link limits, where nothing does, and where nothing passes', async () => {
    const [link, loopback, nothing] = await Promise.all([
      ping(a, '10.1.0.2', { findMtu: true }),
      ping(a, '127.0.0.1', { findMtu: true }),
      ping(a, '10.7.9.9', { findMtu: true, timeoutMs: 200 }),
    ])
    expect(link).toMatchObject({ ok: true, errors: [], mtu: { passes: 1500, linkMtu: 1500 } })
    expect(loopback).toMatchObject({ ok: true, errors: [], mtu: { passes: 65_535, linkMtu: null } })
    expect(nothing).toMatchObject({ ok: false, received: 0, mtu: { passes: null, linkMtu: null } })
  })
})
