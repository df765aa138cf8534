/** Traffic inside a played host makes the chart of the selected link rise, and hardly anything is written for it. */
import { join } from 'node:path'
import { writeFileSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal } from '../support/terminal.ts'

if (requires({ root: true, tools: ['ip', 'unshare', 'nsenter', 'ping'] })) {
  let host: TestHost
  let program = ''

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    host = await playHost()
    host.ip(
      'link set lo up',
      'link add docker0 type bridge',
      'addr add 172.17.0.1/16 dev docker0',
      'link set docker0 up',
      'netns add web',
      'link add vethweb type veth peer name eth0 netns web',
      'link set vethweb master docker0 up',
    )
    host.run(['ip', '-n', 'web', 'addr', 'add', '172.17.0.2/16', 'dev', 'eth0'])
    host.run(['ip', '-n', 'web', 'link', 'set', 'eth0', 'up'])
  }, 60_000)
  afterAll(async () => host.end())

  test('a line of braille rises with the traffic; b counts packets', async () => {
    const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 120, rows: 40 })
    try {
      await terminal.waitFor('live')
      await terminal.waitFor('vethweb')
      for (let times = 0; times < 9 && !/── vethweb in host/.test(terminal.text()); times++)
        await terminal.press('j')
      await terminal.waitFor(/rx [\d.]+ {2}tx [\d.]+ {2}\w*bit\/s ─/)
      // Rests of what links say to each other when they come up, at most.
      expect(terminal.text()).not.toMatch(/ {2}Mbit\/s ─/)
      host.spawn(['ping', '-q', '-i', '0.005', '-s', '1400', '172.17.0.2'])
      await terminal.waitFor(/rx [1-9][\d.]* {2}tx [1-9][\d.]* {2}Mbit\/s ─/, 10_000)
      await terminal.waitFor(/[\u2801-\u28ff].* rx/)
      const before = terminal.bytes
      await new Promise((done) => setTimeout(done, 2000))
      const perSecond = (terminal.bytes - before) / 2
      expect(perSecond).toBeGreaterThan(0)
      expect(perSecond).toBeLessThan(2000)
      await terminal.press('b')
      await terminal.waitFor(/rx \d{3} {2}tx \d{3} {2}pk\/s ─/, 10_000)
      const picture = process.env['VETHSCOPE_TEST_PICTURE']
      if (picture !== undefined) writeFileSync(picture, terminal.svg())
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
      expect(terminal.raw()).not.toMatch(/Deprecat|Warning/)
    } finally {
      terminal.close()
    }
  }, 60_000)
}
