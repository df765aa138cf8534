/** TCP from inside a namespace on the real kernel: every way it can end, with verdict, sender of the ICMP, JSON and exit code. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

/** Servers of one process: what each does with who connects is in its name. */
const servers = `
import socket, struct, threading, sys
def serve(family, address, port, work):
    s = socket.socket(family, socket.SOCK_STREAM); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    s.bind((address, port)); s.listen(200)
    def loop():
        while True:
            c, _ = s.accept(); work(c)
    threading.Thread(target=loop, daemon=True).start()
kept = []
def quiet(c): kept.append(c)
def banner(c): c.sendall(b"220 ready\\r\\n"); kept.append(c)
def hostile(c): c.sendall(b"\\x1b]0;owned\\x07\\x1b[2J\\xe2\\x80\\xaegnp.exe\\r\\nsecond\\x9b31m line\\r\\n" + b"A" * 4000); kept.append(c)
def reset(c): c.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)); c.close()
for family, address in ((socket.AF_INET, "10.9.0.2"), (socket.AF_INET6, "fd09::2")):
    for port, work in ((80, quiet), (21, banner), (22, hostile), (23, reset)): serve(family, address, port, work)
print("listens", flush=True)
threading.Event().wait()
`

/** iptables' kinds of REJECT, each on a port of its own. */
const rejects = [
  { port: 7001, kind: 'icmp-net-unreachable', result: 'unreachable', type: 3, code: 0 },
  { port: 7002, kind: 'icmp-host-unreachable', result: 'unreachable', type: 3, code: 1 },
  { port: 7003, kind: 'icmp-proto-unreachable', result: 'unreachable', type: 3, code: 2 },
  { port: 7004, kind: 'icmp-port-unreachable', result: 'refused', type: 3, code: 3 },
  { port: 7005, kind: 'icmp-net-prohibited', result: 'prohibited', type: 3, code: 9 },
  { port: 7006, kind: 'icmp-host-prohibited', result: 'prohibited', type: 3, code: 10 },
  { port: 7007, kind: 'icmp-admin-prohibited', result: 'prohibited', type: 3, code: 13 },
] as const
/** nft's, of ICMPv6. */
const rejects6 = [
  { port: 7001, kind: 'no-route', result: 'unreachable', type: 1, code: 0 },
  { port: 7002, kind: 'admin-prohibited', result: 'prohibited', type: 1, code: 1 },
  { port: 7003, kind: 'addr-unreachable', result: 'unreachable', type: 1, code: 3 },
  { port: 7004, kind: 'port-unreachable', result: 'refused', type: 1, code: 4 },
] as const

type Port = {
  readonly port: number
  readonly result: string
  readonly icmp: { readonly from: string; readonly type: number; readonly code: number } | null
  readonly source: string | null
  readonly ms: number
  readonly banner?: string
  readonly says?: string
}

