import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gunzipSync } from 'node:zlib'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { buildVethscope } from '../support/program.ts'
import { requires } from '../support/requires.ts'
import { openTestTerminal } from '../support/terminal.ts'
import { openTmux } from '../support/tmux.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-hostile-'))
const file = join(folder, 'hostile.json')
let program = ''

/** Names a stranger chose: what the kernel takes as a link's name or alias, and more. */
const names: Readonly<Record<string, string>> = {
  vethredis: '\x1b]0;owned\x07\x1b[2J',
  vethnginx: '\x9b31mred\x9c',
  vethapi2: '{bold}{red-fg}b{/}',
  vethweb: 'a\u202egnp.exe\u2066',
  vethapi: 'web🐳👩‍👩‍👧🇩🇪1\ufe0f\u20e3',
  vethdb: 'x'.repeat(300),
  redis: '容器'.repeat(20),
  nginx: 'e\u0301\u0335\ttab\r\nline',
}

beforeAll(async () => {
  program = join(await buildVethscope(), 'main.js')
  const world: unknown = JSON.parse(
    gunzipSync(readFileSync(new URL('../../fixtures/demo.json.gz', import.meta.url))).toString(),
  )
  writeFileSync(file, JSON.stringify(renamed(world)))
})
afterAll(() => rmSync(folder, { recursive: true }))

function renamed(value: unknown): unknown {
  if (typeof value === 'string') return names[value] ?? value
  if (Array.isArray(value)) return value.map(renamed)
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, renamed(inner)]))
}

test.each([
  [80, 24],
  [120, 40],
])(
  'hostile names reach a terminal of %i×%i as text, and every column stays where it is',
  async (columns, rows) => {
    const terminal = openTestTerminal([process.execPath, program, '--replay', file], { columns, rows })
    try {
      await terminal.waitFor('docker0')
      await terminal.idle(60)
      for (const key of ['down', 'down', 'down', 'down', 'down', 'down', 'down', '?', 'escape']) {
        await terminal.press(key)
      }
      const content = terminal.raw().replace(/\x1b(\[[0-9;?]*[A-Za-z]|[78=>])/g, '')
      expect(content).not.toMatch(/[\x00-\x1f\x7f-\x9f\u200b-\u200f\u202a-\u202e\u2060-\u2069]/)
      expect(content).not.toContain('\ufe0f')
      expect(content).toContain(String.raw`\x1b]0;own`)
      expect(content).toContain('{bold}')
      // The numbers' column stands in one place, whatever is written before it.
      const column = terminal.screen.line('bytes rx').indexOf(' tx ') + 3
      const at = (row: number, place: number): string => terminal.screen.cell(row, place).text.trim()
      const numbers = terminal.screen
        .rows()
        .filter((_, row) => /^[\dkM]$/.test(at(row, column)) && at(row, column + 1) === '').length
      expect(numbers).toBeGreaterThan(8)
      terminal.send('q')
      expect(await terminal.exited()).toBe(0)
    } finally {
      terminal.close()
    }
  },
)

if (requires({ tools: ['tmux'] })) {
  test('tmux shows the same as the emulator, wide letters included', async () => {
    const tmux = openTmux([process.execPath, program, '--replay', file])
    const terminal = openTestTerminal([process.execPath, program, '--replay', file])
    try {
      await terminal.waitFor('docker0')
      await terminal.idle(60)
      const wanted = terminal.screen.rows().slice(1)
      await tmux.waitFor((text) => text.split('\n')[23]?.trimEnd() === wanted[22])
      expect(
        tmux
          .lines()
          .slice(1)
          .map((line) => line.trimEnd()),
      ).toEqual(wanted)
    } finally {
      terminal.close()
      tmux.close()
    }
  })
}
