/** The Probes screen with the real helper on a real kernel: what is sent, stopped, repeated; and nothing is left of it. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'nft', 'tcpdump', 'ping'] })) {
  let host: TestHost
  let program = ''
  /** Where files are saved. */
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-probes-'))

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    host = await playHost()
    for (const line of [
      'netns add web',
      'link set lo up',
      'link add br0 type bridge',
      'link add vweb type veth peer name eth0 netns web',
      'link set vweb master br0',
      'addr add 172.17.0.1/16 dev br0',
      'link set br0 up',
      'link set vweb up',
      '-n web link set lo up',
      '-n web addr add 172.17.0.2/16 dev eth0',
      '-n web link set eth0 up',
      '-n web route add default via 172.17.0.1',
    ])
      host.run(['ip', ...line.split(' ')])
    host.run(['nft', '-f', '-'], {
      input: `table ip filter { chain input { type filter hook input priority 0; tcp dport 81 counter drop; }; }`,
    })
  }, 60_000)
  afterAll(async () => {
    rmSync(folder, { recursive: true })
    await host.end()
  })

  /** The helper processes that run on this host, by their pids there. */
  function helpers(): readonly string[] {
    return readdirSync(host.path('/proc')).filter((name) => {
      if (!/^\d+$/.test(name)) return false
      try {
        return readFileSync(host.path(`/proc/${name}/cmdline`), 'utf8').includes('prober.js')
      } catch {
        return false
      }
    })
  }

  async function atWeb(): Promise<TestTerminal> {
    // nsenter leaves the folder that it is started in.
    const command = host.inside(['env', '-C', folder, process.execPath, program])
    const terminal = openTestTerminal(command, { columns: 120, rows: 40 })
    await terminal.waitFor('live')
    await terminal.waitFor('br0')
    await terminal.press('2', '/')
    terminal.send('web')
    await terminal.waitFor('1 row')
    await terminal.press('enter')
    return terminal
  }

  test('a ping runs line by line until K, quit asks, and the helper ends with the program', async () => {
    const terminal = await atWeb()
    try {
      await terminal.press('p')
      terminal.send('172.17.0.1 --interval 0.2 --count 500')
      await terminal.press('enter')
      await terminal.waitFor(/> +1 +web +ping 172\.17\.0\.1.* run +\d+ of 500 sent/, 15_000)
      await terminal.waitFor(/seq 3/, 15_000)
      // The first ones may not be sent: links that came up a moment ago have no queue yet.
      await terminal.waitFor(/[▁▂▃▄▅▆▇█]+ +\d.* ms to /, 15_000)
      const [helper] = helpers()
      expect(helper).toMatch(/^\d+$/)

      await terminal.press('q')
      await terminal.waitFor('this runs, and ends with the program')
      await terminal.press('n')
      await terminal.press('K')
      await terminal.waitFor(/> +1 +web +ping .* \d+ of \d+ answered/, 10_000)
      // The helper waits for the next probe.
      expect(helpers()).toEqual([helper])

      await terminal.press('r')
      await terminal.waitFor(/> +2 +web +ping .* run /, 10_000)
      await terminal.press('q')
      await terminal.waitFor('this runs, and ends with the program')
      await terminal.press('enter')
      expect(await terminal.exited()).toBe(0)
      await vi.waitFor(() => expect(helpers()).toEqual([]), { timeout: 5000 })
    } finally {
      terminal.close()
    }
  }, 60_000)

  test('a tcp port that a rule drops: the verdict, the rule that grew, again and again until K', async () => {
    const terminal = await atWeb()
    try {
      await terminal.press('t')
      terminal.send('172.17.0.1:81 --timeout 0.5')
      await terminal.press('enter')
      await terminal.waitFor(/>! +1 +web +tcp 172\.17\.0\.1:81.* timeout/, 15_000)
      // Where reading the rules takes longer than the probe may wait for it, that is what it tells.
      await terminal.waitFor(/input 1 .*\+\d|which rules of host counted is not told/, 10_000)
      await terminal.press('R')
      await terminal.waitFor(/ again 0 of 2 runs ok/, 20_000)
      await terminal.press('K')
      await terminal.waitFor(/0 of \d runs ok; .*timeout/, 10_000)
      await terminal.press('backspace')
      await terminal.waitFor(/1 of \d+ fit/)
      await terminal.press('q')
      expect(await terminal.exited()).toBe(0)
      await vi.waitFor(() => expect(helpers()).toEqual([]), { timeout: 5000 })
    } finally {
      terminal.close()
    }
  }, 60_000)

  test('a capture shows packets as they come, saves what it keeps as pcapng, and tells where they were', async () => {
    const terminal = await atWeb()
    try {
      await terminal.press('c')
      terminal.send('eth0 icmp')
      await terminal.press('enter')
      await terminal.waitFor(/> +1 +web +capture eth0 icmp +run/, 15_000)
      const ping = host.spawn(['ip', 'netns', 'exec', 'web', 'ping', '-i', '0.2', '172.17.0.1'])
      await terminal.waitFor(/ICMP echo request.*seq 3/, 15_000)
      await terminal.press('o')
      await terminal.waitFor(/ packets? .*\.pcapng/, 10_000)
      const [file = ''] = readdirSync(folder)
      expect(file).toMatch(/^vethscope-vm01-capture-\d{8}T\d{6}Z\.pcapng$/)
      expect(host.run(['tcpdump', '-nr', join(folder, file)])).toMatch(
        /172\.17\.0\.2 > 172\.17\.0\.1: ICMP echo/,
      )
      await terminal.press('K')
      await terminal.waitFor(/> +1 +web +capture eth0 icmp +\d+ packets/, 10_000)
      await terminal.waitFor(/seen on .*eth0.* \d+/)
      ping.kill()
      await terminal.press('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      terminal.close()
    }
  }, 60_000)
}
