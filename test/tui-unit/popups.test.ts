/** What opens over the screen, as pictures, with the facts that each must show at both sizes. */
import { beforeAll, expect, test } from 'vitest'
import { commands } from '../../src/command/table.ts'
import { screenCommands } from '../../src/screen-commands.ts'
import { expectGolden } from './golden.ts'
import { live, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

const sizes = [
  { columns: 80, rows: 24 },
  { columns: 60, rows: 20 },
] as const

const printed = ['eth0  192.0.2.2/24', '', ...Array.from({ length: 30 }, (_, at) => `line ${at + 3}`)]

const popups: readonly {
  readonly name: string
  readonly opened: (it: Screen) => void
  readonly facts: (it: Screen) => void
}[] = [
  {
    name: 'menu',
    opened: (it) => it.keys('x', 'j'),
    facts: (it) => {
      expect(it.line('┌ what can be done: eth0 in host')).toMatch(/1-\d+ of \d+ ┐/)
      expect(it.line('>Space')).toContain('mark, and on to the next')
      expect(it.line(' Enter ')).toContain('   not now')
      expect(it.line('Esc closes')).not.toBe('')
    },
  },
  {
    name: 'columns',
    opened: (it) => it.keys('2', 'o', 'j', 'space', 'enter'),
    facts: (it) => {
      expect(it.line('┌ columns, and what orders the rows')).not.toBe('')
      expect(it.line('>[ ] ')).toContain('▲ orders the rows')
      expect(it.text().match(/\[x\] /g)?.length).toBeGreaterThan(4)
    },
  },
  {
    name: 'copy',
    opened: (it) => it.keys('Y', 'j'),
    facts: (it) => {
      expect(it.line(' name ')).toContain('eth0')
      expect(it.line('>address')).toContain('192.0.2.2')
      expect(it.line(' MAC ')).toMatch(/(?:[0-9a-f]{2}:){5}/)
    },
  },
  {
    name: 'themes',
    opened: (it) => it.keys('T', 'j'),
    facts: (it) => {
      expect(it.line('┌ theme: light')).not.toBe('')
      expect(it.line('>light')).toContain('for bright terminals')
      expect(it.text()).toContain('rule.drop')
    },
  },
  {
    name: 'command',
    opened: (it) => {
      it.keys(':')
      it.type('ls n')
      it.keys('tab')
    },
    facts: (it) => {
      expect(it.line('>netns')).not.toBe('')
      expect(it.line(' networks')).not.toBe('')
      expect(it.line('━> ls ')).not.toBe('')
      expect(it.line(' :ls netns ')).toContain('Tab complete')
    },
  },
  {
    name: 'output',
    opened: (it) => {
      it.keys(':')
      it.type('show')
      it.keys('enter')
      it.send({
        type: 'ran',
        id: 1,
        exitCode: 0,
        problem: null,
        output: printed.join('\n'),
        now: it.now + 1200,
      })
      it.keys('j')
    },
    facts: (it) => {
      expect(it.line('┌ : show  done in 1.2 s')).toMatch(/ 2-\d+ of 32 ┐/)
      expect(it.line('line 3 ')).not.toBe('')
      expect(it.line('192.0.2.2/24  ')).not.toMatch(/^│ eth0/)
    },
  },
  {
    name: 'help-search',
    opened: (it) => {
      it.keys('?', '/')
      it.type('namespace connections')
    },
    facts: (it) => {
      expect(it.line('┌ help: what holds these words')).not.toBe('')
      expect(it.line(':connections ')).toContain('the connections of its namespace')
      expect(it.text()).not.toContain('freeze the picture')
      expect(it.line(' / namespace connections')).toContain('Esc all of the help')
    },
  },
]

const themes = [
  { name: 'dark', title: 'for dark terminals' },
  { name: 'light', title: 'for bright terminals' },
]

test('the footer tells the keys of what is open, also those of one’s own, and nothing else', () => {
  const it = live(dockerHost(), { keys: { close: ['C-x'], accept: ['C-j'] } })
  it.keys('x')
  const footer = () => it.text().trimEnd().split('\n').at(-1)
  expect(footer()).toBe(' ↑↓ choose  Ctrl-J do it  Ctrl-X close')
  it.keys('C-x', '!')
  expect(footer()).toBe(' ↑↓ scroll  Ctrl-X close')
})

for (const { name, opened, facts } of popups) {
  for (const size of sizes) {
    const golden = `${name}-${size.columns}x${size.rows}`
    test(golden, () => {
      const it = live(dockerHost(), {
        size,
        themes,
        theme: 'dark',
        commands: screenCommands(commands),
      })
      opened(it)
      facts(it)
      expectGolden(golden, it.text())
    })
  }
}
