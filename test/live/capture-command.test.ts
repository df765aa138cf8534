/** `vethscope capture` as people run it: lines, the end after Ctrl-C, a pipe that closes, and nothing left of it. */
import { once } from 'node:events'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { buildLab, outside } from '../support/fault-lab.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { tcpdumpsOf } from './support-capture.ts'

if (requires({ root: true, tools: ['ip', 'iptables', 'nft', 'ping', 'tcpdump', 'bridge', 'sysctl'] })) {
  let host: TestHost
  let main: string
  const ping = (count: number) =>
    host.try(['ip', 'netns', 'exec', 'n1', 'ping', '-c', String(count), '-i', '0.2', '-W', '1', outside])

  /** The program, and what it said until now. */
  const start = (...args: readonly string[]) => {
    const child = host.spawn([process.execPath, main, 'capture', ...args])
    const said = { stdout: '', stderr: '' }
    child.stdout?.on('data', (data) => (said.stdout += String(data)))
    child.stderr?.on('data', (data) => (said.stderr += String(data)))
    const listening = () =>
      vi.waitFor(() => expect(said.stderr).toContain('listening on'), { timeout: 20_000 })
    return { child, said, listening, exit: once(child, 'exit') }
  }
  /** nsenter, in front of the program, does not hand signals on: to the program itself. */
  const programs = (word: string): readonly number[] =>
    host
      .run(['sh', '-c', 'grep -la "$0" /proc/[0-9]*/cmdline; true', word])
      .split('\n')
      .flatMap((file) => /^\/proc\/(\d+)\//.exec(file)?.[1] ?? [])
      .map(Number)
      .filter((pid) => {
        const command = host.try(['cat', `/proc/${pid}/cmdline`]).stdout.split('\0')
        return command[0] === process.execPath && command.some((part) => part.endsWith(word))
      })
  const noneLeft = () => vi.waitFor(() => expect(tcpdumpsOf(host)).toEqual([]), { timeout: 5000 })

  beforeAll(async () => {
    main = join(await buildVethscope(), 'main.js')
    host = await playHost('capcli')
    buildLab(host)
  })
  afterAll(() => host.end())

  test('the way as text: each packet a line with its link, at the end each flow', async () => {
    host.run(['iptables', '-I', 'FORWARD', '-p', 'icmp', '-j', 'DROP'])
    const it = start('n1', '--way', 'icmp and host n1', '--count', '6')
    await it.listening()
    ping(2)
    expect(await it.exit).toEqual([0, null])
    host.run(['iptables', '-D', 'FORWARD', '-p', 'icmp', '-j', 'DROP'])
    expect(it.said.stdout).toMatch(
      /^\d\d:\d\d:\d\d\.\d{6} eth0@n1 +out n1 > outside: ICMP echo request, id \d+, seq 1/,
    )
    expect(it.said.stdout).toContain('6 packets captured, 0 dropped by the kernel')
    expect(it.said.stdout).toMatch(/10\.7\.0\.2 > 198\.51\.100\.1 icmp id \d+: last seen on br0, not on up0/)
    expect(it.said.stderr).toContain('listening on eth0@n1, v1, br0, up0, eth0@outside')
  })

  test('as JSON lines, then the result; Ctrl-C ends it with both', async () => {
    const it = start('n1', 'eth0', 'icmp', '--json')
    await vi.waitFor(() => expect(tcpdumpsOf(host)).toHaveLength(1), { timeout: 20_000 })
    await vi.waitFor(
      () => {
        ping(1)
        expect(it.said.stdout.split('\n').length).toBeGreaterThan(2)
      },
      { timeout: 10_000 },
    )
    const [program] = programs('main.js')
    host.run(['kill', '-INT', String(program)])
    await it.exit
    const lines = it.said.stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>)
    expect(lines[0]).toMatchObject({ link: 'eth0@n1', length: 98, direction: 'out' })
    expect(lines.at(-1)).toMatchObject({
      kind: 'capture',
      captured: lines.length - 1,
      dropped: 0,
      file: null,
    })
    await noneLeft()
  })

  test('what reads its standard output goes away: it ends', async () => {
    const it = host.spawn([
      'sh',
      '-c',
      '"$@" | head -n 1',
      'sh',
      process.execPath,
      main,
      'capture',
      'n1',
      'eth0',
      'icmp',
    ])
    const exit = once(it, 'exit')
    await vi.waitFor(() => expect(tcpdumpsOf(host)).toHaveLength(1), { timeout: 20_000 })
    const timer = setInterval(() => void ping(1), 300)
    await exit
    clearInterval(timer)
    await noneLeft()
  })

  test('killed, program or helper: no tcpdump outlives it', async () => {
    for (const word of ['main.js', 'prober.js']) {
      // Nothing passes there: it does not end because its pipe is broken.
      const it = start('n1', 'lo')
      await it.listening()
      const pid = Number(tcpdumpsOf(host)[0])
      expect(readFileSync(`/proc/${pid}/comm`, 'utf8').trim()).toBe('tcpdump')
      const [victim] = programs(word)
      host.run(['kill', '-KILL', String(victim)])
      await it.exit
      await noneLeft()
      if (word === 'prober.js') expect(it.said.stderr).toContain('the helper process that probes ended')
    }
  })

  test('what is wrong is said at once, with its exit code', () => {
    const run = (...args: readonly string[]) => {
      const { code, stderr } = host.try([process.execPath, main, 'capture', ...args])
      return [code, stderr.trim()]
    }
    expect(run('n1', 'icmp', 'ande', 'arp')[0]).toBe(2)
    expect(run('n1', 'nosuch0', 'arp')).toEqual([
      2,
      expect.stringContaining('the filter "nosuch0 arp" is wrong'),
    ])
    expect(run('n1', '-w', '/no/such/folder/x')[0]).toBe(4)
  })
}
