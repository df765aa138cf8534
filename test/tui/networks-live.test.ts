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
      // Quit asks while one runs, and one whose node goes away waits for the rest of its answers.
      await terminal.waitFor(/web +ping gateway .*4 of 4/, limit)

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

  /** Listens, says so, and answers who it is. */
  const listener = (port: number, name: string): readonly string[] => [
    process.execPath,
    '-e',
    `require('http').createServer((_, to) => to.end('${name}')).listen(${port}, () => console.log('ready'))`,
  ]
  const answerAt = (url: string): string =>
    host.try([
      process.execPath,
      '-e',
      `fetch('${url}').then((it) => it.text()).then(console.log, (why) => console.log('no answer', why.cause.code))`,
    ]).stdout

  test('c connects, P publishes on the next free port, C takes off, D removes', async () => {
    const change = (...words: readonly string[]): string =>
      host.run([process.execPath, program, ...words, '--yes'])
    change('net', 'create', 'one')
    change('net', 'create', 'two')
    change('node', 'add', 'n1', '--network', 'one')
    await host.start(['ip', 'netns', 'exec', 'n1', ...listener(8000, 'it is n1')])
    await host.start(listener(8080, 'it is the host'))
    const gateway = /inet (\S+)\//.exec(host.run(['ip', 'addr', 'show', 'two']))?.[1] ?? ''
    const linksOf = (): string => host.run(['ip', 'netns', 'exec', 'n1', 'ip', '-br', 'link'])
    expect(linksOf()).not.toContain('eth1')

    const terminal = openTestTerminal(host.inside([process.execPath, program]), { columns: 110, rows: 32 })
    try {
      await terminal.waitFor('live')
      await terminal.press('5')
      await terminal.waitFor(/two +lab/, limit)
      await selected(terminal, /> +two +lab/)
      await terminal.press('c')
      await terminal.waitFor(/network +two/)
      await terminal.waitFor(/> node +n1 +→ takes it/)
      await terminal.press('\x1b[C')
      await make(terminal, /\+ ip link add .*type veth peer name eth1/)
      expect(linksOf()).toContain('eth1')

      await terminal.press('}')
      await selected(terminal, /> +n1 +two/)
      await terminal.press('P')
      await terminal.waitFor(/> ports +8081:8000 +→ takes it/, limit)
      await terminal.press('\x1b[C')
      await make(terminal, /\+ nft -f/)
      expect(answerAt(`http://${gateway}:8081`)).toContain('it is n1')
      expect(answerAt(`http://${gateway}:8080`)).toContain('it is the host')

      await selected(terminal, /> +n1 +two/)
      await terminal.press('C')
      await make(terminal, /\+ ip link del/)
      expect(linksOf()).not.toContain('eth1')

      await terminal.press('{')
      await selected(terminal, /> +two +lab/)
      await terminal.press('D')
      await terminal.waitFor(/> remove a network +two/)
      await terminal.press('\r')
      await make(terminal, /\+ ip link del/)
      expect(host.try(['ip', 'link', 'show', 'two']).code).not.toBe(0)
      expect(answerAt(`http://${gateway}:8081`)).toContain('no answer')
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      terminal.close()
    }
  }, 120_000)

  /** Down to the row that is there, or will be. */
  async function selected(terminal: TestTerminal, row: RegExp): Promise<void> {
    await terminal.waitFor(new RegExp(row.source.replace('> +', ' +')), limit)
    for (let step = 0; step < 5 && !row.test(terminal.text()); step += 1) await terminal.press('j')
    await terminal.waitFor(row)
  }
}
