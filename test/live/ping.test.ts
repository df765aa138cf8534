/** ping on the real kernel: every way it can end, and who said so. */
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import type { Place } from '../../src/model/probe.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { placeIn } from '../support/place-in.ts'
import { freshNetns, layChain, ping, pinging, untilThrough } from './support-probe.ts'

/** Answers by itself: right number, another payload; and twice what ends in 2. */
const liar = `
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_RAW, socket.IPPROTO_ICMP)
def sum16(b):
    b += b"\\0" * (len(b) % 2); t = sum(int.from_bytes(b[i:i+2], "big") for i in range(0, len(b), 2))
    while t > 0xffff: t = (t & 0xffff) + (t >> 16)
    return ~t & 0xffff
print("listens", flush=True)
while True:
    p, (who, _) = s.recvfrom(65535); p = p[(p[0] & 15) * 4:]
    if p[0] != 8: continue
    seq = int.from_bytes(p[6:8], "big")
    payload = p[8:] if seq == 2 else bytes(len(p) - 8)
    r = b"\\0\\0\\0\\0" + p[4:8] + payload
    r = r[:2] + sum16(r).to_bytes(2, "big") + r[4:]
    for _ in range(seq): s.sendto(r, (who, 0))
`

const rejects = [
  ['icmp-net-unreachable', 0, 'network unreachable'],
  ['icmp-host-unreachable', 1, 'host unreachable'],
  ['icmp-proto-unreachable', 2, 'protocol unreachable'],
  ['icmp-port-unreachable', 3, 'port unreachable'],
  ['icmp-net-prohibited', 9, 'network prohibited'],
  ['icmp-host-prohibited', 10, 'host prohibited'],
  ['icmp-admin-prohibited', 13, 'administratively prohibited'],
] as const
const rejects6 = [
  ['icmp6-no-route', 0, 'no route to destination'],
  ['icmp6-adm-prohibited', 1, 'administratively prohibited'],
  ['icmp6-addr-unreachable', 3, 'address unreachable'],
  ['icmp6-port-unreachable', 4, 'port unreachable'],
  ['icmp6-policy-fail', 5, 'source address failed the policy'],
  ['icmp6-reject-route', 6, 'reject route to destination'],
] as const

const ready = requires({ root: true, tools: ['ip', 'nsenter', 'unshare', 'iptables', 'python3'] })

