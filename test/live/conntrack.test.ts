/**
 * Connections as the kernel has them, against `conntrack -L -o extended` of the same moment: a router with MASQUERADE
 * and DNAT between two namespaces, TCP, UDP and ICMP through it, over IPv4 and IPv6.
 */
import { readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readConntrack, readConntrackInPieces } from '../../src/collect/kernel/conntrack/read-conntrack.ts'
import { loadLibc, type Libc } from '../../src/collect/kernel/libc.ts'
import type { Entrance } from '../../src/collect/kernel/open-namespace.ts'
import type { Connection, Conntrack } from '../../src/model/connection.ts'
import { isUnknown } from '../../src/model/known.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

/** `10.1.0.2:40001>10.2.0.2:80`; ICMP with type, code and id. */
function directionText({
  source,
  destination,
  sourcePort,
  destinationPort,
  icmp,
}: Connection['original']): string {
  if (icmp !== null) return `${source}>${destination} icmp ${icmp.type}/${icmp.code} id ${icmp.id}`
  return sourcePort === null
    ? `${source}>${destination}`
    : `${source}:${sourcePort}>${destination}:${destinationPort}`
}

/** What both have to say of one connection; its timeout goes down while one looks. */
function said(connection: Connection): string {
  const { family, protocol, zone, mark, status, state, original, reply } = connection
  const flags = ['SEEN_REPLY', 'ASSURED', 'OFFLOAD'].filter((flag) => status.includes(flag))
  return [
    family,
    protocol,
    state ?? '-',
    directionText(original),
    directionText(reply),
    `mark ${mark}`,
    `zone ${zone}`,
    ...flags,
  ].join(' ')
}

/** A line such as `ipv4 2 tcp 6 431999 ESTABLISHED src=… dst=… sport=… dport=… src=… [ASSURED] mark=0 use=1`. */
function saidBy(line: string): string {
  const words = line.trim().split(/\s+/)
  const of = (name: string) =>
    words.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1))
  const side = (at: number): Connection['original'] => {
    const icmp = of('type').length > 0
    const port = (name: string) => (of(name).length > 0 ? Number(of(name)[at]) : null)
    return {
      source: of('src')[at] ?? '',
      destination: of('dst')[at] ?? '',
      sourcePort: port('sport'),
      destinationPort: port('dport'),
      icmp: icmp
        ? { type: Number(of('type')[at]), code: Number(of('code')[at]), id: Number(of('id')[at]) }
        : null,
    }
  }
  const state = words.find((word) => /^[A-Z][A-Z_0-9]+$/.test(word)) ?? null
  return said({
    family: words[0] === 'ipv4' ? 'ip' : 'ip6',
    protocol: words[2] ?? '',
    zone: Number(of('zone')[0] ?? 0),
    mark: Number(of('mark')[0] ?? 0),
    status: [
      ...(line.includes('[UNREPLIED]') ? [] : ['SEEN_REPLY']),
      ...(line.includes('[ASSURED]') ? ['ASSURED'] : []),
      ...(line.includes('[OFFLOAD]') ? ['OFFLOAD'] : []),
    ],
    state,
    timeout: null,
    original: side(0),
    reply: side(1),
    packets: null,
    bytes: null,
  })
}

const server = `
import socket, threading, time
def echo(family, address):
    u = socket.socket(family, socket.SOCK_DGRAM); u.bind(address)
    while True:
        data, peer = u.recvfrom(2000); u.sendto(data, peer)
def accept(family, address):
    s = socket.socket(family, socket.SOCK_STREAM); s.setsockopt(socket.IPPROTO_IPV6, socket.IPV6_V6ONLY, 0) if family == socket.AF_INET6 else None; s.bind(address); s.listen(9)
    keep = []
    while True: keep.append(s.accept())
for what, family, address in (
    (echo, socket.AF_INET, ('0.0.0.0', 53)), (accept, socket.AF_INET, ('0.0.0.0', 80)), (accept, socket.AF_INET6, ('::', 81))):
    threading.Thread(target=what, args=(family, address), daemon=True).start()
def listening(port):
    try: socket.create_connection(('127.0.0.1', port)).close(); return True
    except OSError: return False
while not listening(80) or not listening(81): time.sleep(0.01)
print('ready', flush=True)
time.sleep(600)
`
const client = `
import socket, time
keep = [socket.create_connection(('10.9.0.2', 80)), socket.create_connection(('10.9.0.1', 8080)), socket.create_connection(('fd00:9::2', 81))]
u = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); u.connect(('10.9.0.2', 53)); u.send(b'x'); u.recv(9)
n = socket.socket(socket.AF_INET, socket.SOCK_DGRAM); n.sendto(b'x', ('10.9.0.2', 9999)); keep.append(n)
print('ready', flush=True)
time.sleep(600)
`
const rules = `
table ip nat {
  chain pre { type nat hook prerouting priority -100; ip daddr 10.9.0.1 tcp dport 8080 dnat to 10.9.0.2:80; }
  chain post { type nat hook postrouting priority 100; ip saddr 10.1.0.0/24 oifname "out0" masquerade; }
}
table inet marks {
  chain pre { type filter hook prerouting priority -50; ct state new tcp dport 80 ct mark set 0x2a; }
  chain raw { type filter hook prerouting priority -300; ip6 saddr fd00:1::/64 ct zone set 7; ip6 saddr fd00:9::/64 ct zone set 7; }
}
`

