import { expect, test } from 'vitest'
import { liveWorld, type Update } from '../../src/collect/live-world.ts'
import { netnsId } from '../../src/model/ids.ts'
import { link, netns } from '../support/world.ts'

const up = netns(1, 'a')
const down = netns(1, 'a', { links: [] })
const ids = (update: { readonly changed: readonly { readonly id: string }[] } | null) =>
  update?.changed.map(({ id }) => id)

/** What an edit says is tested in model/netns-edit.test.ts. */
const told = (update: Update | null) =>
  update === null ? null : { ...update, edited: update.edited.map(({ id }) => id) }

test('tells what is new, and nothing twice', () => {
  const world = liveWorld()
  world.put(up)
  world.put(netns(2, 'b'))
  expect(world.take(50)).toEqual({ changed: [up, netns(2, 'b')], edited: [], gone: [], last: true })
  world.put(netns(1, 'a'))
  expect(world.take(50)).toBeNull()
  world.put(down)
  expect(told(world.take(50))).toEqual({ changed: [], edited: [up.id], gone: [], last: true })
})

test('in parts of the size that is asked for', () => {
  const world = liveWorld()
  for (let ino = 1; ino <= 5; ino++) world.put(netns(ino, `n${ino}`))
  const first = world.take(2)
  expect([ids(first), first?.last]).toEqual([['1', '2'], false])
  world.take(2)
  const last = world.take(2)
  expect([ids(last), last?.last]).toEqual([['5'], true])
})

test('the end of what was never told is not told either', () => {
  const world = liveWorld()
  world.put(up)
  world.remove(up.id)
  expect(world.take(50)).toBeNull()
  world.put(up)
  world.take(50)
  world.remove(up.id)
  expect(world.take(50)).toEqual({ changed: [], edited: [], gone: [up.id], last: true })
})

test('an inode that is used again replaces, and is not reported as gone', () => {
  const world = liveWorld()
  world.put(up)
  world.take(50)
  world.remove(up.id)
  world.put(down)
  expect(world.take(50)).toEqual({ changed: [down], edited: [], gone: [], last: true })
})

test('retell tells everything as it is now', () => {
  const world = liveWorld()
  world.put(up)
  world.put(netns(2, 'b'))
  world.take(50)
  world.remove(netnsId(2))
  world.retell()
  expect(world.take(50)).toEqual({ changed: [up], edited: [], gone: [], last: true })
})

test('gaps are those of the namespaces as they are', () => {
  const world = liveWorld()
  world.put(netns(1, 'a', { fdb: { unknown: 'permission denied (EPERM)' } }))
  world.put(
    netns(2, 'b', { readable: { unknown: 'permission denied' }, links: { unknown: 'permission denied' } }),
  )
  expect(world.gaps().map(({ what, subject }) => `${what} ${subject}`)).toEqual([
    'forwarding table a',
    'namespace b',
  ])
  world.put(netns(1, 'a', { fdb: [], links: [link('dummy', { ifindex: 2, name: 'd' })] }))
  expect(world.gaps().map(({ subject }) => subject)).toEqual(['b'])
})

test('whether what waits was asked for', () => {
  const world = liveWorld()
  expect(world.waits()).toBe('nothing')
  world.put(up, true)
  expect(world.waits()).toBe('lazily')
  world.put(netns(2, 'b'))
  world.put(netns(3, 'c'), true)
  world.take(1)
  expect(world.waits()).toBe('urgently')
  world.take(50)
  expect(world.waits()).toBe('nothing')
  // It says nothing new.
  world.put(netns(1, 'a'))
  expect(world.waits()).toBe('nothing')
  world.put(down, true)
  world.remove(netns(2, 'b').id)
  expect(world.waits()).toBe('urgently')
})
