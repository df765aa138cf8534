/** Everybody to everybody on the real kernel: 30 members of a bridge, some of whom drop, refuse, forbid or do not answer ARP. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'

/** More than the kernel's neighbour table has room for, by our own measure (src/probe/matrix/neighbours.ts). */
const count = 30

/** One process listens on port 80 of each but c04. */
const server = `
import ctypes, os, select, socket
libc = ctypes.CDLL(None, use_errno=True)
ep = select.epoll(); by = {}
for i in range(${count}):
    if i == 4: continue
    fd = os.open(f"/run/netns/c{i:02}", os.O_RDONLY)
    assert libc.setns(fd, 0x40000000) == 0
    os.close(fd)
    s = socket.socket(socket.AF_INET6); s.bind(("::", 80)); s.listen(200); s.setblocking(False)
    by[s.fileno()] = s; ep.register(s.fileno(), select.EPOLLIN)
print("listens", flush=True)
while True:
    for fd, _ in ep.poll():
        try:
            while True: by[fd].accept()[0].close()
        except OSError: pass
`

type Matrix = {
  readonly ok: boolean
  readonly tried: readonly (number | string)[]
  readonly members: readonly { readonly name: string; readonly address: string }[]
  readonly cells: readonly (readonly (readonly (string | null)[])[])[]
  readonly ms: readonly (readonly (readonly (number | null)[])[])[]
  readonly seconds: number
  readonly mostSockets: number
}

