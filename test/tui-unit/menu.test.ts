import { expect, test } from 'vitest'
import { actions } from '../../src/tui/actions.ts'
import { keymap, screenContexts } from '../../src/tui/keymap.ts'
import { menuOf } from '../../src/tui/select/menu.ts'
import { screens } from '../../src/tui/screens.ts'
import { connectionsNetns } from '../../src/tui/select/connections.ts'
import { helpLines } from '../../src/tui/view/help.ts'
import { live } from './screen.ts'
import { dockerHost } from './worlds.ts'

test('x names the selected thing and every key of the screen, with the reason where one can do nothing', () => {
  const it = live(dockerHost())
  it.keys('x')
  expect(it.line('what can be done: eth0 in host')).not.toBe('')
  expect(it.line('Enter')).toContain('follow')
  const next = menuOf(it.state).find(({ name }) => name === 'next')
  expect(next?.why).toContain('nothing was looked for')
  it.keys('end')
  expect(it.text()).toMatch(/>q +quit/)
})

test('everything that a key does on a screen is in its menu, but for moving and leaving', () => {
  const it = live(dockerHost())
  const left = ['close', 'accept', 'interrupt', 'redraw', 'menu']
  for (const { id, key } of screens) {
    it.keys(key)
    const offered = new Set(menuOf(it.state).map(({ name }) => name))
    const bound = keymap.filter((binding) => binding.in.includes(id)).map(({ action }) => action)
    const missing = bound.filter(
      (name) =>
        !offered.has(name) &&
        actions[name].group !== 'moving' &&
        !left.includes(name) &&
        name !== `screen-${id}`,
    )
    expect([id, missing]).toEqual([id, []])
  }
  expect(screenContexts.length).toBe(screens.length)
})

test('what acts on the selected thing comes first, each once, in words that fit', () => {
  const it = live(dockerHost())
  it.keys('x')
  const names = menuOf(it.state).map(({ name }) => name)
  expect(names.slice(0, 7)).toEqual([
    'follow',
    'mark',
    'copy',
    'copy-value',
    'route',
    'screen-rules',
    'connections',
  ])
  expect(new Set(names).size).toBe(names.length)
  it.keys('escape', '3', 'x')
  expect(menuOf(it.state).map(({ name }) => name)).not.toContain('screen-rules')
  for (const [name, { title }] of Object.entries(actions))
    expect(title.length, `${name}: ${title}`).toBeLessThanOrEqual(58)
})

test('the connections of the selected namespace have no key of their own: x or : opens them, and back leads here again', () => {
  const it = live(dockerHost())
  it.keys('f')
  it.type('vethe8201cd')
  it.keys('enter', 'l', 'x')
  const at = menuOf(it.state).findIndex(({ name }) => name === 'connections')
  for (let step = 0; step < at; step += 1) it.keys('down')
  expect(it.line('>  ')).toContain('the connections of its namespace')
  it.keys('enter')
  expect(it.state.screen).toBe('ports')
  expect(it.state.pages.ports).toBe('connections')
  expect(connectionsNetns(it.state)).toBe('202')
  it.keys('backspace')
  expect(it.state.screen).toBe('topology')
  it.keys('?')
  expect(helpLines(it.state, 96).map(({ spans }) => spans.map(({ text }) => text).join(''))).toContainEqual(
    expect.stringMatching(/^:connections +the connections of its namespace/),
  )
  it.keys('escape', ':')
  it.type('connections')
  it.keys('enter')
  expect(it.state.screen).toBe('ports')
})

test('of a namespace that could not be read there are none, and it says why', () => {
  const it = live(dockerHost())
  it.keys('end', 'up', 'up', 'x')
  expect(it.line('what can be done: db')).not.toBe('')
  const item = menuOf(it.state).find(({ name }) => name === 'connections')
  expect(item?.why).toContain('db could not be read: permission denied')
})

test('Enter does what is chosen, a key does it without choosing, x and Esc leave', () => {
  const it = live(dockerHost())
  it.keys('x', '3')
  expect(it.state.screen).toBe('rules')
  it.keys('x', 'x')
  expect(it.state.mode.type).toBe('browse')
  it.keys('x', 'escape')
  expect(it.state.mode.type).toBe('browse')
  it.keys('1', 'x')
  const at = menuOf(it.state).findIndex(({ name }) => name === 'freeze')
  for (let step = 0; step < at; step += 1) it.keys('down')
  it.keys('enter')
  expect(it.state.frozen).not.toBe(null)
})

test('what can do nothing now says why', () => {
  const it = live(dockerHost())
  it.keys('x', 'backspace')
  expect(it.state.message?.text).toContain('there is nothing to go back to')
})
