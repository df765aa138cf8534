import { expect, test } from 'vitest'
import { keyTrouble } from '../../src/tui/key-clash.ts'
import { actionFor, keymap, keysOf } from '../../src/tui/keymap.ts'
import { screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

test('a user’s keys take the place of an action’s own, and are taken from whatever had them', () => {
  const keys = { find: ['F'], freeze: ['f'] }
  expect(actionFor('topology', 'F', keys)).toBe('find')
  expect(actionFor('topology', 'f', keys)).toBe('freeze')
  expect(actionFor('topology', 'z', keys)).toBe(null)
  expect(keysOf('freeze', 'rules', keys)).toEqual(['f'])
  expect(actionFor('topology', 'n', keys)).toBe('next')
})

test('a letter chosen for an action stays text where one types', () => {
  const keys = { down: ['j', 's'], close: ['q', 'escape'] }
  expect(actionFor('find', 's', keys)).toBe(null)
  expect(actionFor('filter', 'q', keys)).toBe(null)
  expect(actionFor('filter', 'escape', keys)).toBe('close')
  expect(actionFor('topology', 's', keys)).toBe('down')
})

test('a key that is the action’s own somewhere takes none away elsewhere', () => {
  const keys = { close: ['q', 'escape'], back: ['backspace', '['] }
  expect(actionFor('topology', 'q', keys)).toBe('quit')
  expect(actionFor('help', 'q', keys)).toBe('close')
  expect(actionFor('rules', '[', keys)).toBe('family-previous')
  expect(actionFor('topology', '[', keys)).toBe('back')
})

test('all built-in keys written down are no mistake, and change nothing', () => {
  const keys: Record<string, readonly string[]> = {}
  for (const { action, keys: own } of keymap) keys[action] = [...new Set([...(keys[action] ?? []), ...own])]
  expect(keyTrouble(keys, undefined)).toBe(null)
  for (const { action, keys: own, in: contexts } of keymap)
    for (const context of contexts)
      for (const key of own)
        expect(`${context} ${key} ${actionFor(context, key, keys)}`).toBe(`${context} ${key} ${action}`)
})

test.each([
  [{ quit: ['f'], find: ['f'] }, 'keys.find.0', 'which quit has too (in topology)'],
  // The other one has left it.
  [{ quit: ['f'], find: ['F'] }, null, ''],
  [{ quit: ['q', 'C-q'], find: ['f', 'f3'] }, null, ''],
  [{ find: ['C-]'] }, 'keys.find.0', 'shell-leave'],
  [{ find: ['C-]'], 'shell-leave': ['C-o'] }, null, ''],
  [{ find: ['f', 'C-c'] }, 'keys.find.1', 'interrupt'],
  [{ find: ['C-i'] }, 'keys.find.0', 'which terminals send as tab'],
  [{ find: ['C-M-m'] }, 'keys.find.0', 'which terminals send as M-enter'],
  [{ find: ['C-['] }, 'keys.find.0', 'which terminals send as escape'],
  [{ find: ['C-h'] }, 'keys.find.0', 'which terminals send as backspace'],
  // Of different screens: a key may mean this here and that there.
  [{ 'family-previous': ['<'], 'log-export': ['<'] }, null, ''],
  [{ 'family-previous': ['<'], filter: ['<'] }, 'keys.filter.0', 'family-previous has too (in rules)'],
] as const)('%j', (keys, place, problem) => {
  const trouble = keyTrouble(keys, undefined)
  expect(trouble?.place ?? null).toBe(place)
  expect(trouble?.problem ?? '').toContain(problem)
})

test('leaveKey takes a built-in key, but none that the user gave something else', () => {
  expect(keyTrouble({ find: ['f3'] }, 'C-b')).toBe(null)
  expect(keyTrouble({ find: ['C-]'] }, 'C-g')).toBe(null)
  expect(keyTrouble({ find: ['C-g'] }, 'C-g')).toMatchObject({
    place: 'leaveKey',
    problem: expect.stringContaining('is C-g, which find has too'),
  })
})

test('footer, help and menu tell them', () => {
  const it = screen({ keys: { find: ['F', 'f9'] }, size: { columns: 120, rows: 70 } })
  it.world(dockerHost())
  expect(it.line('F find')).not.toBe('')
  it.keys('?')
  expect(it.line('F f9')).toContain('find anything')
  it.keys('escape', 'F')
  expect(it.state.mode.type).toBe('find')
})

test('the help is searched', () => {
  const it = screen({ size: { columns: 120, rows: 80 } })
  it.world(dockerHost())
  it.keys('?', '/')
  it.type('growth count')
  expect(it.line('count the growth of counters')).not.toBe('')
  expect(it.line('freeze the picture')).toBe('')
  it.keys('escape')
  expect(it.line('freeze the picture')).not.toBe('')
  it.keys('/')
  it.type('nothingholdsthis')
  expect(it.line('nothing in the help holds that')).not.toBe('')
})
