/** dns and targets by name on the real kernel, with name servers that lie. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import type { DnsRequest, Resolver } from '../../src/model/probe.ts'
import type { DnsResult } from '../../src/model/probe-result.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { lyingDns } from '../support/lying-dns.ts'
import { probesOnHost, type ProbesOnHost } from '../support/probes-on-host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

/** `answers` and `refuses` are name servers, `silent` has an address and a socket that nobody reads. */
const [answers, failing, silent, closed, away] = ['10.9.0.2', '10.9.0.3', '10.9.0.4', '10.9.0.5', '10.9.0.99']

if (requires({ root: true, tools: ['ip', 'nsenter', 'iptables'] })) {
  let host: TestHost
  let probes: ProbesOnHost
  let main: string

  const cli = (...args: readonly string[]) => host.try([process.execPath, main, ...args])
  const json = (...args: readonly string[]) => {
    const { stdout, stderr, code } = cli(...args, '--json')
    if (stdout === '') throw new Error(stderr)
    return { code, result: JSON.parse(stdout) as DnsResult }
  }
  const resolver = (
    resolvConf: string | null,
    hosts: string | null = null,
    nsswitch: string | null = null,
  ): Resolver => ({
    from: '/etc/netns/a',
    resolvConf,
    hosts,
    nsswitch,
  })
  const servers = (...addresses: readonly string[]) =>
    addresses.map((each) => `nameserver ${each}\n`).join('')
  const request = (name: string, fields: Partial<DnsRequest> = {}): DnsRequest => ({
    kind: 'dns',
    place: probes.place('a'),
    name,
    type: 'A',
    resolver: resolver(servers(answers)),
    server: null,
    timeoutMs: 600,
    ...fields,
  })
  const ask = (...requests: readonly DnsRequest[]): readonly DnsResult[] =>
    probes.run(requests.map((each) => ({ request: each }))).map(({ outcome }) => {
      if (!outcome.ok) throw new Error(outcome.failure.what)
      return outcome.value
    })
  const values = ({ answers }: DnsResult) => answers.map(({ type, value }) => `${type} ${value}`)

  beforeAll(async () => {
    const [built] = await Promise.all([
      buildVethscope(),
      playHost('dnshost').then((played) => (host = played)),
    ])
    main = join(built, 'main.js')
    probes = await probesOnHost(host)
    host.ip('netns add a', 'netns add b', 'link add eth0 netns a type veth peer name eth0 netns b')
    const inside = (name: string, ...lines: readonly string[]) =>
      host.run(['ip', '-n', name, '-batch', '-'], { input: `${lines.join('\n')}\n` })
    inside(
      'a',
      'link set lo up',
      'link set eth0 address 02:00:00:00:09:01 up',
      'addr add 10.9.0.1/24 dev eth0',
      'addr add fd09::1/64 dev eth0 nodad',
    )
    inside(
      'b',
      'link set lo up',
      'link set eth0 address 02:00:00:00:09:02 up',
      ...[answers, failing, silent, closed].map((address) => `addr add ${address}/24 dev eth0`),
      'addr add fd09::2/64 dev eth0 nodad',
      'addr add fe80::53/64 dev eth0 nodad',
    )
    // Silence: the question arrives and is dropped there.
    host.run(['ip', 'netns', 'exec', 'b', 'iptables', '-A', 'INPUT', '-d', silent, '-j', 'DROP'])
    await host.start(lyingDns('b', [answers, '::']))
    await host.start(lyingDns('b', [failing], 'servfail'))
    host.run([
      'sh',
      '-c',
      'cp -a /etc /run/etc && mount --bind /run/etc /etc && rm -rf /etc/netns && mkdir -p /etc/netns/a',
    ])
    host.run([
      'sh',
      '-c',
      `printf 'nameserver ${answers}\\nsearch corp.test other.test\\noptions timeout:1 attempts:1\\n' > /etc/netns/a/resolv.conf
       printf '10.9.0.77 plain.corp.test inhosts\\nfd09::77 inhosts\\n' > /etc/netns/a/hosts
       printf 'hosts: files dns\\n' > /etc/nsswitch.conf`,
    ])
  })
  afterAll(() => host.end())

  test('what a server answers is told as it is: addresses, chains, codes, and what it leaves out', () => {
    const got = ask(
      ...[
        'plain',
        'alias',
        'dangling',
        'servfail',
        'refused',
        'bare',
        'nosuch',
        'old',
        'drop',
        'late',
        'long',
      ].map((name) => request(`${name}.test`)),
    )
    const [plain, alias, dangling, servfail, refused, bare, nosuch, old, drop, late, long] = got
    expect(plain).toMatchObject({ ok: true, status: 'NOERROR', from: 'dns' })
    expect(plain?.answers).toEqual([{ name: 'plain.test', type: 'A', ttl: 300, value: '192.0.2.10' }])
    expect(plain?.servers[0]).toMatchObject({ address: answers, asked: 'plain.test' })
    expect(values(alias!)).toEqual(['CNAME second.test', 'CNAME third.test', 'A 192.0.2.10'])
    expect(dangling).toMatchObject({ ok: false, status: 'NOERROR' })
    expect(dangling?.remarks.join()).toContain('has no A record')
    expect([servfail, refused, bare, nosuch].map((each) => [each?.ok, each?.status])).toEqual([
      [false, 'SERVFAIL'],
      [false, 'REFUSED'],
      [false, 'REFUSED'],
      [false, 'NXDOMAIN'],
    ])
    // Asked again: without EDNS, after silence, and beside junk.
    expect([old, drop, late].map((each) => values(each!))).toEqual([
      ['A 192.0.2.10'],
      ['A 192.0.2.10'],
      ['A 192.0.2.10'],
    ])
    expect(drop?.servers[0]?.ms).toBeGreaterThan(250)
    // Over TCP, and not more than can be looked at.
    expect(long?.answers).toHaveLength(256)
    expect(long?.servers[0]?.says).toContain('44 more answers')
  })

  test('what is no answer to the question is none, whatever it says', () => {
    const names = ['wrongid', 'wrongname', 'loop', 'short', 'cut', 'echo']
    const got = ask(...names.map((name) => request(`${name}.test`, { timeoutMs: 300 })))
    expect(got.map(({ ok, status, answers }) => ({ ok, status, answers }))).toEqual(
      names.map(() => ({ ok: false, status: 'timeout', answers: [] })),
    )
    expect(got.map(({ servers }) => servers[0]?.says)).toEqual(
      names.map(() => expect.stringContaining('what came was broken or not for this')),
    )
    const [dead] = ask(request('longdead.test'))
    expect(dead?.servers[0]?.says).toContain('too long for UDP')
  })

  test('names of a hostile server reach nobody as control', () => {
    const [{ outcome, events }] = probes.run([{ request: request('hostile.test') }]) as [
      ReturnType<typeof probes.run<'dns'>>[0],
    ]
    const told = JSON.stringify([outcome, events])
    expect(told).toContain(String.raw`\\027]0;owned\\007\\032a\\155.evil`)
    expect(told).not.toMatch(/[\u0000-\u001f\u007f-\u009f]|\\u00/)
  })

  test('each server is told by itself, and the first that knows decides', () => {
    const conf = `options timeout:1 attempts:1\n`
    const [dead, none, split, gone] = ask(
      request('plain.test', { resolver: resolver(servers(silent, failing, answers) + conf) }),
      request('plain.test', { resolver: resolver(servers(silent, closed) + conf) }),
      request('nosuch.test', { resolver: resolver(servers(answers, failing) + conf) }),
      request('plain.test', { resolver: resolver(servers(away)), timeoutMs: 5000 }),
    )
    expect(dead?.servers.map(({ status }) => status)).toEqual(['timeout', 'SERVFAIL', 'NOERROR'])
    expect(dead).toMatchObject({ ok: true, status: 'NOERROR' })
    expect(dead?.remarks).toContainEqual(
      expect.stringContaining(`${silent} is asked first and is silent: programs wait 1 s`),
    )
    expect(none?.servers.map(({ status }) => status)).toEqual(['timeout', 'unreachable'])
    expect(none?.servers[1]?.says).toBe(`nothing listens there (connection refused, says ${closed})`)
    expect(none).toMatchObject({ ok: false, status: 'timeout' })
    expect(split).toMatchObject({ ok: false, status: 'NXDOMAIN' })
    // Nobody has the address: our own kernel says so, before the time is up.
    expect(gone?.servers[0]).toMatchObject({
      status: 'unreachable',
      says: expect.stringContaining('unreachable'),
    })
    expect(gone?.servers[0]?.ms).toBeLessThan(4500)
  })

  test('the search list, ndots, types, addresses and servers of IPv6', () => {
    const search = resolver(`${servers(answers)}search nowhere.test test\noptions ndots:2\n`)
    const [found, dots, both, half, reverse, six, local, other] = ask(
      request('plain', { resolver: search }),
      request('plain.test', { resolver: search }),
      request('plain.test', { type: null }),
      request('half.test', { type: null }),
      request('10.9.0.2', { type: null }),
      request('plain.test', { resolver: resolver(servers('fd09::2')) }),
      request('plain.test', { resolver: resolver(servers('fe80::53%eth0')) }),
      request('plain.test', { resolver: resolver(servers(silent)), server: `${answers}:53` }),
    )
    expect(found?.servers[0]).toMatchObject({ asked: 'plain.test', status: 'NOERROR' })
    // One dot is less than two: the list goes first.
    expect(dots?.servers[0]?.asked).toBe('plain.test.test')
    expect(values(both!)).toEqual(['A 192.0.2.10', 'AAAA 2001:db8::10'])
    expect(half).toMatchObject({ ok: true, servers: [{ status: 'NOERROR', says: 'AAAA: SERVFAIL' }] })
    expect(reverse?.servers[0]?.asked).toBe('2.0.9.10.in-addr.arpa')
    expect(values(reverse!)).toEqual(['PTR host-two.test'])
    expect(
      [six, local, other].map((each) => [each?.ok, each?.servers.map(({ address }) => address)]),
    ).toEqual([
      [true, ['fd09::2']],
      [true, ['fe80::53%eth0']],
      [true, [answers]],
    ])
  })

  test('hosts answers where nsswitch has it first, and after the servers where it stands behind', () => {
    const hosts = '192.0.2.7 plain.test\n192.0.2.8 nosuch.test # comment\n'
    const [first, after, other, empty, localhost, none] = ask(
      request('Plain.TEST', { resolver: resolver(servers(answers), hosts) }),
      request('plain.test', { resolver: resolver(servers(answers), hosts, 'dns files') }),
      request('nosuch.test', { resolver: resolver(servers(answers), hosts, 'dns files') }),
      request('plain.test', { resolver: resolver('# nothing\n') }),
      request('localhost', { type: null, resolver: resolver(servers(silent)) }),
      request('plain.test', { resolver: resolver(servers('127.0.0.11')) }),
    )
    expect([first?.from, first?.servers, values(first!)]).toEqual(['hosts', [], ['A 192.0.2.7']])
    expect([after?.from, values(after!)]).toEqual(['dns', ['A 192.0.2.10']])
    expect([other?.from, other?.servers.length, values(other!)]).toEqual(['hosts', 1, ['A 192.0.2.8']])
    expect(empty?.servers[0]).toMatchObject({ address: '127.0.0.1', status: 'unreachable' })
    expect(empty?.remarks).toContainEqual('no nameserver in resolv.conf: programs ask 127.0.0.1')
    expect(values(localhost!)).toEqual(['A 127.0.0.1', 'AAAA ::1'])
    expect(none?.remarks).toContainEqual(expect.stringContaining('127.0.0.11 has no listener'))
  })

  test('stopping ends it at once with what is known', () => {
    const [{ outcome, ms }] = probes.run([
      { request: request('silent.test', { timeoutMs: 20_000 }), stopMs: 200 },
    ]) as [ReturnType<typeof probes.run<'dns'>>[0]]
    expect(ms).toBeLessThan(2000)
    expect(outcome).toMatchObject({
      ok: true,
      value: { ok: false, status: 'timeout', servers: [{ says: 'stopped before an answer came' }] },
    })
  })

  test('the command: files of /etc/netns, JSON, exit codes, text', () => {
    const found = json('dns', 'a', 'plain')
    // "plain.corp.test" is in the hosts file, which is asked for "plain" only.
    expect(found).toMatchObject({ code: 0, result: { ok: true, from: 'dns', netns: { name: 'a' } } })
    expect(found.result.servers[0]).toMatchObject({ address: answers, asked: 'plain.corp.test' })
    expect(json('dns', 'a', 'inhosts')).toMatchObject({
      code: 0,
      result: { from: 'hosts', servers: [], answers: [{ value: '10.9.0.77' }, { value: 'fd09::77' }] },
    })
    expect(json('dns', 'a', 'servfail.test', '--server', failing)).toMatchObject({
      code: 1,
      result: { ok: false, status: 'SERVFAIL', servers: [{ address: failing }] },
    })
    const text = cli('dns', 'a', 'nosuch')
    expect(text.code).toBe(1)
    expect(text.stdout).toContain('NXDOMAIN')
  })

  test('a target by name: found as a program there would, or the servers said why not', () => {
    const unknown = cli('tcp', 'a', 'nosuch.test:80')
    expect(unknown.code).toBe(4)
    expect(unknown.stderr).toContain(`cannot resolve "nosuch.test": ${answers} says NXDOMAIN`)
    const place = probes.place('a')
    const tcp = (text: string, family: 4 | 6 | null, from: Resolver) => ({
      request: {
        kind: 'tcp' as const,
        place,
        target: { text, family, resolver: from },
        ports: [53],
        timeoutMs: 300,
        bannerMs: 0,
      },
    })
    const all = servers(silent, failing, answers) + 'options timeout:1 attempts:1\n'
    const ends = probes.run([
      tcp('plain.test', null, resolver(all)),
      tcp('plain.test', 6, resolver(all)),
      tcp('host', null, resolver(all, '10.9.0.2 host\n')),
      tcp('v4only.test', 6, resolver(servers(answers))),
      tcp('plain.test', null, resolver(servers(closed))),
    ])
    expect(ends.slice(0, 3).map(({ outcome }) => outcome.ok && outcome.value.address)).toEqual([
      '192.0.2.10',
      '2001:db8::10',
      '10.9.0.2',
    ])
    expect(ends.slice(3).map(({ outcome }) => !outcome.ok && outcome.failure)).toMatchObject([
      { kind: 'not-found', what: `cannot resolve "v4only.test": ${answers} has no address of it` },
      {
        kind: 'not-found',
        what: expect.stringContaining(`${closed} cannot be asked: nothing listens there`),
      },
    ])
  })
}
