import { expect, test } from 'vitest'
import { displayName, displayNames } from '../../src/derive/netns-name.ts'
import { hiddenNetnsId, netnsId } from '../../src/model/ids.ts'
import type { NameSource, Netns } from '../../src/model/netns.ts'
import { netns } from '../support/world.ts'

function named(ino: number, ...names: readonly (readonly [NameSource, string])[]): Netns {
  return netns(ino, 'x', { names: names.map(([source, name]) => ({ source, name, path: null })) })
}

test.each([
  [
    [
      ['process', 'PID 12 (sh)'],
      ['named', 'web'],
    ],
    'web',
  ],
  [
    [
      ['mount', '/run/docker/netns/3f'],
      ['docker', 'redis123'],
    ],
    'redis123',
  ],
  [
    [
      ['named', 'cni-1234'],
      ['cri', 'pod-a'],
    ],
    'pod-a',
  ],
  [
    [
      ['docker', 'x'],
      ['host', 'host'],
    ],
    'host',
  ],
  [
    [
      ['fd', 'fd 3 of 12'],
      ['process', 'PID 12 (sh)'],
    ],
    'PID 12 (sh)',
  ],
  [[['named', '']], 'net:[7]'],
] as const)('%j is called %s', (names, expected) => {
  expect(displayName(named(7, ...names))).toBe(expected)
})

test('a hidden one that only a hidden one sees is called after both', () => {
  const first = hiddenNetnsId(netnsId(100), 2)
  const second = hiddenNetnsId(first, 0)
  const host = { ...named(100), names: [{ name: 'host', source: 'host' as const, path: null }] }
  const hidden = (id: typeof first) => ({
    ...named(0),
    id,
    names: [{ name: `hidden-${id}`, source: 'hidden' as const, path: null }],
  })
  const names = displayNames([host, hidden(first), hidden(second)])
  expect(names.get(second)).toBe('hidden nsid 0 of hidden nsid 2 of host')
})

test('a hidden one is called after who sees it', () => {
  expect(displayName({ ...named(0), id: hiddenNetnsId(netnsId(100), 5) })).toBe('hidden nsid 5 of 100')
  const nested = hiddenNetnsId(hiddenNetnsId(netnsId(100), 5), 3)
  expect(displayName({ ...named(0), id: nested })).toBe('hidden nsid 3 of hidden:100:5')
})

test('beside its seer it is called after the seer’s name', () => {
  const id = hiddenNetnsId(netnsId(1), 5)
  expect(displayNames([named(1, ['host', 'host']), { ...named(0), id }]).get(id)).toBe(
    'hidden nsid 5 of host',
  )
})

test('names are made unique, and the host stays the host', () => {
  const names = displayNames([
    named(1, ['host', 'host']),
    named(2, ['named', 'host']),
    named(3, ['docker', 'web']),
    named(4, ['named', 'web']),
    named(5, ['named', 'db']),
  ])
  expect([...names.values()]).toEqual(['host', 'host (2)', 'web (3)', 'web (4)', 'db'])
})
