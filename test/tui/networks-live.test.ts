/** A lab made, used and taken back on the screen, on a host of its own: key 5, forms, plans, Ctrl-S, undo. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { join } from 'node:path'
import { playHost, type TestHost } from '../support/host.ts'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

const made = /done, and seen to be so; change \d+/
const applies = '\x13'
const limit = 30_000

if (requires({ root: true, tools: ['ip', 'nft', 'unshare', 'nsenter'] })) {
  let host: TestHost
  let program = ''

  beforeAll(async () => {
    program = join(await buildVethscope(), 'main.js')
    host = await playHost()
  }, 60_000)
  afterAll(async () => host.end())

  /** Makes what the open form says once its plan is there, and closes what came of it. */
  async function make(terminal: TestTerminal, command: RegExp): Promise<void> {
    await terminal.waitFor(command, limit)
    await terminal.press(applies)
    await terminal.waitFor(made, limit)
    await terminal.press('\r')
    await terminal.waitFor(/━> networks \d/, limit)
  }

  test('a network and a node are made, the node answers, and undo takes it all back', async () => {
    const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 110, rows: 32 })
    try {
      await terminal.waitFor('live')
      await terminal.press('5')
      await terminal.waitFor('no engine of this host has a network', limit)
      await terminal.press('a')
      await terminal.waitFor(/> make a network/)
      await terminal.press('\r')
      await terminal.waitFor(/> name/)
      terminal.send('lab0')
      expect(host.try(['ip', 'link', 'show', 'lab0']).code).not.toBe(0)
      await make(terminal, /\+ ip link add name lab0 .*type bridge/)
      await terminal.waitFor(/> +lab0 +lab +bridge +172\.17\.0\.0\/16 +lab0 .*mine/, limit)
      expect(host.try(['ip', 'addr', 'show', 'lab0']).stdout).toContain('172.17.0.1/16')

      await terminal.press('a')
      await terminal.press('\x1b[B')
      await terminal.press('\r')
      await terminal.waitFor(/> name/)
      terminal.send('web')
      await make(terminal, /\+ ip netns add web/)
      await terminal.waitFor(/web +172\.17\.0\.2 /, limit)
      expect(host.try(['ip', 'netns', 'exec', 'web', 'ping', '-c1', '172.17.0.1']).code).toBe(0)

      await terminal.press('}')
      await terminal.waitFor(/> +web +lab0 +172\.17\.0\.2/, limit)
      await terminal.press('p')
      await terminal.waitFor('ping from web', limit)
      await terminal.press('\r')
      await terminal.waitFor(/web +ping gateway +(run +)?.*[1-4] of [1-4]/, limit)

      await terminal.press('5')
      await terminal.press('u')
      await terminal.waitFor(/take a change back/)
      await terminal.waitFor(/\+ ip netns del/, limit)
      await terminal.press(applies)
      await terminal.waitFor(/change 2 is taken back, and seen to be so; change 3/, limit)
      expect(host.try(['ip', 'netns', 'list']).stdout).not.toContain('web')
      await terminal.press('\r')
      await terminal.waitFor(/networks 1 ─ members 0/, limit)
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      terminal.close()
    }
  }, 120_000)
}
