/**
 * A host before and after each way to look at it. A look makes the kernel allot the numbers that any list of links
 * does; a twin on which only `ip link` ran says which those are.
 */
import { readlinkSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, expect, onTestFinished, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { hasTool, requires } from '../support/requires.ts'
import { openFiles, openScreen, programPid } from './support-screen.ts'
import { tracesOf, withoutNumbers, type NamespaceTraces, type Traces } from './support-traces.ts'

/** Two containers on a bridge, one nested in the first, one that a process holds, tables of every kind. */
async function build(host: TestHost): Promise<void> {
  host.ip('netns add a', 'netns add b', 'netns add c')
  const quiet = 'for each in default all; do echo 1 > /proc/sys/net/ipv6/conf/$each/disable_ipv6; done'
  // Duplicate address detection and router solicitations would be packets that nobody asked for.
  for (const net of ['/proc/1/ns/net', '/run/netns/a', '/run/netns/b', '/run/netns/c']) {
    host.run(['nsenter', `--net=${net}`, 'sh', '-c', quiet])
  }
  host.ip(
    // A snooping bridge reports its own groups, at random times of the first seconds.
    'link add br0 type bridge mcast_snooping 0',
    'addr add 10.5.0.1/24 dev br0',
    'link set br0 up',
    'link add v-a type veth peer name eth0 netns a',
    'link add v-b type veth peer name eth0 netns b',
    'link set v-a master br0 up',
    'link set v-b master br0 up',
    'link add vx type vxlan id 7 dstport 4789 local 10.5.0.1',
    'neigh add 10.5.0.77 lladdr 02:00:00:00:00:77 dev br0 nud permanent',
    'neigh add 10.5.0.78 lladdr 02:00:00:00:00:78 dev br0 nud stale',
    'rule add from 10.9.0.0/16 lookup 99',
    'route add blackhole 10.66.0.0/16 table 99',
  )
  for (const [name, lines] of Object.entries({
    a: [
      'link add down0 type veth peer name eth0 netns c',
      'addr add 10.5.0.2/24 dev eth0',
      'link set eth0 up',
      'route add default via 10.5.0.1',
    ],
    b: ['addr add 10.5.0.3/24 dev eth0', 'link set eth0 up', 'link add p type veth peer name q'],
    c: ['link set lo up', 'link set eth0 up'],
  })) {
    host.run(['ip', '-n', name, '-batch', '-'], { input: `${lines.join('\n')}\n` })
  }
  if (hasTool('iptables'))
    host.run(['iptables', '-t', 'nat', '-A', 'POSTROUTING', '-s', '10.5.0.0/24', '-j', 'MASQUERADE'])
  await host.start(['unshare', '--net', 'sh', '-c', 'echo held; exec sleep 1000'])
}

/** Each list on a host that nobody has looked at yet. */
const looks = {
  'the topology': [['show'], ['show', 'a', '--json'], ['ls', 'links'], ['about']],
  'questions that need the dear parts': [
    ['find', '10.5.0.2:80'],
    ['find', 'v-a'],
    ['route', 'a', '192.0.2.1'],
    ['snapshot', '-o', '-'],
  ],
  'the other reader': [
    ['snapshot', '-o', '-', '--reader', 'ip'],
    ['show', '--reader', 'ip'],
  ],
} as const

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'python3'] })) {
  let program = ''
  /** Which namespaces have a number where, after `ip link` in each of them. */
  let twin: Readonly<Record<string, NamespaceTraces>> = {}

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    const host = await playHost('twin')
    try {
      await build(host)
      listLinks(host)
      twin = (await quietTraces(host)).namespaces
    } finally {
      await host.end()
    }
  })

  function listLinks(host: TestHost): void {
    for (const where of [[], ['-n', 'a'], ['-n', 'b'], ['-n', 'c']]) host.run(['ip', ...where, 'link'])
  }

  async function builtHost(): Promise<TestHost> {
    const host = await playHost()
    onTestFinished(() => host.end())
    await build(host)
    return host
  }

  /** When two looks in a row say the same: what building it set in motion has come to rest. */
  async function quietTraces(host: TestHost): Promise<Traces> {
    let last = tracesOf(host)
    for (const end = Date.now() + 20_000; Date.now() < end;) {
      await new Promise((resolve) => setTimeout(resolve, 300))
      const now = tracesOf(host)
      if (JSON.stringify(now) === JSON.stringify(last)) return now
      last = now
    }
    throw new Error('the host did not come to rest in 20 s')
  }

  function expectUntouched(before: Traces, after: Traces): void {
    expect(withoutNumbers(after)).toEqual(withoutNumbers(before))
    for (const [name, { numbered, numbers }] of Object.entries(after.namespaces)) {
      expect(twin[name]?.numbered, name).toEqual(expect.arrayContaining([...numbered]))
      // Nobody has a number beside those: not the reader's own namespace either.
      expect(numbers, name).toBe(numbered.length)
    }
  }

  test('what is compared is there, and the comparison sees changes', async () => {
    const host = await builtHost()
    const before = await quietTraces(host)
    expect(twin['host']?.numbered).toEqual(['a', 'b'])
    expect(twin['a']?.numbered).toEqual(['c', 'host'])
    expect(Object.keys(before.namespaces['a']?.sysctls ?? {}).length).toBeGreaterThan(300)
    expect(before.namespaces['host']?.neighbours.length).toBeGreaterThanOrEqual(2)
    expect(before.namespaces['host']?.fdb.length).toBeGreaterThanOrEqual(2)
    expect(before.namespaces['a']?.nft.generation.join()).toMatch(/^[0-9a-f]{8}$/)
    if (hasTool('iptables')) expect(before.namespaces['host']?.nft.tables.length).toBeGreaterThan(0)
    for (const change of [
      ['ip', 'neigh', 'add', '10.5.0.79', 'lladdr', '02:00:00:00:00:79', 'dev', 'br0', 'nud', 'stale'],
      ['sh', '-c', 'echo 1 > /proc/sys/net/ipv4/conf/br0/proxy_arp'],
      ['mkdir', '/run/left'],
    ]) {
      const was = tracesOf(host)
      host.run(change)
      expect(() => expectUntouched(was, tracesOf(host)), change.join(' ')).toThrow()
    }
  })

  test.each(Object.entries(looks))('%s', async (_, commands) => {
    const host = await builtHost()
    let before = await quietTraces(host)
    for (const command of commands) {
      const { code, stdout, stderr } = host.try([process.execPath, program, ...command])
      expect({ command, code, stderr }).toEqual({ command, code: 0, stderr: '' })
      expect(stdout).not.toBe('')
      const after = tracesOf(host)
      expectUntouched(before, after)
      before = after
    }
  })

  test('the screen, open for five seconds, with details shown and something searched', async () => {
    const host = await builtHost()
    const before = await quietTraces(host)
    const terminal = await openScreen(host, program, { columns: 120, rows: 40 })
    const pid = programPid(terminal)
    const end = Date.now() + 5000
    for (let at = 0; Date.now() < end; at += 1) {
      terminal.send(['\x1bOB', '\r', '\t', '!', '\x1b', 'f10.5.0.2\r', '\x1b', 'g', 'z', 'z'][at % 10] ?? '')
      await new Promise((resolve) => setTimeout(resolve, 120))
    }
    // A namespace's file is open only while it is read; its own is the way home from the others.
    const own = readlinkSync(`/proc/${pid}/ns/net`)
    await expect
      .poll(() => openFiles(pid).filter((file) => file.startsWith('net:') && file !== own), {
        timeout: 10_000,
      })
      .toEqual([])
    terminal.send('\x03')
    expect(await terminal.exited(15_000)).toBe(130)
    expectUntouched(before, tracesOf(host))
    listLinks(host)
    expect(tracesOf(host).namespaces['host']?.numbered).toEqual(twin['host']?.numbered)
  })
}