function entrance(path: string): Entrance {
  const { dev, ino } = statSync(path, { bigint: true })
  return { dev: Number(dev), ino, paths: [path], holders: { sockets: [] } }
}

const tools = ['ip', 'nsenter', 'unshare', 'nft', 'conntrack', 'python3', 'ping']

describe.runIf(requires({ root: true, tools }))('conntrack', () => {
  let host: TestHost
  let libc: Libc
  let router: Entrance

  const read = (limit?: number): Conntrack =>
    readConntrack(libc, router, { entries: true, ...(limit === undefined ? {} : { limit }) })
  const entries = (conntrack: Conntrack): readonly Connection[] => {
    if (isUnknown(conntrack.entries)) throw new Error(conntrack.entries.unknown)
    return conntrack.entries
  }

  beforeAll(async () => {
    const loaded = await loadLibc()
    if (!loaded.ok) throw new Error(loaded.failure.what)
    libc = loaded.value
    host = await playHost('router')
    host.ip(
      'netns add a',
      'netns add b',
      'link add in0 type veth peer name eth0 netns a',
      'link add out0 type veth peer name eth0 netns b',
      'addr add 10.1.0.1/24 dev in0',
      'addr add 10.9.0.1/24 dev out0',
      'addr add fd00:1::1/64 dev in0 nodad',
      'addr add fd00:9::1/64 dev out0 nodad',
      'link set in0 up',
      'link set out0 up',
    )
    for (const [name, own, via] of [
      ['a', '1', '1'],
      ['b', '9', '9'],
    ]) {
      host.run(['ip', '-n', name ?? '', '-batch', '-'], {
        input: [
          `addr add 10.${own}.0.2/24 dev eth0`,
          `addr add fd00:${own}::2/64 dev eth0 nodad`,
          'link set lo up',
          'link set eth0 up',
          `route add default via 10.${via}.0.1`,
          `route add default via fd00:${via}::1`,
          '',
        ].join('\n'),
      })
    }
    host.run([
      'sysctl',
      '-qw',
      'net.ipv4.ip_forward=1',
      'net.ipv6.conf.all.forwarding=1',
      'net.netfilter.nf_conntrack_acct=1',
    ])
    host.run(['nft', '-f', '-'], { input: rules })
    await host.start(['ip', 'netns', 'exec', 'b', 'python3', '-c', server])
    expect(await host.start(['ip', 'netns', 'exec', 'a', 'python3', '-c', client])).toBe('ready')
    host.run(['ip', 'netns', 'exec', 'a', 'ping', '-q', '-c1', '10.9.0.2'])
    host.run(['ip', 'netns', 'exec', 'a', 'ping', '-q', '-c1', 'fd00:9::2'])
    router = entrance(`/proc/${host.pid}/ns/net`)
  })
  afterAll(() => host?.end())

  test('each entry is what conntrack -L prints', async () => {
    const lines = () =>
      ['ipv4', 'ipv6'].flatMap((family) =>
        host
          .run(['conntrack', '-L', '-o', 'extended', '-f', family])
          .split('\n')
          .filter((line) => line !== ''),
      )
    // An entry may change (a state, a timeout at its end) between one look and the other.
    const ours = await vi.waitFor(() => {
      const mine = entries(read()).map(said).sort()
      expect(mine).toEqual(lines().map(saidBy).sort())
      return mine
    }, 20_000)
    const has = (part: string) =>
      expect(
        ours.filter((line) => line.includes(part)),
        part,
      ).not.toHaveLength(0)
    has('ip tcp ESTABLISHED 10.1.0.2:')
    has('>10.9.0.1:')
    has('icmp 8/0')
    has('icmp 128/0')
    has('zone 7')
    has('mark 42')
    has('ip6 tcp ESTABLISHED')
    expect(ours.filter((line) => line.includes(':9999') && !line.includes('SEEN_REPLY'))).toHaveLength(1)
  })

  test('translations, counters and statistics', () => {
    const conntrack = read()
    const published = entries(conntrack).find(({ original }) => original.destinationPort === 8080)
    expect(published).toMatchObject({
      family: 'ip',
      protocol: 'tcp',
      state: 'ESTABLISHED',
      original: { source: '10.1.0.2', destination: '10.9.0.1' },
      reply: { source: '10.9.0.2', sourcePort: 80, destination: '10.9.0.1' },
    })
    expect(published?.status).toEqual(expect.arrayContaining(['SEEN_REPLY', 'ASSURED', 'SRC_NAT', 'DST_NAT']))
    expect(published?.packets?.original).toBeGreaterThan(1)
    expect(published?.bytes?.reply).toBeGreaterThan(40)
    expect(published?.timeout).toBeGreaterThan(1000)
    expect(conntrack.count).toBe(entries(conntrack).length)
    expect(conntrack.max).toBeGreaterThan(1000)
    expect(conntrack.stats).toMatchObject({ insert_failed: 0, drop: 0, early_drop: 0 })
  })

  test('a limit, and none asked for', () => {
    expect(entries(read(2))).toHaveLength(2)
    expect(readConntrack(libc, router, { entries: false }).entries).toEqual({ unknown: 'not asked for' })
  })

  test('nothing stays open, also when asked again and again', () => {
    const open = () => readdirSync('/proc/self/fd').length
    read()
    const before = open()
    for (let round = 0; round < 50; round++) read(1)
    expect(open()).toBe(before)
  })

  test('given up between two pieces, nothing stays open', () => {
    const open = () => readdirSync('/proc/self/fd').length
    const before = open()
    const work = readConntrackInPieces(libc, router, { entries: true })
    expect(work.next().done).toBe(false)
    expect(open()).toBe(before + 1)
    work.return(undefined as never)
    expect(open()).toBe(before)
    // What was left unread belongs to a socket that is gone: the next answer is whole.
    expect(entries(read()).length).toBeGreaterThan(4)
  })

  test('looking begins no tracking where no rule asks for it', () => {
    host.ip('netns add quiet')
    host.run(['ip', '-n', 'quiet', 'link', 'set', 'lo', 'up'])
    const quiet = entrance(host.path('/run/netns/quiet'))
    expect(readConntrack(libc, quiet, { entries: true })).toMatchObject({ count: 0, entries: [] })
    host.run(['ip', 'netns', 'exec', 'quiet', 'ping', '-q', '-c1', '127.0.0.1'])
    expect(readConntrack(libc, quiet, { entries: true })).toMatchObject({ count: 0, entries: [] })
  })

  describe('the commands, on that host', () => {
    let main: string
    beforeAll(async () => {
      main = join(await buildVethscope(), 'main.js')
    })
    const data = (...args: readonly string[]) => {
      const { code, stdout, stderr } = host.try([process.execPath, main, ...args, '--json'])
      expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
      return JSON.parse(stdout)
    }

    test('conntrack names both ends and the translation', () => {
      const [published, ...more] = data('conntrack', '--port', '8080')
      expect(more).toEqual([])
      expect(published).toMatchObject({ translated: 'both', from: 'a', to: 'b', trouble: null })
      expect(published.words).toMatch(
        /^10\.1\.0\.2:\d+ → 10\.9\.0\.1:8080, sent on to 10\.9\.0\.2:80, which sees 10\.9\.0\.1:\d+$/,
      )
      const silent = data('conntrack', 'host', '--to', '10.9.0.2', '--port', '9999')
      expect(silent).toMatchObject([{ protocol: 'udp', trouble: { kind: 'unreplied' } }])
    })

    test('drops sees a counter grow, and reads every group', async () => {
      host.run(['ip', '-n', 'a', 'route', 'del', 'default'])
      await host.start([
        'ip',
        'netns',
        'exec',
        'a',
        'python3',
        '-uc',
        `
import socket, time
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
print('ready', flush=True)
while True:
    try: s.sendto(b'x', ('198.51.100.1', 9))
    except OSError: pass
    time.sleep(0.01)
`,
      ])
      const { seconds, drops, unread } = data('drops', 'a')
      const found = (name: string) =>
        drops.find(({ counter }: { readonly counter: string }) => counter === name)
      expect(seconds).toBeGreaterThanOrEqual(1)
      expect(unread).toEqual([])
      expect(found('Ip.OutNoRoutes').growth).toBeGreaterThan(0)
      expect(found('rxDropped')).toMatchObject({ group: 'link', growth: 0 })
      expect(found('insert_failed')).toMatchObject({ group: 'conntrack' })
    })

    test('a redacted snapshot holds the connections, without public addresses', () => {
      host.ip('addr add 93.184.216.34/24 dev out0')
      const { stdout } = host.try([process.execPath, main, 'snapshot', '--redact', '-o', '-'])
      const world = JSON.parse(stdout)
      expect(world.redacted).toMatchObject({ hosts: 1 })
      expect(world.hostName).toBe('host1')
      expect(stdout).not.toContain('93.184.216')
      expect(stdout).toMatch(/"local":"\d+\.\d+\.\d+\.34"/)
      const [first] = world.netns
      expect(first.conntrack.entries.length).toBeGreaterThan(4)
      expect(JSON.stringify(first.conntrack)).toContain('10.9.0.2')
    })
  })

  test('a namespace that is gone is a reason', () => {
    const gone = { ...router, ino: router.ino + 99n }
    expect(readConntrack(libc, gone, { entries: true })).toMatchObject({
      count: { unknown: expect.stringContaining('replaced') },
      entries: { unknown: expect.stringContaining('replaced') },
    })
  })
})
