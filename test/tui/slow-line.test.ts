/** Over a line that carries 20 kB a second and has everything under way for 200 ms, as in a train. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { keymap } from '../../src/tui/keymap.ts'
import { openRenderer } from '../../src/tui/render/render.ts'
import { shippedTheme } from '../../src/tui/theme.ts'
import { buildVethscope } from '../support/program.ts'
import { keyBytes, openTestTerminal } from '../support/terminal.ts'
import { screen } from '../tui-unit/screen.ts'
import { bigHost } from '../tui-unit/worlds.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-slow-'))
const file = join(folder, 'big.json')
const size = { columns: 120, rows: 40 }
const world = bigHost(150)
let program = ''

beforeAll(async () => {
  program = join(await buildVethscope(), 'main.js')
  writeFileSync(file, JSON.stringify(world))
})
afterAll(() => rmSync(folder, { recursive: true }))

/** 200 keys, of which most change the whole picture; each one that is lost or misread leads elsewhere. */
const walk: readonly string[] = Array.from({ length: 20 }, (_, at) => [
  'pagedown',
  'j',
  '2',
  'down',
  'pagedown',
  '?',
  'q',
  '1',
  at % 3 === 0 ? 'pageup' : 'pagedown',
  at % 2 === 0 ? 'k' : 'down',
]).flat()

/** The same keys without a line: where they lead, and how much it would be to draw the answer to each. */
function played() {
  const it = screen({ mode: 'replay', file, world, size })
  it.send({ type: 'resize', size })
  const theme = shippedTheme('dark')
  if (theme === null) throw new Error('no theme')
  let bytes = 0
  const write = (text: string) => {
    bytes += Buffer.byteLength(text)
  }
  const renderer = openRenderer({ term: 'xterm-256color', utf8: true, size, theme, write })
  renderer.draw(it.frame())
  // A quarter of it tells how much the whole is: drawing costs processor time that CI has little of.
  walk.forEach((key, at) => {
    it.keys(key)
    if (at < walk.length / 4) renderer.draw(it.frame())
  })
  renderer.close()
  return { it, bytes: bytes * 4 }
}

test('keys are neither lost nor misread, and frames are dropped, not queued', async () => {
  expect(walk).toHaveLength(200)
  expect(walk.every((key) => keymap.some(({ keys }) => keys.includes(key)))).toBe(true)
  const { it, bytes: ifAllWereDrawn } = played()
  const selected = it.line('>').trimEnd()
  expect(selected).not.toBe('')
  const line = { bytesPerSecond: 20_000, delayMs: 200 }
  const terminal = openTestTerminal([process.execPath, program, '--replay', file], { ...size, line })
  try {
    await terminal.waitFor('docker0')
    await terminal.waitFor('q quit')
    const atFirst = terminal.bytes
    for (const key of walk) {
      const sequence = keyBytes[key] ?? key
      // A sequence that comes in two reads, as it does when packets are cut.
      if (sequence.length > 2) {
        terminal.send(sequence.slice(0, 2))
        await new Promise((resolve) => setTimeout(resolve, 5))
        terminal.send(sequence.slice(2))
      } else terminal.send(sequence)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    const lastKey = Date.now()
    const atLastKey = terminal.bytes
    const wanted = it.text().trimEnd().split('\n').slice(1)
    await terminal.waitFor((text) => text.split('\n').slice(1).join('\n').trimEnd() === wanted.join('\n'))
    const behind = Date.now() - lastKey
    expect(terminal.text()).toContain(selected)
    const carried = terminal.bytes - atFirst
    await terminal.idle(300)
    expect(ifAllWereDrawn).toBeGreaterThan(3 * carried)
    // What the kernel keeps of a terminal (14 kB), the rest of one frame and the last one: all else was dropped.
    expect(terminal.bytes - atLastKey).toBeLessThan(40_000)
    // The same at 20 kB/s, there and back.
    expect(behind).toBeLessThan(3000)
    terminal.send('q')
    expect(await terminal.exited()).toBe(0)
    await terminal.screen.settled()
  } finally {
    terminal.close()
  }
})

test('a terminal that takes nothing any more (Ctrl-S): keys are still heard, and q quits', async () => {
  const line = { bytesPerSecond: 200_000, delayMs: 0 }
  const terminal = openTestTerminal([process.execPath, program, '--replay', file], { ...size, line })
  try {
    await terminal.waitFor('q quit')
    line.bytesPerSecond = 0
    // More than the kernel keeps of a terminal.
    for (const key of walk.slice(0, 60)) {
      terminal.send(keyBytes[key] ?? key)
      await new Promise((resolve) => setTimeout(resolve, 15))
    }
    const asked = Date.now()
    terminal.send('q')
    expect(await terminal.exited()).toBe(0)
    // It tries for two seconds to put the terminal back.
    expect(Date.now() - asked).toBeGreaterThan(1500)
  } finally {
    terminal.close()
  }
})
