/** `:`, copying, themes and the mouse in the real program, on a recording. */
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterEach, beforeAll, expect, test } from 'vitest'
import { buildVethscope } from '../support/program.ts'
import { openTestTerminal, type TerminalOptions, type TestTerminal } from '../support/terminal.ts'

const fixture = fileURLToPath(new URL('../../fixtures/docker.json.gz', import.meta.url))
const open: TestTerminal[] = []
let program = ''

beforeAll(async () => {
  program = join(await buildVethscope(), 'main.js')
})
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close()
})

async function replay(options: TerminalOptions = {}): Promise<TestTerminal> {
  const terminal = openTestTerminal([process.execPath, program, '--replay', fixture], options)
  open.push(terminal)
  await terminal.waitFor('docker0')
  await terminal.idle(60)
  return terminal
}

test('a command is completed and run on the same recording, and its answer stands in a popup', async () => {
  const terminal = await replay({ columns: 120, rows: 40 })
  await terminal.press(':')
  terminal.send('rou\t')
  await terminal.waitFor('route NETNS DST')
  terminal.send('nginx\t')
  await terminal.waitFor(/:route nginx1 /)
  terminal.send('1.1.1.1\r')
  await terminal.waitFor(/: route nginx1 +1\.1\.1\.1 +done in/)
  expect(terminal.screen.text()).toContain('172.17.0.1')
  await terminal.press('escape')
  terminal.send(':find nobody-here\r')
  await terminal.waitFor(/exit 4 in/)
  await terminal.press('escape')
  terminal.send(':quit\r')
  expect(await terminal.exited()).toBe(0)
})

test('y puts the command into the terminal’s clipboard', async () => {
  const terminal = await replay({ env: { TMUX: '', STY: '' } })
  terminal.send('y')
  await terminal.waitFor('copied: ')
  const line = /copied: (.*?) *$/m.exec(terminal.screen.text())?.[1] ?? ''
  expect(line).toContain('ip -d link show')
  const sent = /\x1b\]52;c;([A-Za-z0-9+/=]*)\x07/.exec(terminal.raw())?.[1] ?? ''
  expect(Buffer.from(sent, 'base64').toString()).toContain('ip -d link show')
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
})

test('T draws with another theme at once, and Esc brings the old one back', async () => {
  const terminal = await replay()
  const colour = () => {
    const { row, column } = terminal.screen.find('docker0')
    return terminal.screen.cell(row, column).fg
  }
  const before = colour()
  await terminal.press('T', 'down', 'enter')
  await terminal.idle(60)
  expect(colour()).not.toBe(before)
  await terminal.press('T', 'up', 'enter')
  await terminal.idle(60)
  expect(colour()).toBe(before)
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
})

test('the mouse: asked of the terminal by m, given back at the end', async () => {
  const terminal = await replay()
  expect(terminal.raw()).not.toContain('\x1b[?1000h')
  await terminal.press('m')
  expect(terminal.raw()).toContain('\x1b[?1000h\x1b[?1006h')
  const { row } = terminal.screen.find('docker0')
  terminal.send(`\x1b[<0;10;${row + 1}M\x1b[<0;10;${row + 1}m`)
  await terminal.waitFor(/^>.*docker0/m)
  terminal.send('\x1b[<0;7;2M')
  await terminal.waitFor('FORWARDS')
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
  expect(terminal.raw().lastIndexOf('\x1b[?1000l')).toBeGreaterThan(terminal.raw().lastIndexOf('\x1b[?1000h'))
})
