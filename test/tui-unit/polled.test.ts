import { expect, test } from 'vitest'
import type { World } from '../../src/model/world.ts'
import { bridgedPair } from '../support/world.ts'
import { live } from './screen.ts'

function readBy(name: string, why: string): World {
  const world = bridgedPair()
  return { ...world, tool: { ...world.tool, reader: { name, why } } }
}

test('a host of which no events come is not called live, and ! says why', () => {
  const it = live(readBy('ip', 'koffi does not load: no such file'))
  expect(it.line('vethscope')).toMatch(/every 2 s \d\d:\d\d/)
  expect(it.line('vethscope')).not.toContain('live')
  it.keys('!')
  const text = it.text().replaceAll(/[│\s]+/g, ' ')
  expect(text).toContain('everything could be read')
  expect(text).toContain('read again every 2 s, because no events are heard')
  expect(text).toContain('koffi does not load: no such file')
})

test('also where netlink is read but its events are refused', () => {
  const it = live(readBy('netlink', 'koffi is loaded; without events: unshare: EPERM'))
  expect(it.line('vethscope')).toContain('every 2 s')
  it.keys('!')
  expect(it.text()).toContain('unshare: EPERM')
})

test('with events it is live', () => {
  const it = live(readBy('netlink', 'koffi is loaded'))
  expect(it.line('vethscope')).toMatch(/live \d\d:\d\d/)
  it.keys('!')
  expect(it.text()).not.toContain('every 2 s')
})
