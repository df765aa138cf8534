/** UDP from inside, and listeners inside, on the real kernel. */
import { join } from 'node:path'
import type { ChildProcess } from 'node:child_process'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

/** Says back what it hears, with control characters; on 53 only to what looks like a DNS question. */
const echo = `
import socket, threading
def serve(port, answer):
    s = socket.socket(socket.AF_INET6, socket.SOCK_DGRAM); s.bind(("::", port))
    def loop():
        while True:
            data, who = s.recvfrom(2000)
            reply = answer(data)
            if reply is not None: s.sendto(reply, who)
    threading.Thread(target=loop, daemon=True).start()
serve(7, lambda data: b"\\x1b[31mheard " + data)
serve(53, lambda data: b"dns" if len(data) == 17 and data[4:6] == b"\\x00\\x01" else None)
serve(9, lambda data: None)
print("listens", flush=True)
threading.Event().wait()
`

if (requires({ root: true, tools: ['ip', 'iptables', 'ip6tables', 'nsenter', 'python3'] })) {
  let host: TestHost
  let main: string
  const run = (...args: readonly string[]) => host.try([process.execPath, main, ...args])
  const udp = (...args: readonly string[]) => {
    const { stdout, stderr, code } = run('udp', 'a', ...args, '--json')
    if (stdout === '') throw new Error(stderr)
    return { code, ...(JSON.parse(stdout) as { ok: boolean; result: string; ports: readonly object[] }) }
  }

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('udphost')
    host.ip('netns add a', 'netns add b', 'link add eth0 netns a type veth peer name eth0 netns b')
    for (const [name, last] of [
      ['a', 1],
      ['b', 2],
    ] as const) {
      host.run(['ip', '-n', name, '-batch', '-'], {
        input: `link set lo up\nlink set eth0 up\naddr add 10.40.0.${last}/24 dev eth0\naddr add fd40::${last}/64 dev eth0 nodad\n`,
      })
    }
    const inside = (name: string, ...command: readonly string[]) =>
      host.run(['ip', 'netns', 'exec', name, ...command])
    // Linux tells about one closed port a second: each of these tests wants one at once.
    inside(
      'b',
      'sh',
      '-c',
      'echo 0 > /proc/sys/net/ipv4/icmp_ratelimit; echo 0 > /proc/sys/net/ipv6/icmp/ratelimit',
    )
    inside(
      'b',
      'iptables',
      '-A',
      'INPUT',
      '-p',
      'udp',
      '--dport',
      '1001',
      '-j',
      'REJECT',
      '--reject-with',
      'icmp-admin-prohibited',
    )
    inside(
      'b',
      'iptables',
      '-A',
      'INPUT',
      '-p',
      'udp',
      '--dport',
      '1002',
      '-j',
      'REJECT',
      '--reject-with',
      'icmp-host-unreachable',
    )
    inside(
      'b',
      'ip6tables',
      '-A',
      'INPUT',
      '-p',
      'udp',
      '--dport',
      '1001',
      '-j',
      'REJECT',
      '--reject-with',
      'icmp6-adm-prohibited',
    )
    inside('a', 'iptables', '-A', 'OUTPUT', '-p', 'udp', '--dport', '1003', '-j', 'DROP')
    await host.start(['ip', 'netns', 'exec', 'b', 'python3', '-c', echo])
  })
  afterAll(async () => {
    await host.end()
  })

  test('answered: with what came back, harmless; port 53 is asked a question that servers answer', () => {
    const { code, ok, ports } = udp('10.40.0.2:7', '--payload', 'hello')
    expect({ code, ok }).toEqual({ code: 0, ok: true })
    expect(ports).toMatchObject([
      { port: 7, result: 'answered', source: '10.40.0.1', answer: '\\x1b[31mheard hello', icmp: null },
    ])
    expect(udp('[fd40::2]:53').ports).toMatchObject([
      { result: 'answered', answer: 'dns', source: 'fd40::1' },
    ])
    // oxlint-disable-next-line no-control-regex
    expect(run('udp', 'a', '10.40.0.2:7', '--payload', 'hello').stdout).not.toMatch(/\x1b/)
  })

  test('closed, prohibited, unreachable: by ICMP, with who sent it; silence is told as what it is', () => {
    expect(udp('10.40.0.2:1000,1001,1002')).toMatchObject({
      code: 1,
      result: 'closed',
      ports: [
        { result: 'closed', icmp: { from: '10.40.0.2', type: 3, code: 3 } },
        { result: 'prohibited', icmp: { from: '10.40.0.2', type: 3, code: 13 } },
        { result: 'unreachable', icmp: { from: '10.40.0.2', type: 3, code: 1 } },
      ],
    })
    expect(udp('[fd40::2]:1000,1001').ports).toMatchObject([
      { result: 'closed', icmp: { from: 'fd40::2', type: 1, code: 4 } },
      { result: 'prohibited', icmp: { from: 'fd40::2', type: 1, code: 1 } },
    ])
    const silent = run('udp', 'a', '10.40.0.2:9', '--timeout', '0.3')
    expect(silent.code).toBe(1)
    expect(silent.stdout).toMatch(/no answer in \d+ ms: open or filtered/)
    expect(udp('10.40.0.2:1003').ports).toMatchObject([
      { result: 'prohibited', icmp: null, says: expect.stringContaining('operation not permitted') },
    ])
    expect(udp('10.41.0.2:9').ports).toMatchObject([
      { result: 'unreachable', icmp: null, source: null, says: 'network is unreachable' },
    ])
  })

  /** A listener in b that says it listens; `pid` is its own on the host. */
  const listen = async (
    ...args: readonly string[]
  ): Promise<{ child: ChildProcess; pid: string; out: () => string; err: () => string }> => {
    const command = [process.execPath, main, ...args]
    const child = host.spawn(['sh', '-c', 'echo $$; exec "$@"', 'sh', ...command])
    let out = ''
    let err = ''
    child.stdout?.on('data', (data) => (out += String(data)))
    child.stderr?.on('data', (data) => (err += String(data)))
    await vi.waitFor(() => expect(err + out.slice(out.indexOf('\n'))).toContain('listening on'), 8000)
    const [pid = ''] = out.split('\n')
    return { child, pid, out: () => out.slice(pid.length), err: () => err }
  }
  const gone = (child: ChildProcess) => new Promise((done) => child.once('close', done))

  test('a listener tells who came with the first bytes, and ends after so many', async () => {
    const { child, out } = await listen('tcp', 'b', '--listen', '10.40.0.2:8080', '--count', '1')
    const ended = gone(child)
    const code = `import socket; s = socket.create_connection(("10.40.0.2", 8080)); s.sendall(b"GET / \\x1b[2JHTTP\\r\\n\\r\\n"); s.recv(1)`
    host.run(['ip', 'netns', 'exec', 'a', 'python3', '-c', code])
    await ended
    expect(out()).toMatch(/connection from 10\.40\.0\.1:\d+, says: GET \/ \\x1b\[2JHTTP/)
    expect(child.exitCode).toBe(0)

    const datagrams = await listen('udp', 'b', '--listen', '[::]:5000', '--count', '1')
    const over = gone(datagrams.child)
    run('udp', 'a', '10.40.0.2:5000', '--payload', 'ho', '--timeout', '0.1')
    await over
    expect(datagrams.out()).toMatch(/datagram from 10\.40\.0\.1:\d+, says: ho/)
  })

  test('stopped, it lets the port go and the namespace, too', async () => {
    const { child, pid, out } = await listen('tcp', 'b', '--listen', '8081', '--timeout', '600')
    expect(run('tcp', 'b', '--listen', '8081').stderr).toContain('the port is in use')
    const over = gone(child)
    host.run(['kill', '-INT', pid])
    await over
    expect(out()).toContain('nobody came')
    const again = run('tcp', 'b', '--listen', '8081', '--timeout', '0.2')
    expect(again.code).toBe(1)
    expect(again.stdout).toContain('nobody came to tcp 0.0.0.0:8081')
  })

  test('a namespace that goes away ends the listener, and is not kept by it', async () => {
    host.ip('netns add gone', 'link add g0 netns gone type veth peer name g1')
    const { child, err } = await listen('udp', 'gone', '--listen', '8082')
    const over = gone(child)
    host.ip('netns del gone')
    await over
    expect(child.exitCode).toBe(4)
    expect(err()).toContain('cannot enter netns "gone"')
    await vi.waitFor(() => expect(host.run(['ip', 'link'])).not.toContain('g1@'), { timeout: 5000 })
  })

  test('where nobody can listen is a sentence', () => {
    const where = (text: string) => run('tcp', 'b', '--listen', text)
    expect(where('10.99.0.1:80')).toMatchObject({
      code: 5,
      stderr: expect.stringContaining('no address of this namespace'),
    })
    expect(where('10.40.0.2:70000').code).toBe(2)
    expect(where('name:80').code).toBe(2)
    expect(run('tcp', 'b', '10.40.0.1:80', '--listen', '80').code).toBe(2)
    expect(run('udp', 'b').code).toBe(2)
    const setpriv = ['setpriv', '--bounding-set=-net_bind_service', '--inh-caps=-net_bind_service']
    const unprivileged = host.try([
      ...setpriv,
      process.execPath,
      main,
      'tcp',
      'b',
      '--listen',
      '81',
      '--timeout',
      '0.1',
    ])
    expect(unprivileged).toMatchObject({ code: 3, stderr: expect.stringContaining('ports below 1024') })
  })
}
