import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeAll, expect, onTestFinished, test } from 'vitest'
import { buildTestProgram } from '../support/program.ts'
import { openTestTerminal, type TerminalOptions, type TestTerminal } from '../support/terminal.ts'

let toy = ''
const open: TestTerminal[] = []

beforeAll(async () => {
  toy = await buildTestProgram(new URL('./programs/toy.ts', import.meta.url))
})
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close()
})

async function start(options: TerminalOptions = {}, args: readonly string[] = []): Promise<TestTerminal> {
  const terminal = openTestTerminal([process.execPath, toy, ...args], options)
  open.push(terminal)
  await terminal.waitFor('ready')
  return terminal
}

/** The terminal as the person had it: shell's screen, cursor, modes, and the tty itself. */
function expectRestored(terminal: TestTerminal): void {
  expect(terminal.screen.alternate).toBe(false)
  expect(terminal.screen.cursorHidden).toBe(false)
  expect(terminal.screen.bracketedPaste).toBe(false)
  expect(terminal.screen.applicationKeys).toBe(false)
}

test('it starts in the alternate screen, answers a key, and quits with code 0 and the terminal restored', async () => {
  const terminal = await start()
  expect(terminal.screen.alternate).toBe(true)
  expect(terminal.screen.cursorHidden).toBe(true)
  expect(terminal.screen.bracketedPaste).toBe(true)
  await terminal.press('p', 'up', 'enter')
  expect(terminal.text()).toContain('key p')
  expect(terminal.text()).toContain('key up')
  expect(terminal.text().match(/key enter/g)).toHaveLength(1)
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
  expectRestored(terminal)
  expect(terminal.text().trim()).toBe('')
})

test('Ctrl-C is a key, and ends it', async () => {
  const terminal = await start()
  terminal.send('\x03')
  expect(await terminal.exited()).toBe(130)
  expectRestored(terminal)
})

test.each([
  ['SIGINT', 130],
  ['SIGTERM', 143],
  ['SIGHUP', 129],
  ['SIGQUIT', 131],
] as const)('%s restores the terminal and ends with %i', async (signal, code) => {
  const terminal = await start()
  terminal.signal(signal)
  expect(await terminal.exited()).toBe(code)
  expectRestored(terminal)
})

test.each([
  ['an exception in update', 'X', 'thrown in \\x1b[31mupdate'],
  ['an exception in view', 'V', 'thrown in view'],
  ['a rejection that nobody caught', 'R', 'rejected'],
])('%s: terminal first, then one sentence, code 5', async (_, key, message) => {
  const terminal = await start()
  terminal.send(key)
  expect(await terminal.exited()).toBe(5)
  expectRestored(terminal)
  const text = terminal.text().replaceAll('\n', '')
  expect(text).toMatch(/^toy: an error of the program itself ended it: Error: /)
  expect(text).toContain(message)
  expect(text).toContain('please report it')
  const raw = terminal.raw()
  expect(raw).not.toContain('said too early')
  expect(raw.indexOf('\x1b[?1049l')).toBeLessThan(raw.indexOf('toy: an error'))
})

test('an escape sequence split over two reads is one key', async () => {
  const terminal = await start()
  terminal.send('\x1b')
  await new Promise((resolve) => setTimeout(resolve, 15))
  terminal.send('[A')
  await terminal.waitFor('key up')
  expect(terminal.text()).not.toContain('key escape')
  expect(terminal.text()).not.toContain('key A')
})

test('Escape alone is a key, soon', async () => {
  const terminal = await start()
  const before = performance.now()
  terminal.send('\x1b')
  await terminal.waitFor('key escape')
  expect(performance.now() - before).toBeLessThan(500)
})

test('pasted text is one message and no keys', async () => {
  const terminal = await start()
  await terminal.press('\x1b[200~q veth195490d\rX\x1b[201~')
  expect(terminal.text()).toContain(String.raw`paste "q veth195490d\nX"`)
  await terminal.press('p')
  expect(terminal.text()).toContain('key p')
})

