import { spawnSync } from 'node:child_process'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal, type TerminalOptions, type TestTerminal } from '../support/terminal.ts'
import { openTmux } from '../support/tmux.ts'

let program = ''
const open: TestTerminal[] = []

beforeAll(async () => {
  program = join(await buildVethscope(), 'main.js')
})
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close()
})

/** A host at rest; what `vethscope demo` opens is an incident. */
const recording = fileURLToPath(new URL('../../fixtures/demo.json.gz', import.meta.url))

async function demo(options: TerminalOptions = {}): Promise<TestTerminal> {
  const terminal = openTestTerminal([process.execPath, program, '--replay', recording], options)
  open.push(terminal)
  await terminal.waitFor('docker0')
  await terminal.idle(60)
  return terminal
}

test('the demo opens at 80×24 and fits: header, tree with both ends of a pair, details, keys', async () => {
  const terminal = await demo()
  expect(terminal.screen.line('vethscope')).toContain('vm01')
  expect(terminal.screen.line('vethredis')).toContain('redis')
  expect(terminal.screen.line('vethredis')).toContain('172.17.0.2')
  expect(terminal.screen.rows()[23]).toContain('help')
  expect(terminal.screen.rows()[23]).toContain('quit')
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
  expect(terminal.screen.alternate).toBe(false)
})

test('a move of the selection costs at most 1 kB at 80×24, and shows where it went', async () => {
  const terminal = await demo()
  for (let row = 0; row < 8; row += 1) {
    const before = terminal.bytes
    await terminal.press('down')
    expect(terminal.bytes - before).toBeLessThanOrEqual(1000)
  }
  const selected = terminal.screen.rows().findIndex((line) => line.startsWith('>'))
  expect(selected).toBeGreaterThan(4)
  expect(terminal.screen.cell(selected, 40).bg).not.toBeNull()
})

test('nothing is written while nothing happens', async () => {
  const terminal = await demo()
  await terminal.press('down')
  const before = terminal.bytes
  await new Promise((resolve) => setTimeout(resolve, 400))
  expect(terminal.bytes).toBe(before)
})

test('the panes of 120×40 appear when the terminal grows, and go when it shrinks', async () => {
  const terminal = await demo()
  expect(terminal.text()).not.toContain('recent changes')
  terminal.resize(120, 40)
  await terminal.waitFor('recent changes')
  terminal.resize(80, 24)
  await terminal.waitFor((text) => !text.includes('recent changes'))
  terminal.resize(50, 10)
  await terminal.waitFor('60x16')
})

test('help opens and closes with Escape, which never quits', async () => {
  const terminal = await demo()
  const before = terminal.text()
  await terminal.press('?')
  expect(terminal.text()).toContain('help: keys')
  await terminal.press('escape')
  expect(terminal.text()).toBe(before)
})

test('a filter pasted into its line keeps the ancestors of a hit', async () => {
  const terminal = await demo()
  await terminal.press('/')
  expect(terminal.screen.cursorHidden).toBe(false)
  expect(terminal.screen.cursor.row).toBe(23)
  await terminal.press('\x1b[200~vethdb\r\x1b[201~')
  await terminal.waitFor((text) => !text.includes('vethredis'))
  expect(terminal.text()).toContain('vethdb')
  expect(terminal.text()).toContain('br-3d53f0a1c2b4')
})

test('Ctrl-C ends it, SIGTERM with 143, the terminal restored', async () => {
  const first = await demo()
  first.send('\x03')
  await first.exited()
  expect(first.screen.alternate).toBe(false)
  const second = await demo()
  second.signal('SIGTERM')
  expect(await second.exited()).toBe(143)
  expect(second.screen.alternate).toBe(false)
  expect(second.screen.bracketedPaste).toBe(false)
})

test('NO_COLOR: no colour in what is written', async () => {
  const terminal = await demo({ env: { NO_COLOR: '1' } })
  expect(terminal.raw()).not.toMatch(/\x1b\[[0-9;]*(3[0-8]|4[0-8]|9[0-7]|10[0-7])(;[0-9;]*)?m/)
})

test('without UTF-8 only ASCII is written, also by the tree', async () => {
  const terminal = await demo({ env: { LANG: 'C', LC_ALL: 'C' } })
  expect(terminal.raw()).not.toMatch(/[^\x00-\x7f]/)
  expect(terminal.screen.line('vethredis')).toContain('redis')
})

test.each([
  ['TERM=dumb', ['TERM=dumb']],
  ['no TERM', ['-u', 'TERM']],
])('%s is refused with 2 and the command that works', async (_, change) => {
  const terminal = openTestTerminal(['env', ...change, process.execPath, program, 'demo'])
  open.push(terminal)
  expect(await terminal.exited()).toBe(2)
  expect(terminal.raw()).toContain('vethscope show')
  expect(terminal.raw()).not.toContain('\x1b[?1049h')
})

test('without a terminal it is refused with 2 and the command that works', () => {
  const result = spawnSync(process.execPath, [program, 'demo'], { encoding: 'utf8', input: '' })
  expect(result.status).toBe(2)
  expect(result.stderr).toContain('vethscope show')
  expect(result.stdout).toBe('')
})

test('an unknown theme is refused before anything is drawn', async () => {
  const terminal = openTestTerminal([process.execPath, program, 'demo', '--theme', 'nope'])
  open.push(terminal)
  expect(await terminal.exited()).not.toBe(0)
  expect(terminal.text()).toContain('no theme is called "nope"')
  expect(terminal.raw()).not.toContain('\x1b[?1049h')
})

test('live on this host: the worker fills the screen, and everything ends with q', async () => {
  const terminal = openTestTerminal([process.execPath, program])
  open.push(terminal)
  await terminal.waitFor(/\d+ ns/, 20_000)
  await terminal.waitFor('── host', 20_000)
  expect(readdirSync(`/proc/${terminal.pid}/task`).length).toBeGreaterThan(5)
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
  expect(terminal.screen.alternate).toBe(false)
})

if (requires({ tools: ['tmux'] })) {
  test('in tmux at 80×24 the demo stands as in any other terminal', async () => {
    const tmux = openTmux([process.execPath, program, '--replay', recording])
    try {
      await tmux.waitFor('docker0')
      const plain = await demo()
      await tmux.waitFor((text) => text.split('\n')[23]?.includes('quit') === true)
      const withoutTime = (text: string) => text.replace(/\d\d:\d\d/, '')
      expect(
        withoutTime(
          tmux
            .lines()
            .map((line) => line.trimEnd())
            .join('\n'),
        ),
      ).toBe(
        withoutTime(
          plain.screen
            .rows()
            .map((line) => line.trimEnd())
            .join('\n'),
        ),
      )
    } finally {
      tmux.close()
    }
  })
}
