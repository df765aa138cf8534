/** The Rules screen of the real program, on a file that holds rules. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import type { World } from '../../src/model/world.ts'
import { buildVethscope } from '../support/program.ts'
import { firewall, iptables } from '../support/ruleset.ts'
import { openTestTerminal, type TerminalOptions, type TestTerminal } from '../support/terminal.ts'
import { dockerRules, withFirewall } from '../tui-unit/rules-world.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-rules-'))
const open: TestTerminal[] = []
let program = ''

beforeAll(async () => {
  program = join(await buildVethscope(), 'main.js')
})
afterEach(() => {
  for (const terminal of open.splice(0)) terminal.close()
})
afterAll(() => rmSync(folder, { recursive: true }))

async function replay(world: World, options: TerminalOptions = {}): Promise<TestTerminal> {
  const file = join(folder, 'rules.json')
  writeFileSync(file, JSON.stringify(world))
  const terminal = openTestTerminal([process.execPath, program, '--replay', file], options)
  open.push(terminal)
  await terminal.waitFor('docker0')
  await terminal.idle(60)
  return terminal
}

test('from the start view to the rule that publishes a port, to its container, and back', async () => {
  const terminal = await replay(dockerRules(), { columns: 120, rows: 40 })
  expect(terminal.screen.line('F18 veth8c1')).toContain('[n] next')
  await terminal.press('3')
  expect(terminal.screen.line('1 MASQUERADE 172.17.0.0/16')).toMatch(/^>/)
  expect(terminal.screen.line('packets from 172.17.0.0/16')).toContain('that leave by any link but docker0')
  const dnat = terminal.screen.find('DNAT')
  expect(terminal.screen.cell(dnat.row, dnat.column).fg).not.toBeNull()
  await terminal.press('/')
  terminal.send('dnat')
  await terminal.waitFor(/holds dnat: 3 rows/)
  await terminal.press('enter', 'enter')
  expect(terminal.screen.line('⇄>nginx1')).toContain('vethe8201cd')
  await terminal.press('backspace', 'escape')
  expect(terminal.screen.line('1 MASQUERADE 172.17.0.0/16')).not.toBe('')
  await terminal.press('1', 'n')
  expect(terminal.screen.line('finding 1 of')).not.toBe('')
  terminal.send('q')
  expect(await terminal.exited()).toBe(0)
})

test('without colours what drops and what accepts is told by its word and its weight', async () => {
  const terminal = await replay(dockerRules(), { columns: 120, rows: 40, env: { NO_COLOR: '1' } })
  await terminal.press('3')
  const drop = terminal.screen.find('policy DROP')
  const cell = terminal.screen.cell(drop.row, drop.column + 'policy '.length)
  expect(cell).toMatchObject({ text: 'D', fg: null, bold: true })
})

test('30,000 rules: the last one is there after one key, and each key writes no more than a screen', async () => {
  const lines = Array.from({ length: 30_000 }, (_, at) => `-A FORWARD -s 10.0.${at >> 8}.${at & 255} -j DROP`)
  const many = firewall([iptables('filter', ['-P FORWARD', ...lines].join('\n'))])
  const terminal = await replay(withFirewall(dockerRules(), many))
  await terminal.press('3')
  await terminal.press('end')
  expect(terminal.screen.line('30000 DROP       ')).toMatch(/^>.*10\.0\.117\.47/)
  const before = terminal.bytes
  await terminal.press('pageup')
  expect(terminal.bytes - before).toBeLessThan(8000)
  expect(terminal.screen.line('━> host')).toContain('FORWARD')
  await terminal.press('left')
  expect(terminal.screen.line('FORWARD  policy')).toMatch(/^>/)
})
