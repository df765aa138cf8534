/** The config file, --debug and what is left after a crash, with the real program in a terminal. */
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest'
import { buildVethscope } from '../support/program.ts'
import { openTestTerminal, type TestTerminal } from '../support/terminal.ts'

const home = mkdtempSync(join(tmpdir(), 'vethscope-settings-'))
const [config, state] = [join(home, 'config'), join(home, 'state')]
afterAll(() => rmSync(home, { recursive: true, force: true }))
let program = ''
const open: TestTerminal[] = []

beforeAll(async () => {
  program = join(await buildVethscope(), 'main.js')
})
beforeEach(() => {
  for (const folder of [config, state]) rmSync(folder, { recursive: true, force: true })
  mkdirSync(join(config, 'vethscope/themes'), { recursive: true, mode: 0o700 })
})
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close()
})

function started(args: readonly string[], env: Readonly<Record<string, string>> = {}): TestTerminal {
  const terminal = openTestTerminal([process.execPath, program, ...args], {
    env: { XDG_CONFIG_HOME: config, XDG_STATE_HOME: state, ...env },
  })
  open.push(terminal)
  return terminal
}

const write = (name: string, content: unknown) =>
  writeFileSync(join(config, 'vethscope', name), JSON.stringify(content), { mode: 0o600 })

test('theme and ASCII of the config file; a flag goes before it', async () => {
  write('config.json', { theme: 'mine', ascii: true })
  write('themes/mine.json', { extends: 'light', ground: 230 })
  const terminal = started(['demo'])
  await terminal.waitFor('docker0')
  await terminal.idle(60)
  expect(terminal.screen.cell(10, 79).bg).toBe(230)
  expect(terminal.raw()).not.toMatch(/[^\x00-\x7f]/)
  const dark = started(['demo', '--theme', 'dark'])
  await dark.waitFor('docker0')
  expect(dark.screen.cell(10, 79).bg).toBe(null)
})

test('a mistake is told before anything is drawn; --no-config starts all the same', async () => {
  write('config.json', { keys: { 'page-donw': ['x'] } })
  const terminal = started(['demo'])
  expect(await terminal.exited()).toBe(2)
  expect(terminal.text().replaceAll('\n', '')).toMatch(
    /keys\.page-donw is no action; did you mean page-down\? *--no-config/,
  )
  expect(terminal.raw()).not.toContain('\x1b[?1049h')
  const other = started(['demo', '--no-config'])
  await other.waitFor('docker0')
})

test('a config that others may write is refused', async () => {
  write('config.json', {})
  chmodSync(join(config, 'vethscope/config.json'), 0o666)
  const terminal = started(['demo'])
  expect(await terminal.exited()).toBe(3)
  expect(terminal.text().replaceAll('\n', '')).toContain('may be written by other users')
})

test('--debug: a file for this user alone, with frames, what the worker told and what was run', async () => {
  const terminal = started(['--debug'])
  await terminal.waitFor(/\d+ ns/, 20_000)
  await terminal.idle(60)
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
  const [name = ''] = readdirSync(join(state, 'vethscope'))
  const file = join(state, 'vethscope', name)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  const log = readFileSync(file, 'utf8')
  expect(log).toMatch(/ main start vethscope \S+, Node v\S+: --debug$/m)
  expect(log).toMatch(/ main to-worker start$/m)
  expect(log).toMatch(/ main from-worker world, \d+ bytes$/m)
  expect(log).toMatch(/ main frame \d+\.\d ms$/m)
  expect(terminal.raw()).not.toContain('from-worker')
})

test('--debug=FILE never writes over a file', async () => {
  const file = join(home, 'there')
  writeFileSync(file, 'precious')
  const terminal = started(['demo', `--debug=${file}`])
  expect(await terminal.exited()).toBe(5)
  expect(terminal.text()).toContain('it exists')
  expect(readFileSync(file, 'utf8')).toBe('precious')
})

test('after a crash the terminal is restored, and the last sentence names a report', async () => {
  const crash = join(home, 'crash.mjs')
  writeFileSync(crash, "setTimeout(() => { throw new Error('boom') }, 2500)\n")
  const terminal = started(['demo'], { NODE_OPTIONS: `--import ${crash}` })
  await terminal.waitFor('docker0')
  expect(await terminal.exited()).toBe(5)
  expect(terminal.screen.alternate).toBe(false)
  const said = terminal.text().replaceAll('\n', '')
  const file = /report it with (\S+\.txt)/.exec(said)?.[1] ?? ''
  expect(existsSync(file), said).toBe(true)
  expect(statSync(file).mode & 0o777).toBe(0o600)
  expect(readFileSync(file, 'utf8')).toMatch(/Error: boom[^]*what was done last:[^]* main config none/)
})
