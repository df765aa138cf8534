/** The screens that the documents show as text are the program's; those of docs/tour.md also by test/tui/tour.test.ts. */
import { readFileSync } from 'node:fs'
import { beforeAll, expect, test } from 'vitest'
import type { Line } from '../../src/tui/frame.ts'
import { live } from './screen.ts'
import { dockerHost } from './worlds.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const document = (name: string): string =>
  readFileSync(new URL(`../../docs/${name}`, import.meta.url), 'utf8')
const line = (text: string): Line => ({ spans: [{ text, role: 'text' }] })
const printed = [
  '# ip -br a',
  'lo               UNKNOWN        127.0.0.1/8 ::1/128',
  'eth0@if12        UP             172.17.0.3/16',
  '# ',
]

test.each(['tour.md', 'screens.md'])('%s shows the tabs that there are', (name) => {
  const it = live(dockerHost())
  const tabs = /^ 1Topo .*7Log /m.exec(it.text())?.[0] ?? 'no tabs'
  const shown = document(name).match(/^ 1\w+ 2.*$/gm) ?? []
  expect(shown).not.toEqual([])
  for (const each of shown) expect(each.slice(0, tabs.length)).toBe(tabs)
})

test('screens.md shows a shell as it is drawn: its lines, in their order, without some', () => {
  const it = live(dockerHost(), { shells: true })
  for (const name of ['nginx1', 'redis123', 'nginx1']) {
    it.keys('1', 'f')
    it.type(name)
    it.keys('enter', 's', 'C-]')
  }
  it.keys('enter')
  const screen = { lines: printed.map(line), cursor: null, back: 0, kept: 40 }
  it.send({ type: 'shell-screen', number: 1, screen })
  const shown = /^## `s` shells\n```\n([^`]+)\n```$/m.exec(document('screens.md'))?.[1]?.split('\n') ?? []
  expect(shown.length).toBeGreaterThan(9)
  const drawn = it.text().split('\n')
  let from = 0
  for (const each of shown) {
    const at = drawn.indexOf(each.replace('█', '').trimEnd(), from)
    expect(at, `after line ${from}: ${each}\n${it.text()}`).toBeGreaterThanOrEqual(from)
    from = at + 1
  }
})
