import { expect, test } from 'vitest'
import { actionFor, keysOf } from '../../src/tui/keymap.ts'
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