test('a new size is drawn whole, and a storm of sizes ends in the last one', async () => {
  const terminal = await start()
  terminal.resize(120, 40)
  await terminal.waitFor('toy 120x40')
  expect(terminal.screen.cell(39, 119).text).toBe('|')
  for (let at = 0; at < 60; at += 1) terminal.resize(61 + at, 20 + (at % 20))
  terminal.resize(90, 30)
  await terminal.waitFor('toy 90x30')
  await terminal.idle()
  const edge = Array.from({ length: 30 }, (_, row) => terminal.screen.cell(row, 89).text)
  expect(edge.join('')).toBe('|'.repeat(30))
  await terminal.press('p')
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
})

test('many sizes in a row cost at most some thirty frames a second', async () => {
  const terminal = await start()
  await terminal.idle()
  const before = terminal.raw().length
  const began = Date.now()
  for (let at = 0; at < 100; at += 1) {
    terminal.resize(80 + (at % 2), 24)
    await new Promise((resolve) => setTimeout(resolve, 4))
  }
  await terminal.idle()
  const seconds = (Date.now() - began) / 1000
  const clears = terminal.raw().slice(before).split('\x1b[2J').length - 1
  expect(clears).toBeGreaterThan(2)
  expect(clears).toBeLessThanOrEqual(Math.ceil(seconds * 31) + 2)
})

test('nothing is written while nothing happens', async () => {
  const terminal = await start()
  await terminal.idle()
  const before = terminal.bytes
  await new Promise((resolve) => setTimeout(resolve, 300))
  expect(terminal.bytes).toBe(before)
})

test('moving the selection costs at most 1 kB', async () => {
  const terminal = await start()
  await terminal.press('p', 'down')
  const before = terminal.bytes
  await terminal.press('down')
  expect(terminal.bytes - before).toBeLessThanOrEqual(1000)
})

test('redraw repairs what something else wrote on the screen', async () => {
  const terminal = await start()
  const before = terminal.text()
  terminal.screen.write('\x1b[5;5Hrubbish of another program')
  await terminal.screen.settled()
  expect(terminal.text()).not.toBe(before)
  await terminal.press('C-l')
  expect(terminal.text()).toBe(before)
})

test('a wake comes once, after its time', async () => {
  const terminal = await start()
  await terminal.press('W')
  await terminal.waitFor('clock')
  await terminal.idle(120)
  expect(terminal.text().match(/clock/g)).toHaveLength(1)
})

test.each([
  ['nosuchterm', 'a name nobody knows'],
  ['xterm', 'eight colours by name'],
  ['linux', 'the console'],
  ['vt220', 'a serial console'],
])('TERM=%s (%s) works', async (term) => {
  const terminal = await start({ term })
  await terminal.press('p')
  expect(terminal.text()).toContain('key p')
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
})

test('without a UTF-8 locale only ASCII is written', async () => {
  const terminal = await start({ env: { LANG: 'C' } })
  expect(terminal.raw()).not.toMatch(/[^\x00-\x7f]/)
  expect(terminal.screen.rows()[0]).toBe('toy 80x24 ???? ? e?'.padEnd(79) + '|')
})

test('hostile letters leave the right border in its column', async () => {
  const terminal = await start()
  expect(terminal.screen.rows()[0]).toMatch(/^toy 80x24 容器 □ e□ +\|$/)
  expect(terminal.screen.rows().every((row) => row.endsWith('|'))).toBe(true)
})

test.each([
  ['the hang-up signal says so', ''],
  // In a session of its own it has no controlling terminal, so the kernel sends it no SIGHUP.
  ['only the end of input says so', 'setsid --wait'],
])('the terminal’s window closes and %s: it ends at once, with 129', async (_, session) => {
  const folder = mkdtempSync(join(tmpdir(), 'vethscope-hangup-'))
  onTestFinished(() => rmSync(folder, { recursive: true }))
  // The first process of the terminal outlives it, to tell how the program ended.
  const script = `
    trap '' HUP; exec 3<&0
    ${session} "$0" "$1" <&3 &
    wait $!; echo $? >"$2/part"; mv "$2/part" "$2/code"`
  const terminal = openTestTerminal(['sh', '-c', script, process.execPath, toy, folder])
  open.push(terminal)
  await terminal.waitFor('ready')
  terminal.hangup()
  await expect.poll(() => existsSync(join(folder, 'code')), { timeout: 4000 }).toBe(true)
  expect(readFileSync(join(folder, 'code'), 'utf8').trim()).toBe('129')
})
