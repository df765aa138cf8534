import { expect, test } from 'vitest'
import { actionOf, actions, type ActionName } from '../../src/tui/actions.ts'
import { keyTable } from '../../src/tui/key-table.ts'
import { actionFor, keymap, keyName, keysOf, type Context } from '../../src/tui/keymap.ts'

const contexts: readonly Context[] = ['topology', 'filter', 'find', 'help', 'gaps']

test('a key means one thing in one place', () => {
  const seen = keymap.flatMap((binding) =>
    binding.in.flatMap((place) => binding.keys.map((key) => `${place} ${key}`)),
  )
  expect(seen.filter((each, at) => seen.indexOf(each) !== at)).toEqual([])
})

test('every action has a key somewhere, and every key an action', () => {
  const bound = new Set(keymap.map((binding) => binding.action))
  expect((Object.keys(actions) as ActionName[]).filter((name) => !bound.has(name))).toEqual([])
  expect([...bound].filter((name) => actions[name] === undefined)).toEqual([])
})

test('one can leave from everywhere', () => {
  for (const context of contexts) {
    expect(actionFor(context, 'C-c')).toBe('interrupt')
    expect(actionFor(context, 'escape')).toBe('close')
  }
})

test('letters stay text where one types', () => {
  for (const letter of 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ[]?!/1') {
    expect(actionFor('filter', letter)).toBe(null)
    expect(actionFor('find', letter)).toBe(null)
  }
})

test('lower-case letters do nothing to the host or to files', () => {
  const harmless = new Set(['snapshot'])
  for (const { action, keys } of keymap) {
    if (harmless.has(action)) expect(keys.every((key) => key !== key.toLowerCase())).toBe(true)
  }
  expect(actionFor('topology', 'S')).toBe('snapshot')
})

test('keys are named as people know them', () => {
  expect(['C-l', 'pagedown', 'escape', 'S', 'up'].map(keyName)).toEqual(['Ctrl-L', 'PgDn', 'Esc', 'S', '↑'])
  expect(keysOf('back', 'topology')).toEqual(['Backspace', '['])
})

test('the table for the README names every key that works while browsing', () => {
  const table = keyTable()
  expect(table.split('\n')[0]).toBe('| key | does |')
  for (const binding of keymap.filter((each) => each.in.includes('topology'))) {
    for (const key of binding.keys) expect(table).toContain(`\`${keyName(key)}\``)
    expect(table).toContain(actionOf(binding.action).title)
  }
})
