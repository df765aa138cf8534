import { expect, test } from 'vitest'
import type { MouseInput } from '../../src/tui/msg.ts'
import { menuOf } from '../../src/tui/select/menu.ts'
import { live, type Screen } from './screen.ts'
import { dockerHost } from './worlds.ts'

function used(): Screen {
  const it = live(dockerHost())
  it.keys('m')
  return it
}

const at = (it: Screen, part: string): number =>
  it
    .text()
    .split('\n')
    .findIndex((line) => line.includes(part))
const mouse = (it: Screen, event: MouseInput['event'], row: number, column = 10) =>
  it.send({ type: 'mouse', mouse: { event, row, column } })

test('off at first; m turns it on and off', () => {
  const it = live(dockerHost())
  const before = it.state
  mouse(it, 'click', 6)
  expect(it.state).toBe(before)
  it.keys('m', 'm')
  expect(it.effects.filter(({ type }) => type === 'mouse')).toEqual([
    { type: 'mouse', on: true },
    { type: 'mouse', on: false },
  ])
})

test('a click selects the row it is on, a double click follows', () => {
  const it = used()
  const row = at(it, 'vethe8201cd')
  mouse(it, 'click', row)
  expect(it.line('vethe8201cd ⇄').startsWith('>')).toBe(true)
  mouse(it, 'double', row)
  expect(it.state.topology.selection?.end).toBe('far')
})

test('a click on a tab opens that screen, and on a row of a table selects it', () => {
  const it = used()
  mouse(it, 'click', 1, it.line('1Topo').indexOf('2Ns') + 1)
  expect(it.state.screen).toBe('namespaces')
  const row = at(it, '   nginx1')
  mouse(it, 'click', row)
  expect(it.text().split('\n')[row]?.startsWith('>')).toBe(true)
  mouse(it, 'double', row)
  expect(it.state.screen).toBe('topology')
})

test('the wheel moves three rows', () => {
  const it = used()
  const before = at(it, '>  eth0')
  mouse(it, 'wheel-down', before)
  expect(
    it
      .text()
      .split('\n')
      .findIndex((line) => line.startsWith('>')),
  ).toBe(before + 3)
  mouse(it, 'wheel-up', 0)
  expect(it.line('>  eth0')).not.toBe('')
})

test('in the menu a click chooses, a double click does; a click beside a popup closes it', () => {
  const it = used()
  it.keys('x')
  const index = menuOf(it.state).findIndex(({ name }) => name === 'route')
  const row = at(it, 'which way a packet')
  mouse(it, 'click', row)
  expect(it.state.mode.type === 'menu' && it.state.mode.cursor).toBe(index)
  mouse(it, 'double', row)
  expect(it.state.mode.type).toBe('route')
  it.keys('escape', '?')
  mouse(it, 'click', 0)
  expect(it.state.mode.type).toBe('browse')
})
