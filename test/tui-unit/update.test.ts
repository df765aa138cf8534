/** Leaving, closing, unknown keys, and the tour. */
import { expect, test, describe, beforeAll } from 'vitest'
import { address } from '../support/world.ts'
import { live } from './screen.ts'
import { dockerHost } from './worlds.ts'
import { withNetns } from './changes.ts'

beforeAll(() => {
  process.env['TZ'] = 'UTC'
})

describe('leaving', () => {
  test('q, Ctrl-C, Ctrl-Z, Ctrl-L', () => {
    const it = live(dockerHost())
    it.keys('q', 'C-c', 'C-z', 'C-l')
    expect(it.effects.slice(-4)).toEqual([
      { type: 'quit', exitCode: 0 },
      { type: 'quit', exitCode: 130 },
      { type: 'suspend' },
      { type: 'redraw' },
    ])
    it.keys('?', 'q')
    expect(it.state.mode.type).toBe('browse')
    it.keys('f', 'C-c')
    expect(it.effects.at(-1)).toEqual({ type: 'quit', exitCode: 130 })
    it.send({ type: 'resumed' })
    expect(it.effects.slice(-2).map((effect) => effect.type)).toContain('redraw')
  })

  test('a key that means nothing says so', () => {
    const it = live(dockerHost())
    it.keys('f5')
    expect(it.line('f5 does nothing here')).not.toBe('')
    it.keys('escape')
    expect(it.line('does nothing here')).toBe('')
  })

  test('Esc closes one thing at a time', () => {
    const it = live(dockerHost())
    it.keys('/')
    it.type('veth')
    it.keys('enter', 'tab', '?')
    it.keys('escape')
    expect([it.state.mode.type, it.state.topology.focus, it.state.topology.filter]).toEqual([
      'browse',
      'detail',
      'veth',
    ])
    it.keys('escape')
    expect([it.state.topology.focus, it.state.topology.filter]).toEqual(['tree', 'veth'])
    it.keys('escape')
    expect(it.state.topology.filter).toBe('')
  })
})

test('the tour: who is behind a veth, its address, what changed last, in at most 6 keys', () => {
  const world = dockerHost()
  const it = live(world)
  it.world(
    withNetns(world, 202, (each) => ({
      ...each,
      addresses: [...('unknown' in each.addresses ? [] : each.addresses), address(3, '172.17.0.33/16')],
    })),
  )
  it.keys('f')
  it.send({ type: 'paste', text: 'vethe8201cd' })
  it.keys('enter')
  expect(it.line('peer eth0(3) in nginx1')).toContain('172.17.0.3/16')
  expect(it.line('changed 14:03:23')).toContain('172.17.0.33/16')
  expect(it.line('$ ip -d link show vethe8201cd')).not.toBe('')
})
