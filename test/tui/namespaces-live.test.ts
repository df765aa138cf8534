/** The Namespaces screen beside the real worker and the real kernel: what is changed there shows while one looks. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { svgOf } from '../support/svg.ts'
import { openTestTerminal } from '../support/terminal.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'ping', 'sysctl'] })) {
  let host: TestHost
  let program = ''

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    host = await playHost()
    host.ip('link set lo up')
    host.ip('netns add web')
    host.ip('link add veth0 type veth peer name eth0 netns web')
    host.ip('addr add 10.7.0.1/24 dev veth0')
    host.ip('link set veth0 up')
    ipInWeb('addr add 10.7.0.2/24 dev eth0')
    ipInWeb('link set eth0 up')
    ipInWeb('route add default via 10.7.0.1')
  }, 60_000)
  afterAll(async () => host.end())

  function ipInWeb(words: string): void {
    inWeb('ip', ...words.split(' '))
  }

  function inWeb(...command: readonly string[]): void {
    host.try(['ip', 'netns', 'exec', 'web', ...command])
  }

  test('what the kernel tells is on the screen in a moment', async () => {
    const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 120, rows: 40 })
    try {
      await terminal.waitFor('live')
      await terminal.press('2')
      await terminal.waitFor(/ web +named .* 10\.7\.0\.1 /, 10_000)
      const ms: number[] = []
      for (const last of [11, 12, 13, 14, 1]) {
        await terminal.idle(100)
        const began = performance.now()
        ipInWeb(`route replace default via 10.7.0.${last}`)
        await terminal.waitFor(new RegExp(` web +named .* 10\\.7\\.0\\.${last} `), 10_000)
        ms.push(performance.now() - began)
      }
      // Without the signal of the kernel they would be seen after a second, by the median (collect/kernel/watch-readable.ts).
      expect(ms.sort((a, b) => a - b)[2]).toBeLessThan(500)
      await terminal.press('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      terminal.close()
    }
  }, 60_000)

  test('forwarding, settings, routes and drops change while one looks; r answers', async () => {
    const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 120, rows: 40 })
    const picture = (name: string): void => {
      const folder = process.env['PICTURES']
      if (folder !== undefined) writeFileSync(join(folder, `${name}.svg`), svgOf(terminal.screen))
    }
    // Details rest for longer the slower they are to read; what is selected anew is read at once.
    const lookedAgain = async (): Promise<void> => {
      await terminal.press('k')
      await terminal.press('j')
    }
    try {
      await terminal.waitFor('live')
      await terminal.press('2')
      await terminal.waitFor(/ web +named .* 2 +no +10\.7\.0\.1 +10\.7\.0\.2\/24/, 10_000)
      await terminal.press('j')
      for (let sheet = 0; sheet < 7; sheet += 1) await terminal.press('}')
      await terminal.waitFor('every setting is as the kernel has it', 10_000)
      inWeb('sysctl', '-q', '-w', 'net.ipv4.ip_forward=1')
      await terminal.waitFor(/ web +named .* 2 +v4 +10\.7\.0\.1/, 10_000)
      await lookedAgain()
      await terminal.waitFor(/ipv4\.ip_forward +1 +0 +/, 10_000)
      picture('sysctls')
      await terminal.press('}')
      await terminal.waitFor(/growth since .*; 0 counts from now/, 10_000)
      ipInWeb('route del default')
      inWeb('ping', '-c', '1', '-W', '1', '198.51.100.1')
      await lookedAgain()
      await terminal.waitFor(/Ip\.OutNoRoutes +\d+ +\+\d+ +no route leads/, 15_000)
      picture('drops')
      await terminal.press('r')
      terminal.send('198.51.100.1')
      await terminal.waitFor('goes nowhere', 10_000)
      ipInWeb('route add default via 10.7.0.1')
      await terminal.waitFor('leaves by eth0, by way of 10.7.0.1, as 10.7.0.2', 10_000)
      picture('route')
      // As the kernel itself says.
      const said = host.try(['ip', '-n', 'web', 'route', 'get', '198.51.100.1']).stdout
      expect(said).toMatch(/via 10\.7\.0\.1 dev eth0 src 10\.7\.0\.2/)
      terminal.send('\r')
      await terminal.waitFor(/eth0 in web/, 10_000)
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      terminal.close()
    }
  }, 90_000)
}