if (requires({ root: true, tools: ['ip', 'iptables', 'nft', 'nsenter', 'python3'] })) {
  let host: TestHost
  let main: string

  const run = (...args: readonly string[]) => host.try([process.execPath, main, ...args])
  const json = (...args: readonly string[]) => {
    const { stdout, stderr, code } = run('tcp', 'a', ...args, '--json')
    if (stdout === '') throw new Error(stderr)
    return { code, ...(JSON.parse(stdout) as { ok: boolean; result: string; ports: readonly Port[] }) }
  }

  /** a (10.9.1.2) — r, the host — b (10.9.0.2). */
  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('tcphost')
    host.ip(
      'netns add a',
      'netns add b',
      'link add va type veth peer name eth0 netns a',
      'link add vb type veth peer name eth0 netns b',
      'addr add 10.9.1.1/24 dev va',
      'addr add fd09:1::1/64 dev va nodad',
      'addr add 10.9.0.1/24 dev vb',
      'addr add fd09::1/64 dev vb nodad',
      'link set va up',
      'link set vb up',
    )
    const inside = (name: string, net: string, net6: string, last = '2') =>
      host.run(['ip', '-n', name, '-batch', '-'], {
        input: [
          'link set lo up',
          'link set eth0 up',
          `addr add 10.9.${net}.${last}/24 dev eth0`,
          `addr add ${net6}::${last}/64 dev eth0 nodad`,
          `route add default via 10.9.${net}.1`,
          `route add default via ${net6}::1`,
          '',
        ].join('\n'),
      })
    inside('a', '1', 'fd09:1')
    inside('b', '0', 'fd09')
    host.run(['ip', '-n', 'a', 'route', 'add', 'prohibit', '10.9.77.0/24'])
    host.run(['ip', '-n', 'a', 'route', 'add', 'unreachable', '10.9.78.0/24'])
    host.run([
      'sh',
      '-c',
      'echo 1 > /proc/sys/net/ipv4/ip_forward; echo 1 > /proc/sys/net/ipv6/conf/all/forwarding',
    ])
    // Linux sends one ICMP error a second to the same address; each of these tests wants one at once.
    host.run([
      'sh',
      '-c',
      'echo 0 > /proc/sys/net/ipv4/icmp_ratelimit; echo 0 > /proc/sys/net/ipv6/icmp/ratelimit',
    ])
    for (const { port, kind } of rejects) {
      host.run(`iptables -A FORWARD -p tcp --dport ${port} -j REJECT --reject-with ${kind}`.split(' '))
    }
    host.run('iptables -A FORWARD -p tcp --dport 7008 -j REJECT --reject-with tcp-reset'.split(' '))
    host.run('iptables -A FORWARD -p tcp --dport 7009 -j DROP'.split(' '))
    host.run(['nft', '-f', '-'], {
      input: `table ip6 t { chain f { type filter hook forward priority 0;
        ${rejects6.map(({ port, kind }) => `tcp dport ${port} reject with icmpv6 type ${kind}`).join('\n')}
        tcp dport 7008 reject with tcp reset
        tcp dport 7009 drop
      }
}`,
    })
    host.run(
      'ip netns exec a iptables -A OUTPUT -p tcp --dport 7010 -j REJECT --reject-with icmp-admin-prohibited'.split(
        ' ',
      ),
    )
    await host.start(['ip', 'netns', 'exec', 'b', 'python3', '-c', servers])
  })
  afterAll(async () => {
    await host.end()
  })

  test('connected: time, source, exit 0; what a server says first is its banner', () => {
    const { code, ok, result, ports } = json('10.9.0.2:80,21')
    expect({ code, ok, result }).toEqual({ code: 0, ok: true, result: 'connected' })
    const [quiet, ftp] = ports
    expect(quiet).toMatchObject({ port: 80, result: 'connected', icmp: null, source: '10.9.1.2' })
    expect(quiet?.ms).toBeGreaterThan(0)
    expect(quiet).not.toHaveProperty('banner')
    expect(ftp).toMatchObject({ port: 21, banner: '220 ready' })
    expect(json('[fd09::2]:21').ports).toMatchObject([{ source: 'fd09:1::2', banner: '220 ready' }])
    expect(json('10.9.0.2:21', '--banner', '0').ports[0]).not.toHaveProperty('banner')
  })

  test.each(['10.9.0.2', '[fd09::2]'])('refused, reset, and dropped at %s', (to) => {
    expect(json(`${to}:81`)).toMatchObject({ code: 1, ok: false, result: 'refused', ports: [{ icmp: null }] })
    expect(json(`${to}:7008`)).toMatchObject({ code: 1, result: 'refused', ports: [{ icmp: null }] })
    expect(json(`${to}:23`)).toMatchObject({ code: 1, result: 'reset', ports: [{ icmp: null }] })
    const dropped = json(`${to}:7009`, '--timeout', '0.3')
    expect(dropped).toMatchObject({ code: 1, ok: false, result: 'timeout', ports: [{ icmp: null }] })
    expect(dropped.ports[0]?.ms).toBeGreaterThan(290)
  })

  test('each kind of REJECT by its own name, with who sent it', () => {
    const asked = rejects.map(({ port }) => port).join(',')
    expect(json(`10.9.0.2:${asked}`).ports).toMatchObject(
      rejects.map(({ port, result, type, code }) => ({
        port,
        result,
        icmp: { from: '10.9.1.1', type, code },
      })),
    )
    const asked6 = rejects6.map(({ port }) => port).join(',')
    expect(json(`[fd09::2]:${asked6}`).ports).toMatchObject(
      rejects6.map(({ port, result, type, code }) => ({
        port,
        result,
        icmp: { from: 'fd09:1::1', type, code },
      })),
    )
  })

  test('what this namespace refuses itself: a rule of OUTPUT, a route, no route, no neighbour', () => {
    const rule = json('10.9.0.2:7010')
    expect(rule.ports).toMatchObject([
      { result: 'prohibited', icmp: { from: '10.9.1.2', type: 3, code: 13 }, source: '10.9.1.2' },
    ])
    expect(rule.ports[0]?.ms).toBeLessThan(900)
    expect(json('10.9.77.1:80').ports).toMatchObject([
      { result: 'prohibited', icmp: null, source: null, says: expect.stringContaining('permission denied') },
    ])
    expect(json('10.9.78.1:80').ports).toMatchObject([{ result: 'unreachable', icmp: null }])
    expect(run('tcp', 'b', '[2001:db8::1%lo]:80', '--json').stdout).toContain('unreachable')
    // Nobody has this address: the kernel gives up after three questions, one second each.
    expect(json('10.9.1.99:80').ports).toMatchObject([
      { result: 'unreachable', icmp: { from: '10.9.1.2', type: 3, code: 1 } },
    ])
  })

  test('a hostile banner reaches no output as control, and is short', () => {
    const text = run('tcp', 'a', '10.9.0.2:22')
    const { stdout } = run('tcp', 'a', '10.9.0.2:22', '--json')
    for (const out of [text.stdout, text.stderr, stdout]) {
      // oxlint-disable-next-line no-control-regex
      expect(out).not.toMatch(/[\x00-\x09\x0b-\x1f\x7f-\x9f\u202e]/)
    }
    expect(text.stdout).toContain('\\x1b]0;owned')
    const [port] = (JSON.parse(stdout) as { ports: readonly Port[] }).ports
    expect(Array.from(port?.banner ?? '').length).toBeLessThanOrEqual(256)
  })

  test('a range: in order, only those that answer get a line, and a last one counts', () => {
    const { code, stdout } = run('tcp', 'a', '10.9.0.2:1-1000', '--banner', '0')
    expect(code).toBe(1)
    const lines = stdout.trim().split('\n')
    expect(lines.filter((line) => line.startsWith('10.9.0.2:'))).toHaveLength(5)
    expect(lines.find((line) => line.includes('refused,') || line.endsWith('refused'))).toMatch(
      /^10\.9\.0\.2: [34] connected, 996 refused/,
    )
    const { ports } = json('10.9.0.2:1-1000', '--banner', '0')
    expect(ports.map(({ port }) => port)).toEqual(Array.from({ length: 1000 }, (_, at) => at + 1))
  })

  test('wrong ports and targets are usage errors; a namespace that is not there is exit 4', () => {
    for (const wrong of [
      '10.9.0.2',
      '10.9.0.2:0',
      '10.9.0.2:65536',
      '10.9.0.2:9-8',
      '::1:80',
      '-x:80',
      ':80',
    ]) {
      expect([wrong, run('tcp', 'a', '--', wrong).code]).toEqual([wrong, 2])
    }
    expect(run('tcp', 'nowhere', '10.9.0.2:80').code).toBe(4)
  })

  test('a namespace that is deleted meanwhile ends with the probe, and nothing pins it', async () => {
    host.run(['ip', 'netns', 'add', 'gone'])
    host.ip('link add vg type veth peer name eth0 netns gone', 'link set vg up')
    host.run(['ip', '-n', 'gone', '-batch', '-'], {
      input: 'link set eth0 up\naddr add 10.9.5.2/24 dev eth0\n',
    })
    const child = host.spawn([
      process.execPath,
      main,
      'tcp',
      'gone',
      '10.9.5.9:80',
      '--timeout',
      '1.5',
      '--json',
    ])
    let out = ''
    child.stdout?.on('data', (data) => (out += String(data)))
    await vi.waitFor(() => expect(host.run(['ip', '-n', 'gone', 'neigh'])).toContain('10.9.5.9'), 5000)
    host.run(['ip', 'netns', 'delete', 'gone'])
    await new Promise((done) => child.once('exit', done))
    expect(JSON.parse(out)).toMatchObject({ ok: false })
    // The veth's other end goes with the namespace's last holder.
    await vi.waitFor(() => expect(host.try(['ip', 'link', 'show', 'vg']).code).not.toBe(0), 5000)
  })
}
