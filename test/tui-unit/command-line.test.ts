import { describe, expect, test } from 'vitest'
import { screenCommands } from '../../src/screen-commands.ts'
import { commands } from '../../src/command/table.ts'
import { keymap, screenContexts } from '../../src/tui/keymap.ts'
import { actionWords, completionsOf } from '../../src/tui/select/completions.ts'
import { wordsOf } from '../../src/lib/words.ts'
import { screen, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

function opened(): Screen {
  const it = screen({ commands: screenCommands(commands) })
  it.world(dockerHost())
  it.keys(':')
  return it
}

const asked = (it: Screen) => it.effects.filter(({ type }) => type === 'run' || type === 'end-run')

describe('completion', () => {
  test('the first word: commands and actions, fuzzy, those that begin so first', () => {
    const it = opened()
    it.type('ro')
    const texts = completionsOf(it.state).map(({ text }) => text)
    expect(texts[0]).toBe('route')
    expect(texts).toContain('growth')
    it.type('ute')
    expect(it.line('>')).not.toContain('route ')
    it.keys('tab')
    expect(it.state.mode.type === 'command' && it.state.mode.input.text).toBe('route ')
  })

  test('then names of namespaces, options and their choices', () => {
    const it = opened()
    it.type('route ngi')
    expect(completionsOf(it.state).map(({ text }) => text)).toEqual(['nginx1'])
    it.keys('tab')
    it.type('--ma')
    expect(completionsOf(it.state).map(({ text }) => text)).toEqual(['--mark'])
    it.keys('escape', ':')
    it.type('ls n')
    expect(completionsOf(it.state).map(({ text }) => text)).toEqual(['netns', 'networks'])
    expect(it.line('ls [')).not.toBe('')
  })

  test('commands of two words: the second, then names and options of that command', () => {
    const it = opened()
    const texts = () => completionsOf(it.state).map(({ text }) => text)
    it.type('link a')
    expect(texts()).toEqual(['add-veth', 'attach'])
    it.keys('escape', ':')
    it.type('link up ngi')
    expect(texts()).toEqual(['nginx1'])
    it.keys('escape', ':')
    it.type('link up host docker')
    expect(texts()).toContain('docker0')
    it.keys('escape', ':')
    it.type('route a')
    expect(texts()).toEqual(['add'])
    it.keys('escape', ':')
    it.type('addr add nginx1 --')
    expect(texts()).toEqual(expect.arrayContaining(['--yes', '--dry-run']))
    expect(texts()).not.toContain('--tell-steps')
  })

  test('Tab goes round and ends where it began', () => {
    const it = opened()
    it.type('ls n')
    const text = () => (it.state.mode.type === 'command' ? it.state.mode.input.text : '')
    it.keys('tab')
    expect(text()).toBe('ls netns ')
    it.keys('tab')
    expect(text()).toBe('ls networks ')
    it.keys('tab')
    expect(text()).toBe('ls n')
    it.keys('S-tab')
    expect(text()).toBe('ls networks ')
  })
})

describe('running', () => {
  test('a command runs beside the screen; what it printed stands in a popup', () => {
    const it = opened()
    it.type('route nginx1 "1.1.1.1"')
    it.keys('enter')
    expect(asked(it)).toEqual([{ type: 'run', id: 1, argv: ['route', 'nginx1', '1.1.1.1'] }])
    expect(it.text()).toContain('running for 0 s')
    it.now += 1500
    it.send({
      type: 'ran',
      id: 1,
      exitCode: 0,
      problem: null,
      output: 'via 172.17.0.1\n\x1b]0;x\x07',
      now: it.now,
    })
    expect(it.line('done in 1.5 s')).toContain('route nginx1')
    expect(it.text()).toContain('via 172.17.0.1')
    expect(it.text()).not.toContain('\x1b')
    it.keys('escape')
    expect(it.state.mode.type).toBe('browse')
    expect(asked(it).length).toBe(1)
  })

  test('Esc ends what still runs, and its late answer is nobody’s', () => {
    const it = opened()
    it.type('show')
    it.keys('enter', 'escape')
    expect(asked(it).at(-1)).toEqual({ type: 'end-run', id: 1 })
    it.send({ type: 'ran', id: 1, exitCode: null, problem: 'cancelled', output: '', now: it.now })
    expect(it.state.run).toBe(null)
    expect(it.state.mode.type).toBe('browse')
  })

  test('an exit code that is not 0 is told', () => {
    const it = opened()
    it.type('find nobody')
    it.keys('enter')
    it.send({ type: 'ran', id: 1, exitCode: 4, problem: null, output: 'nothing here', now: it.now })
    expect(it.line('exit 4')).toContain(': find nobody')
  })

  test.each([
    ['nonsense', 'nothing here is called nonsense'],
    ['find "web', 'a quote is left open'],
  ])('%s is refused', (line, says) => {
    const it = opened()
    it.type(line)
    it.keys('enter')
    expect(it.state.message?.text).toContain(says)
    expect(asked(it)).toEqual([])
  })

  test('what a key does can be typed', () => {
    const it = opened()
    it.type('rules')
    it.keys('enter')
    expect(it.state.screen).toBe('rules')
    for (const { action, in: contexts } of keymap) {
      const isOnScreen = contexts.some((each) => screenContexts.includes(each))
      if (isOnScreen && action !== 'interrupt' && action !== 'command')
        expect([...actionWords.values()]).toContain(action)
    }
  })
})

test('lines come back with the arrows, each once in a row', () => {
  const it = opened()
  for (const line of ['rules', 'topology', 'topology']) {
    if (it.state.mode.type !== 'command') it.keys(':')
    it.type(line)
    it.keys('enter')
  }
  it.keys(':', 'up')
  const text = () => (it.state.mode.type === 'command' ? it.state.mode.input.text : '')
  expect(text()).toBe('topology')
  it.keys('up')
  expect(text()).toBe('rules')
  it.keys('up', 'down', 'down')
  expect(text()).toBe('')
})

test.each([
  ['a b  c', ['a', 'b', 'c']],
  [`find "[UFW BLOCK] IN=docker0" 'x y'z`, ['find', '[UFW BLOCK] IN=docker0', 'x yz']],
  ['a\\ b ""', ['a b', '']],
  ['', []],
  ['"a', null],
])('words of %j', (line, words) => {
  expect(wordsOf(line)).toEqual(words)
})