if (requires({ root: true, tools: ['ip', 'iptables', 'nsenter', 'python3'] })) {
  let host: TestHost
  let main: string
  const name = (at: number): string => `c${String(at).padStart(2, '0')}`
  const address = (at: number): string => `10.30.0.${at + 10}`
  const matrix = (...args: readonly string[]) => {
    const ran = host.try([process.execPath, main, 'matrix', ...args, '--json'])
    if (ran.stdout === '') throw new Error(ran.stderr)
    return { code: ran.code, ...(JSON.parse(ran.stdout) as Matrix) }
  }
  const neighbours = (at: number): readonly string[] =>
    host
      .run(['ip', '-n', name(at), 'neigh'])
      .split('\n')
      .filter((line) => line.startsWith('10.') && !line.endsWith('FAILED'))

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('matrixhost')
    const all = Array.from({ length: count }, (_, at) => at)
    host.ip(
      'link add br0 type bridge',
      'addr add 10.30.0.1/24 dev br0',
      'link set br0 up',
      ...all.flatMap((at) => [
        `netns add ${name(at)}`,
        `link add v${at} type veth peer name eth0 netns ${name(at)}`,
        `link set v${at} master br0 up`,
      ]),
    )
    for (const at of all) {
      host.run(['ip', '-n', name(at), '-batch', '-'], {
        input: `link set lo up\nlink set eth0 up\naddr add ${address(at)}/24 dev eth0\naddr add fd30::${at + 10}/64 dev eth0 nodad\n`,
      })
    }
    const rule = (at: number, text: string) =>
      host.run(['ip', 'netns', 'exec', name(at), 'iptables', ...text.split(' ')])
    rule(3, '-A INPUT -i eth0 -p tcp --dport 80 -j DROP')
    rule(5, '-A INPUT -i eth0 -p icmp --icmp-type echo-request -j DROP')
    rule(6, '-A OUTPUT -o eth0 -p tcp --dport 80 -j REJECT --reject-with icmp-admin-prohibited')
    rule(7, '-A INPUT -i eth0 -p tcp --dport 80 -j REJECT --reject-with icmp-host-unreachable')
    // 8 neither asks nor answers by ARP: nobody finds it, and it finds nobody.
    host.run(['ip', '-n', name(8), 'link', 'set', 'eth0', 'arp', 'off'])
    for (const at of all) {
      const limit = 'echo 0 > /proc/sys/net/ipv4/icmp_ratelimit'
      if (at === 7) host.run(['ip', 'netns', 'exec', name(at), 'sh', '-c', limit])
    }
    await host.start(['python3', '-c', server])
  })
  afterAll(async () => {
    await host.end()
  })

  test('each cell says what that pair really gets; neighbour tables are left as they were', () => {
    // What was known before stays: 0 knows 1, for ever; 2 knows 1 because it talked to it.
    const mac = /link\/ether (\S+)/.exec(host.run(['ip', '-n', name(1), 'link', 'show', 'eth0']))?.[1] ?? ''
    host.run([
      'ip',
      '-n',
      name(0),
      'neigh',
      'add',
      address(1),
      'lladdr',
      mac,
      'dev',
      'eth0',
      'nud',
      'permanent',
    ])
    host.run(['ip', '-n', name(2), 'neigh', 'add', address(1), 'lladdr', mac, 'dev', 'eth0', 'nud', 'stale'])
    const before = Array.from({ length: count }, (_, at) => neighbours(at).length)

    const { code, ok, tried, members, cells, ms, mostSockets } = matrix(
      'br0',
      '--port',
      '80',
      '--timeout',
      '0.6',
      '-4',
    )
    expect({ code, ok, tried }).toEqual({ code: 1, ok: false, tried: ['ping', 80] })
    expect(members.map((each) => [each.name, each.address])).toEqual(
      Array.from({ length: count }, (_, at) => [name(at), address(at)]),
    )
    expect(mostSockets).toBeLessThanOrEqual(1000)
    const wrong: string[] = []
    for (let from = 0; from < count; from += 1) {
      for (let to = 0; to < count; to += 1) {
        // Nobody answers for 8: the kernel tells so after three seconds, or as soon as the question is given up.
        const got = cells[from]?.[to]?.map((each, item) =>
          to === 8 && each === 'unreachable' ? (item === 0 ? 'lost' : 'timeout') : each,
        )
        const expected = expectedOf(from, to)
        if (JSON.stringify(got) !== JSON.stringify(expected))
          wrong.push(`${from} to ${to}: ${JSON.stringify(got)}, not ${JSON.stringify(expected)}`)
      }
    }
    expect(wrong).toEqual([])
    expect(ms[0]?.[1]?.[1]).toBeGreaterThan(0)
    expect(ms[0]?.[3]?.[1]).toBeNull()

    const after = Array.from({ length: count }, (_, at) => neighbours(at).length)
    expect(after).toEqual(before)
    expect(neighbours(0)[0]).toContain('PERMANENT')
  })

  function expectedOf(from: number, to: number): readonly string[] {
    const port = to === 4 ? 'refused' : 'connected'
    if (from === to) return ['answered', port]
    const ping = to === 5 ? 'lost' : 'answered'
    if (from === 8 || to === 8) return ['lost', from === 6 ? 'prohibited' : 'timeout']
    if (from === 6) return [ping, 'prohibited']
    return [ping, to === 3 ? 'timeout' : to === 7 ? 'unreachable' : port]
  }

  test('IPv6, ports only: all well is exit 0, and the text is a grid that needs no colour', () => {
    const { stdout, code } = host.try([
      process.execPath,
      main,
      'matrix',
      'br0',
      '--no-ping',
      '--port',
      '80',
      '-6',
    ])
    expect(code).toBe(1)
    expect(stdout).toMatch(/813 connected, .*29 refused/)
    const [, header, first] = stdout.split('\n')
    expect(header).toMatch(/^ +1 +2 +3/)
    expect(first).toMatch(/^ 1 c00 fd30::10 +ok +ok +ok +ok +ref +ok +ok +ok +(tmo|unr) ok/)
    for (const line of stdout.split('\n')) expect(line.length).toBeLessThanOrEqual(80)
  })

  test('it can be stopped: what was not reached is null, and no namespace stays pinned', async () => {
    for (const at of [10, 11]) {
      host.run(['ip', 'netns', 'exec', name(at), 'iptables', '-A', 'INPUT', '-p', 'tcp', '-j', 'DROP'])
    }
    const args = ['matrix', 'br0', '--no-ping', '--port', '80', '--timeout', '50', '-4', '--json']
    const child = host.spawn(['sh', '-c', 'echo $$; exec "$@"', 'sh', process.execPath, main, ...args])
    let out = ''
    child.stdout?.on('data', (data) => (out += String(data)))
    // It has begun when somebody's first SYN waits.
    await vi.waitFor(() => expect(synSent()).toBeGreaterThan(0), 8000)
    host.run(['ip', 'netns', 'delete', name(4)])
    const [pid = ''] = out.split('\n')
    host.run(['kill', '-INT', pid])
    await new Promise((done) => child.once('close', done))
    out = out.slice(pid.length)
    const { ok, cells } = JSON.parse(out) as Matrix
    expect(ok).toBe(false)
    expect(cells[0]?.[10]).toEqual([null])
    // The bridge's port goes with the namespace of its other end.
    await vi.waitFor(() => expect(host.try(['ip', 'link', 'show', 'v4']).code).not.toBe(0), 5000)
  }, 20_000)

  function synSent(): number {
    const table = host.run(['ip', 'netns', 'exec', name(0), 'cat', '/proc/net/tcp'])
    return table.split('\n').filter((line) => line.includes(' 02 ')).length
  }

  test('a network that is not there is exit 4; nothing to try, and bad ports, exit 2', () => {
    const code = (...args: readonly string[]) => host.try([process.execPath, main, 'matrix', ...args]).code
    expect(code('nosuch')).toBe(4)
    expect(code('br0', '--no-ping')).toBe(2)
    expect(code('br0', '--port', '0')).toBe(2)
  })
}
