/** http on the real kernel, with web servers that do not behave. */
import { existsSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import type { HttpRequest, Target } from '../../src/model/probe.ts'
import type { HttpResult } from '../../src/model/probe-result.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { lyingDns } from '../support/lying-dns.ts'
import { oddHttp } from '../support/odd-http.ts'
import { probesOnHost, type Ended, type ProbesOnHost } from '../support/probes-on-host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

const server = '10.9.0.2'

if (requires({ root: true, tools: ['ip', 'nsenter', 'iptables', 'openssl'] })) {
  let host: TestHost
  let probes: ProbesOnHost
  let main: string

  const target = (text: string, address = server): Target => ({
    text,
    address,
    family: 4,
    from: 'container web',
  })
  const request = (url: string, fields: Partial<HttpRequest> = {}): HttpRequest => ({
    kind: 'http',
    place: probes.place('a'),
    url: url.startsWith('/') ? `http://web${url}` : url,
    known: { web: target('web') },
    resolver: {
      from: '',
      resolvConf: `nameserver ${server}\noptions timeout:1 attempts:1\n`,
      hosts: null,
      nsswitch: null,
    },
    timeoutMs: 1000,
    maxRedirects: 5,
    file: null,
    headers: [],
    head: false,
    insecure: false,
    ...fields,
  })
  const run = (...requests: readonly HttpRequest[]): readonly Ended<'http'>[] =>
    probes.run(requests.map((each) => ({ request: each })))
  const ask = (...requests: readonly HttpRequest[]): readonly HttpResult[] =>
    run(...requests).map(({ outcome }) => {
      if (!outcome.ok) throw new Error(outcome.failure.what)
      return outcome.value
    })
  const short = (result: HttpResult | undefined) => [result?.ok, result?.status, result?.error?.what]

  beforeAll(async () => {
    const [built] = await Promise.all([
      buildVethscope(),
      playHost('httphost').then((played) => (host = played)),
    ])
    main = join(built, 'main.js')
    probes = await probesOnHost(host)
    host.ip('netns add a', 'netns add b', 'link add eth0 netns a type veth peer name eth0 netns b')
    const inside = (name: string, ...lines: readonly string[]) =>
      host.run(['ip', '-n', name, '-batch', '-'], { input: `${lines.join('\n')}\n` })
    inside(
      'a',
      'link set lo up',
      'link set eth0 up',
      'addr add 10.9.0.1/24 dev eth0',
      'addr add fd09::1/64 dev eth0 nodad',
    )
    inside(
      'b',
      'link set lo up',
      'link set eth0 up',
      `addr add ${server}/24 dev eth0`,
      'addr add fd09::2/64 dev eth0 nodad',
    )
    const key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout']
    const make = (name: string, subject: string, ...more: readonly string[]) =>
      host.run(['openssl', 'req', '-utf8', ...key, `/run/${name}.key`, '-subj', subject, '-out', ...more])
    make('self', '/CN=web', '/run/self.crt', '-x509', '-addext', 'subjectAltName=DNS:web')
    make('ca', '/CN=Company', '/run/ca.crt', '-x509')
    for (const [name, days] of [
      ['good', '30'],
      ['expired', '0'],
    ] as const) {
      make(name, '/CN=plain.test/O=\u202eevil', `/run/${name}.csr`)
      writeFileSync(host.path('/run/ext'), 'subjectAltName=DNS:plain.test,DNS:good.test\n')
      const signed = `openssl x509 -req -in /run/${name}.csr -CA /run/ca.crt -CAkey /run/ca.key -CAcreateserial -days ${days}`
      host.run([...signed.split(' '), '-extfile', '/run/ext', '-out', `/run/${name}.crt`])
    }
    // The authority of this company is trusted on this host, and on this one only.
    host.run([
      'sh',
      '-c',
      'cp -a /etc /run/etc && mount --bind /run/etc /etc && mkdir -p /etc/ssl/certs && cat /run/ca.crt >> /etc/ssl/certs/ca-certificates.crt',
    ])
    await host.start(oddHttp('b', server, '/run'))
    await host.start(lyingDns('b', [server]))
    const treated = (port: number, ...target: readonly string[]) => {
      const rule = ['-A', 'INPUT', '-p', 'tcp', '--dport', String(port), '-j', ...target]
      host.run(['ip', 'netns', 'exec', 'b', 'iptables', ...rule])
    }
    treated(9, 'DROP')
    treated(10, 'REJECT', '--reject-with', 'icmp-admin-prohibited')
  })
  afterAll(() => host.end())

  test('an answer: status, headers, bytes, times, and what was sent', () => {
    const [ok, gone, echo, head, old, named, six] = ask(
      request('/ok'),
      request('/404'),
      request('http://me:se%20cret@web/echo', {
        headers: ['User-Agent: mine', 'Accept:', 'X-A: 1', 'X-A: 2'],
      }),
      request('/five', { head: true }),
      request('http://web:82/old'),
      request('http://10.9.0.2/ok'),
      request('http://[fd09::2]/ok'),
    )
    expect(ok).toMatchObject({
      ok: true,
      status: 200,
      bytes: 5,
      address: server,
      redirects: [],
      tls: null,
      file: null,
    })
    expect(ok?.headers).toContainEqual({ name: 'Content-Length', value: '5' })
    expect(ok?.timing).toMatchObject({ dns: null, tls: null })
    const { connect, firstByte, total } = ok?.timing ?? {}
    expect([connect, firstByte].every((each) => typeof each === 'number' && each > 0)).toBe(true)
    expect(total).toBeGreaterThanOrEqual((connect ?? 0) + (firstByte ?? 0))
    expect(ok?.ms).toBe(total)
    expect([short(gone), gone?.bytes]).toEqual([[false, 404, undefined], 13])
    expect([short(head), head?.bytes]).toEqual([[true, 200, undefined], 0])
    expect([short(old), old?.bytes]).toEqual([[true, 200, undefined], 13])
    expect(short(named)).toEqual([true, 200, undefined])
    expect([short(six), six?.address]).toEqual([[true, 200, undefined], 'fd09::2'])
    expect(echo?.url).toBe('http://web/echo')
  })

  test('what is sent: Host, the headers that were asked for, name and password, and not to another host', () => {
    const file = (at: number) => `/run/sent${at}`
    ask(
      request('http://me:se%20cret@web/echo', {
        file: file(0),
        headers: ['User-Agent: mine', 'Accept:', 'X-A: 1', 'X-A: 2'],
      }),
      request('/away', {
        file: file(1),
        known: { web: target('web'), 'other.test': target('other.test') },
        headers: ['Authorization: secret', 'X-B: kept'],
      }),
    )
    const [first, second] = [0, 1].map(
      (at) => JSON.parse(readFileSync(host.path(file(at)), 'utf8')) as { headers: Record<string, string> },
    )
    expect(first?.headers).toMatchObject({
      host: 'web',
      'user-agent': 'mine',
      'x-a': '1, 2',
      authorization: `Basic ${Buffer.from('me:se cret').toString('base64')}`,
    })
    expect(first?.headers).not.toHaveProperty('accept')
    expect(second?.headers).toMatchObject({ host: 'other.test:81', 'x-b': 'kept' })
    expect(second?.headers).not.toHaveProperty('authorization')
  })

  test('redirects are followed, counted, and no further than was said', () => {
    const [chain, circle, ftp, none] = ask(
      request('/one'),
      request('/circle', { maxRedirects: 3 }),
      request('/ftp'),
      request('/one', { maxRedirects: 0 }),
    )
    expect(chain).toMatchObject({
      ok: true,
      status: 200,
      url: 'http://web/one',
      redirects: [
        { status: 302, url: 'http://web/two' },
        { status: 301, url: 'http://web/echo' },
      ],
    })
    expect(circle).toMatchObject({
      ok: false,
      status: 302,
      error: { what: 'http', says: expect.stringContaining('more than 3 redirects') },
    })
    expect(circle?.redirects).toHaveLength(3)
    expect(ftp).toMatchObject({
      ok: false,
      status: 302,
      error: { what: 'http', says: expect.stringContaining('ftp:') },
    })
    expect(none).toMatchObject({ ok: true, status: 302, redirects: [], bytes: 5 })
  })

  test('no connection is told as tcp tells it, and a name that nobody knows with the servers asked', () => {
    const [refused, dropped, prohibited, nowhere, dns] = ask(
      request('http://web:7/'),
      request('http://web:9/', { timeoutMs: 300 }),
      request('http://web:10/'),
      request('http://192.0.2.1/'),
      request('http://nosuch.test/'),
    )
    expect(refused).toMatchObject({ ok: false, status: null, error: { what: 'refused' } })
    expect(dropped).toMatchObject({ ok: false, status: null, error: { what: 'timeout' } })
    expect(prohibited).toMatchObject({
      ok: false,
      error: { what: 'prohibited', icmp: { from: server, type: 3, code: 13 } },
    })
    expect(nowhere).toMatchObject({
      ok: false,
      error: { what: 'unreachable', says: expect.stringContaining('network is unreachable') },
    })
    expect(dns).toMatchObject({
      ok: false,
      address: null,
      error: { what: 'dns', says: expect.stringContaining(`${server} says NXDOMAIN`) },
    })
    expect(dns?.timing.dns).toBeGreaterThan(0)
  })

  test('a server that halts, hangs up, resets, drips, floods or speaks something else ends it in time', () => {
    const odd = (path: string) => request(`http://web:82${path}`, { timeoutMs: 400 })
    const ended = run(
      request('/slow', { timeoutMs: 300 }),
      request('/late', { timeoutMs: 300 }),
      ...['/garbage', '/nothing', '/short', '/chunk', '/reset', '/drip', '/flood'].map(odd),
    )
    expect(ended.every(({ ms }) => ms < 3000)).toBe(true)
    const got = ended.map(({ outcome }) => (outcome.ok ? outcome.value : null))
    expect(got.map((each) => (each === null ? null : [...short(each), each.error?.says]))).toEqual([
      [false, 200, 'timeout', 'its body came to a halt for 0.3 s'],
      [false, null, 'timeout', expect.stringContaining('no whole answer in 0.3 s')],
      [false, null, 'http', String.raw`what came back is not HTTP: SSH-2.0-OpenSSH_9.2\x1b[2J`],
      [false, null, 'http', 'the server hung up before it had answered'],
      [false, 200, 'http', 'the server hung up before its body was whole'],
      [false, 200, 'http', 'the server hung up before its body was whole'],
      [false, 200, 'reset', 'the connection was reset (RST)'],
      [false, null, 'timeout', expect.stringContaining('no whole answer')],
      [false, null, 'http', expect.stringContaining('larger than 64 KiB')],
    ])
    expect(got[0]?.bytes).toBe(6)
  })

  test('what a hostile server says reaches nobody as control', () => {
    const [ended] = run(request('http://web:82/hostile'))
    expect(ended?.outcome).toMatchObject({
      ok: true,
      value: { ok: true, headers: [{ name: 'X-Evil', value: String.raw`a\x1b]0;owned\x07b\x9b31m` }, {}] },
    })
    expect(JSON.stringify(ended)).not.toMatch(/[\u0000-\u001f\u007f-\u009f]|\\u00/)
    expect(ended?.events).toContainEqual(
      expect.objectContaining({ text: String.raw`HTTP/1.1 200 \x1b[2JOK` }),
    )
  })

  test('certificates: trusted by this host, by itself, expired, of another name; and no TLS at all', () => {
    const known = { web: target('web'), 'good.test': target('good.test'), 'bad.test': target('bad.test') }
    const tls = (url: string, insecure = false) => request(url, { known, insecure })
    const [good, self, insecure, expired, other, plain, wrong] = ask(
      tls('https://good.test:445/ok'),
      tls('https://web/ok'),
      tls('https://web/ok', true),
      tls('https://good.test:444/ok'),
      tls('https://bad.test:445/ok'),
      tls('https://web:80/ok'),
      tls('http://web:443/ok'),
    )
    expect(good).toMatchObject({
      ok: true,
      status: 200,
      tls: { protocol: 'TLSv1.3', problem: null, issuer: 'CN=Company' },
    })
    expect(good?.tls?.subject).toContain(String.raw`\u202eevil`)
    expect(good?.timing.tls).toBeGreaterThan(0)
    expect(self).toMatchObject({
      ok: false,
      status: null,
      error: { what: 'tls' },
      tls: { problem: 'the certificate is signed by itself' },
    })
    expect(insecure).toMatchObject({
      ok: true,
      status: 200,
      tls: { problem: 'the certificate is signed by itself' },
    })
    expect(expired?.tls?.problem).toMatch(/^the certificate expired at 20\d\d-/)
    expect(other?.tls?.problem).toBe('the certificate is for plain.test, good.test, not for bad.test')
    expect(plain).toMatchObject({
      tls: null,
      error: { what: 'tls', says: expect.stringContaining('not TLS') },
    })
    expect([wrong?.ok, wrong?.status === 200]).toEqual([false, false])
  })

  test('a body is written to a new file, whole or not at all, and counted up to a limit', () => {
    writeFileSync(host.path('/run/there'), 'mine')
    host.run(['ln', '-s', '/run/elsewhere', '/run/link'])
    const [whole, half, there, link, endless] = ask(
      request('/five', { file: '/run/five' }),
      request('http://web:82/short', { file: '/run/half' }),
      request('/ok', { file: '/run/there' }),
      request('/ok', { file: '/run/link' }),
      request('/big', { timeoutMs: 10_000 }),
    )
    expect(whole).toMatchObject({ ok: true, file: '/run/five', bytes: 5 << 20 })
    const { size, mode } = statSync(host.path('/run/five'))
    expect([size, mode & 0o777]).toEqual([5 << 20, 0o600])
    expect([short(half), half?.file, existsSync(host.path('/run/half'))]).toEqual([
      [false, 200, 'http'],
      null,
      false,
    ])
    expect([short(there), readFileSync(host.path('/run/there'), 'utf8')]).toEqual([
      [false, 200, 'file'],
      'mine',
    ])
    expect([short(link), existsSync(host.path('/run/elsewhere'))]).toEqual([[false, 200, 'file'], false])
    expect(endless).toMatchObject({ ok: true, remarks: ['more than 100 MB: the rest was not read'] })
  })

  test('stopping ends it wherever it is, and what it came to is told', () => {
    const stopped = (url: string) => ({ request: request(url, { timeoutMs: 20_000 }), stopMs: 700 })
    const ended = probes.run([
      stopped('/slow'),
      stopped('/late'),
      stopped('http://web:9/'),
      stopped('/trickle'),
    ])
    expect(ended.every(({ ms }) => ms < 2000)).toBe(true)
    expect(ended.map(({ outcome }) => (outcome.ok ? outcome.value.error?.says : null))).toEqual(
      ended.map(() => 'it was stopped'),
    )
    expect(ended[0]?.outcome).toMatchObject({ ok: true, value: { status: 200, bytes: 6 } })
  })

  test('a namespace that goes away ends what runs in it, and is not kept by it', async () => {
    host.ip('netns add gone', 'link add g0 netns gone type veth peer name g1 netns b')
    host.run(['ip', '-n', 'gone', '-batch', '-'], { input: 'addr add 10.8.0.1/24 dev g0\nlink set g0 up\n' })
    host.run(['ip', '-n', 'b', '-batch', '-'], { input: 'addr add 10.8.0.2/24 dev g1\nlink set g1 up\n' })
    const place = probes.place('gone')
    const url = `http://${server}/slow`
    host.run(['ip', '-n', 'gone', 'route', 'add', 'default', 'via', '10.8.0.2'])
    // It goes while the body is waited for.
    const waits = `until ip netns exec b ss -Htn state established src ${server}:80 | grep -q 10.8.0.1; do sleep 0.1; done; sleep 0.3; ip netns del gone`
    host.run(['sh', '-c', `(${waits}) > /dev/null 2>&1 < /dev/null &`])
    const [http] = run(request(url, { place, timeoutMs: 30_000 }))
    expect(http?.ms).toBeLessThan(10_000)
    expect(http?.outcome).toMatchObject({
      ok: true,
      value: {
        ok: false,
        error: { what: 'http', says: expect.stringContaining('cannot enter netns "gone"') },
      },
    })
    await vi.waitFor(() => expect(host.run(['ip', '-n', 'b', 'link'])).not.toContain('g1@'), {
      timeout: 5000,
    })
  })

  test('the command: JSON, exit codes, text, usage', () => {
    const cli = (...args: readonly string[]) => host.try([process.execPath, main, 'http', 'a', ...args])
    const found = cli(
      '10.9.0.2/one',
      '--json',
      '-o',
      '/run/page',
      '--max-redirects',
      '3',
      '-H',
      'X-A: 1',
      '-H',
      'X-B: 2',
    )
    expect(found.stderr).toBe('')
    expect(JSON.parse(found.stdout)).toMatchObject({
      ok: true,
      status: 200,
      netns: { name: 'a' },
      file: '/run/page',
    })
    expect(found.code).toBe(0)
    expect(JSON.parse(readFileSync(host.path('/run/page'), 'utf8'))).toMatchObject({
      headers: { 'x-a': '1', 'x-b': '2' },
    })
    const text = cli('10.9.0.2/404')
    expect(text.code).toBe(1)
    expect(text.stdout).toMatch(/404 Not Found, 13 bytes in [\d.]+ ms\n/)
    expect(cli('ftp://10.9.0.2/').code).toBe(2)
    expect(cli('10.9.0.2/', '--header', 'no colon').code).toBe(2)
    expect(cli('10.9.0.2/', '-o', '/run/there').code).toBe(5)
  })
}