describe.runIf(ready)('ping', () => {
  let host: TestHost
  let a: Place
  const inside = (name: string, ...command: readonly string[]): string =>
    host.run(['ip', 'netns', 'exec', name, ...command])

  beforeAll(async () => {
    host = await playHost('pinghost')
    layChain(host)
    a = placeIn(host, 'a')
    inside('r3', 'iptables', '-A', 'FORWARD', '-d', '10.4.0.50', '-j', 'DROP')
    await Promise.all([untilThrough(a, '10.4.0.2'), untilThrough(a, 'fd00:4::2')])
  })
  afterAll(() => host.end())

  test('answers of IPv4: lines, samples, times, where it was sent from', async () => {
    const result = await ping(a, '10.4.0.2', { count: 3 })
    expect(result).toMatchObject({
      ok: true,
      netns: { name: 'a' },
      address: '10.4.0.2',
      source: '10.1.0.1',
      transmitted: 3,
      received: 3,
      duplicates: 0,
      errors: [],
    })
    expect(result.lines).toHaveLength(3)
    for (const [at, line] of result.lines.entries()) {
      expect(line).toMatch(
        new RegExp(`^64 bytes from 10\\.4\\.0\\.2: seq ${at + 1} ttl 61 time \\d+(\\.\\d+)? ms$`),
      )
    }
    const { min, avg, max } = result.rttMs ?? { min: 0, avg: 0, max: 0 }
    expect(min).toBeGreaterThan(0)
    expect([min <= avg, avg <= max, max < 500]).toEqual([true, true, true])
    expect(result.samples.map((ms) => ms !== null && ms >= min - 0.001 && ms <= max + 0.001)).toEqual([
      true,
      true,
      true,
    ])
  })

  test('IPv6, its own address, sizes from nothing to several packets', async () => {
    const results = await Promise.all([
      ping(a, 'fd00:4::2'),
      ping(a, '::1', { size: 0 }),
      ping(a, '10.4.0.2', { size: 0 }),
      ping(a, '10.4.0.2', { size: 7 }),
      ping(a, '10.4.0.2', { size: 20_000 }),
      ping(a, 'fd00:4::2', { size: 20_000 }),
    ])
    expect(results.map(({ received }) => received)).toEqual([2, 2, 2, 2, 2, 2])
    expect(results[0]?.lines[0]).toMatch(/^64 bytes from fd00:4::2: seq 1 ttl 61 time /)
    expect(results[4]?.lines[0]).toMatch(/^20008 bytes from /)
  })

  test('a link-local address means a link, by name or number; the option --link does as well', async () => {
    const shown = host.run(['ip', '-n', 'r1', '-j', '-6', 'addr', 'show', 'dev', 'in', 'scope', 'link'])
    const [local = ''] = /fe80::[0-9a-f:]+/.exec(shown) ?? []
    // New addresses of that kind are tried for a second before they are used (duplicate address detection).
    await untilThrough(a, `${local}%out`)
    const index = Number(JSON.parse(host.run(['ip', '-n', 'a', '-j', 'link', 'show', 'out']))[0].ifindex)
    for (const [address, link] of [
      [`${local}%out`, null],
      [`${local}%${index}`, null],
      [local, 'out'],
    ] as const) {
      expect(await ping(a, address, { link }), address).toMatchObject({ ok: true, received: 2, address })
    }
    const failures = await Promise.all(
      [pinging(a, local), pinging(a, `${local}%nope`), pinging(a, '10.4.0.2', { link: 'nope' })].map(
        ({ ended }) => ended,
      ),
    )
    expect(failures).toMatchObject([
      { ok: false, failure: { kind: 'usage', what: `${local} is on every link: it does not say on which` } },
      { ok: false, failure: { kind: 'not-found', what: 'there is no link "nope" in netns "a"' } },
      { ok: false, failure: { kind: 'not-found', what: 'there is no link "nope" in netns "a"' } },
    ])
    // Routes lead out of `out`; bound to lo nothing gets there.
    expect((await ping(a, '10.4.0.2', { link: 'lo' })).ok).toBe(false)
  })

  test('twenty at once in one namespace keep to their own answers', async () => {
    const results = await Promise.all(
      // Without room for more than the number, those of others differ by their identifier only.
      Array.from({ length: 20 }, (_, at) =>
        ping(a, `10.${(at % 4) + 1}.0.2`, { count: 5, timeoutMs: 2000, size: at < 10 ? 0 : 56 }),
      ),
    )
    for (const [at, result] of results.entries()) {
      expect(result).toMatchObject({ received: 5, duplicates: 0, errors: [] })
      expect(result.lines.every((line) => line.includes(` from 10.${(at % 4) + 1}.0.2: seq `))).toBe(true)
    }
  })

  test('routers that know no way, and the TTL', async () => {
    host.run(['ip', '-n', 'r2', 'route', 'replace', 'unreachable', '10.7.1.0/24'])
    host.run(['ip', '-n', 'r2', 'route', 'replace', 'prohibit', '10.7.2.0/24'])
    host.run(['ip', '-n', 'r2', 'route', 'replace', 'blackhole', '10.7.3.0/24'])
    const one = { count: 1 }
    const [network, unreachable, prohibited, blackhole, ttl, ttl6, noRoute6] = await Promise.all([
      ping(a, '10.7.0.1', one),
      ping(a, '10.7.1.1', one),
      ping(a, '10.7.2.1', one),
      ping(a, '10.7.3.1', one),
      ping(a, '10.4.0.2', { count: 3, ttl: 2 }),
      ping(a, 'fd00:4::2', { ttl: 3 }),
      ping(a, 'fd00:7::1', one),
    ])
    expect(network).toMatchObject({
      ok: false,
      received: 0,
      rttMs: null,
      errors: [{ from: '10.3.0.2', type: 3, code: 0, says: 'network unreachable', count: 1 }],
      lines: ['from 10.3.0.2: seq 1 network unreachable'],
      samples: [null],
    })
    expect(unreachable.errors).toEqual([
      { from: '10.2.0.2', type: 3, code: 1, says: 'host unreachable', count: 1 },
    ])
    expect(prohibited.errors).toMatchObject([
      { from: '10.2.0.2', code: 13, says: 'administratively prohibited' },
    ])
    expect(blackhole).toMatchObject({ ok: false, transmitted: 1, errors: [], lines: ['no answer to 1'] })
    expect(ttl.errors).toEqual([
      { from: '10.2.0.2', type: 11, code: 0, says: 'time to live exceeded', count: 3 },
    ])
    expect(ttl6.errors).toMatchObject([{ from: 'fd00:3::2', type: 3, code: 0, count: 2 }])
    expect(noRoute6.errors).toMatchObject([
      { from: 'fd00:3::2', type: 1, code: 0, says: 'no route to destination' },
    ])
  })

  test('what this kernel does not send: no route, blackhole, prohibit, a rule in OUTPUT', async () => {
    const lonely = freshNetns(host, 'lonely')
    host.run(['ip', '-n', 'lonely', 'route', 'add', 'blackhole', '10.8.1.0/24'])
    host.run(['ip', '-n', 'lonely', 'route', 'add', 'prohibit', '10.8.2.0/24'])
    inside('lonely', 'iptables', '-A', 'OUTPUT', '-d', '127.0.0.7', '-j', 'DROP')
    inside(
      'lonely',
      'iptables',
      '-A',
      'OUTPUT',
      '-d',
      '127.0.0.8',
      '-j',
      'REJECT',
      '--reject-with',
      'icmp-host-prohibited',
    )
    const [none, none6, blackhole, prohibit, drop, reject] = await Promise.all(
      ['192.0.2.1', '2001:db8::1', '10.8.1.1', '10.8.2.1', '127.0.0.7', '127.0.0.8'].map((address) =>
        ping(lonely, address),
      ),
    )
    const local = { from: null, type: null, code: null, count: 2 }
    expect(none).toMatchObject({ ok: false, transmitted: 0, received: 0, source: null })
    expect(none?.errors).toEqual([{ ...local, says: 'network is unreachable' }])
    expect(none?.lines).toEqual([1, 2].map((seq) => `seq ${seq} not sent: network is unreachable`))
    expect(none6?.errors).toEqual([{ ...local, says: 'network is unreachable' }])
    expect(blackhole?.errors).toMatchObject([{ ...local, says: expect.stringContaining('blackhole') }])
    expect(prohibit?.errors).toMatchObject([{ ...local, says: expect.stringContaining('prohibit route') }])
    expect(drop?.errors).toMatchObject([{ ...local, says: expect.stringContaining('OUTPUT') }])
    expect(reject?.errors).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ ...local, says: expect.stringContaining('OUTPUT') }),
        { from: '127.0.0.8', type: 3, code: 10, says: 'host prohibited', count: 2 },
      ]),
    )
  })

  test('every kind of REJECT, with who sent it; DROP is silence', async () => {
    for (const [at, [kind]] of rejects.entries()) {
      inside(
        'r3',
        'iptables',
        '-A',
        'FORWARD',
        '-d',
        `10.4.0.${at + 10}`,
        '-j',
        'REJECT',
        '--reject-with',
        kind,
      )
    }
    for (const [at, [kind]] of rejects6.entries()) {
      inside(
        'r3',
        'ip6tables',
        '-A',
        'FORWARD',
        '-d',
        `fd00:4::${at + 10}`,
        '-j',
        'REJECT',
        '--reject-with',
        kind,
      )
    }
    const [four, six, dropped] = await Promise.all([
      Promise.all(rejects.map((_, at) => ping(a, `10.4.0.${at + 10}`))),
      Promise.all(rejects6.map((_, at) => ping(a, `fd00:4::${at + 10}`))),
      ping(a, '10.4.0.50', { timeoutMs: 300 }),
    ])
    for (const [at, [, code, says]] of rejects.entries()) {
      expect(four[at]).toMatchObject({ ok: false, transmitted: 2, received: 0, samples: [null, null] })
      expect(four[at]?.errors).toEqual([{ from: '10.3.0.2', type: 3, code, says, count: 2 }])
    }
    for (const [at, [, code, says]] of rejects6.entries()) {
      expect(six[at]?.errors).toEqual([{ from: 'fd00:3::2', type: 1, code, says, count: 2 }])
    }
    expect(dropped).toMatchObject({ ok: false, transmitted: 2, errors: [], samples: [null, null] })
    expect(dropped.lines).toEqual(['no answer to 1', 'no answer to 2'])
  })

  test('nobody has the address: this kernel and the last router say so after three seconds', async () => {
    const [near, far, impatient] = await Promise.all([
      ping(a, '10.1.0.77', { count: 1, timeoutMs: 1000 }),
      ping(a, '10.4.0.77', { count: 1, timeoutMs: 1000 }),
      ping(a, '10.1.0.78', { count: 1, timeoutMs: 200 }),
    ])
    expect(near.errors).toEqual([{ from: '10.1.0.1', type: 3, code: 1, says: 'host unreachable', count: 1 }])
    expect(near.lines).toEqual([
      'no answer to 1',
      'from this namespace itself (10.1.0.1): seq 1 host unreachable, nobody answers for the next hop',
    ])
    expect(far.errors).toMatchObject([{ from: '10.3.0.2', says: 'host unreachable' }])
    expect(impatient).toMatchObject({ errors: [], lines: ['no answer to 1'] })
  })

  test('answers with another payload are not ours; more of one are duplicates', async () => {
    inside('b', 'sh', '-c', 'echo 1 > /proc/sys/net/ipv4/icmp_echo_ignore_all')
    try {
      await host.start(['ip', 'netns', 'exec', 'b', 'python3', '-c', liar])
      const result = await ping(a, '10.4.0.2', { count: 3, timeoutMs: 1500 })
      expect(result).toMatchObject({ transmitted: 3, received: 1, duplicates: 1 })
      expect(result.lines).toEqual(
        expect.arrayContaining([
          expect.stringMatching(/seq 2 ttl 61 time [\d.]+ ms$/),
          expect.stringMatching(/seq 2 ttl 61 time [\d.]+ ms \(duplicate\)$/),
          'no answer to 1',
          'no answer to 3',
        ]),
      )
    } finally {
      inside('b', 'sh', '-c', 'echo 0 > /proc/sys/net/ipv4/icmp_echo_ignore_all')
      host.run(['sh', '-c', 'kill $(ip netns pids b)'])
    }
  })

  test('one that goes on until it is stopped gives what it came to, and one whose namespace goes away ends', async () => {
    const endless = pinging(a, '10.4.0.2', { count: null })
    const brief = pinging(freshNetns(host, 'brief'), '127.0.0.1', { count: null })
    await vi.waitFor(
      () => expect(Math.min(endless.lines().length, brief.lines().length)).toBeGreaterThan(3),
      5000,
    )
    host.run(['ip', 'netns', 'del', 'brief'])
    endless.stop()
    const [stopped, gone] = await Promise.all([endless.ended, brief.ended])
    expect(stopped).toMatchObject({ ok: true, value: { ok: true, errors: [] } })
    expect(gone).toMatchObject({
      ok: true,
      value: { errors: [{ from: null, says: 'cannot enter netns "brief": it is gone (ENOENT)', count: 1 }] },
    })
    expect(brief.lines().at(-1)).toBe('cannot enter netns "brief": it is gone (ENOENT)')
  })

  test('the built program: text, JSON, exit codes, and what it refuses', async () => {
    const main = join(await buildVethscope(), 'main.js')
    const run = (...args: readonly string[]) => host.try([process.execPath, main, 'ping', ...args])
    const good = run('a', '10.4.0.2', '--count', '2', '--interval', '0.05', '--json')
    expect([good.code, good.stderr]).toEqual([0, ''])
    expect(JSON.parse(good.stdout)).toMatchObject({
      ok: true,
      netns: { id: a.netns.id, name: 'a' },
      target: '10.4.0.2',
      address: '10.4.0.2',
      transmitted: 2,
      received: 2,
      rttMs: {
        min: expect.any(Number),
        avg: expect.any(Number),
        max: expect.any(Number),
        mdev: expect.any(Number),
      },
      errors: [],
    })
    // On a busy machine not every look at the rules ends in time.
    await vi.waitFor(
      () => {
        const { code, stdout } = run('a', '10.4.0.50', '-c', '1', '-W', '0.2', '--json')
        expect(code).toBe(1)
        const dropped = JSON.parse(stdout)
        expect(dropped).toMatchObject({ ok: false, transmitted: 1, received: 0, rttMs: null })
        // The router on the way whose rule did it.
        expect(dropped.grown).toContainEqual(
          expect.objectContaining({ netns: placeIn(host, 'r3').netns, what: 'rule', by: 1 }),
        )
      },
      { timeout: 40_000, interval: 100 },
    )
    const text = run('a', 'gateway', '-c', '1')
    expect(text.stdout).toMatch(
      /^64 bytes from 10\.1\.0\.2: seq 1 ttl 64 time .*\na > gateway \(10\.1\.0\.2\): 1 of 1 answered, /,
    )
    expect(run('a', '-6', '10.4.0.2').code).toBe(2)
    expect(run('a', '10.4.0.2', '--link', 'nope').code).toBe(4)
    host.run([process.execPath, main, 'snapshot', '-o', '/run/world.json'])
    const replayed = run('a', '10.4.0.2', '--from', '/run/world.json')
    expect(replayed).toMatchObject({ code: 2, stdout: '' })
    expect(replayed.stderr).toContain('nothing can be sent from a snapshot')
  })
  test('the built program on a signal: it tells what it came to, and ends with 128 and the signal', async () => {
    const main = join(await buildVethscope(), 'main.js')
    // The second one gets no answers, and counters are looked at before it tells so.
    const script = `
      "$0" "$1" ping a 10.4.0.2 --count 0 --interval 0.05 > /run/good & good=$!
      "$0" "$1" ping a 10.4.0.2 --ttl 2 --count 0 --interval 0.05 > /run/bad & bad=$!
      for i in $(seq 600); do grep -q 'seq 3' /run/good && grep -q 'seq 3' /run/bad && break; sleep 0.05; done
      kill -TERM $good $bad; wait $good; echo "exit $?"; cat /run/good; wait $bad; echo "exit $?"; cat /run/bad`
    const said = host.run(['sh', '-c', script, process.execPath, main])
    expect(said).toMatch(/^exit 143\n64 bytes from 10\.4\.0\.2: seq \d+ /)
    const [, received, transmitted] = /\na > 10\.4\.0\.2: (\d+) of (\d+) answered/.exec(said) ?? []
    expect(Number(received)).toBeGreaterThan(0)
    expect(Number(transmitted)).toBeGreaterThanOrEqual(3)
    expect(said).toMatch(/\nexit 143\nfrom 10\.2\.0\.2: seq \d+ time to live exceeded\n/)
    expect(said).toContain('\na > 10.4.0.2: from 10.2.0.2: time to live exceeded\n')
  })
})
