import { expect, test } from 'vitest'
import { displayNames } from '../../src/derive/netns-name.ts'
import { resolveNetns } from '../../src/derive/resolve-netns.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { netns, world } from '../support/world.ts'

const id = '3f2a9c0d1e4b5f60718293a4b5c6d7e8f90112233445566778899aabbccddeef'
const none = { processes: [], threads: [], fds: [], sockets: [], mounts: [] }

function example(): World {
  return world(
    [
      netns(100, 'host', { names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }] }),
      netns(4026532177, 'redis123', {
        names: [
          { name: 'redis123', source: 'docker', path: null },
          { name: id, source: 'docker', path: null },
        ],
        holders: {
          ...none,
          processes: [812],
          mounts: [{ path: '/run/docker/netns/abc', mountNamespace: null }],
        },
      }),
      netns(300, 'web'),
      netns(301, 'web', { names: [{ name: 'web', source: 'docker', path: null }] }),
      netns(302, 'host'),
    ],
    {
      processes: [
        {
          pid: 900,
          ppid: 1,
          startTime: 1,
          comm: 'sleep',
          uid: 0,
          cgroup: '/',
          netns: netnsId(300),
          namespaces: {},
        },
        {
          pid: 901,
          ppid: 1,
          startTime: 1,
          comm: 'sleep',
          uid: 0,
          cgroup: '/',
          netns: { unknown: 'EACCES' },
          namespaces: {},
        },
      ],
    },
  )
}

test.each([
  ['host', '100'],
  ['redis123', '4026532177'],
  ['3f2a9c0d1e4b', '4026532177'],
  ['3f2a', '4026532177'],
  ['pid:812', '4026532177'],
  ['pid:900', '300'],
  ['/proc/900/ns/net', '300'],
  ['/proc/900/task/901/ns/net', '300'],
  ['ino:4026532177', '4026532177'],
  ['net:[4026532177]', '4026532177'],
  ['4026532177', '4026532177'],
  ['/run/docker/netns/abc', '4026532177'],
  ['/var/run/docker/netns/abc', '4026532177'],
])('%s is %s', (text, expected) => {
  const found = resolveNetns(example(), text)
  expect(found).toMatchObject({ ok: true, value: { id: expected } })
})

test('what two are called is refused, with both', () => {
  const found = resolveNetns(example(), 'web')
  expect(found).toMatchObject({ ok: false, failure: { kind: 'ambiguous', subject: 'web' } })
  if (!found.ok) expect(found.failure.what).toMatch(/ino:300.*ino:301/)
})

test('every display name leads back to its namespace', () => {
  const all = example()
  for (const [own, name] of displayNames(all.netns)) {
    expect(resolveNetns(all, name)).toMatchObject({ ok: true, value: { id: own } })
  }
})

test.each([
  ['redis12', 'redis123'],
  ['rediss123', 'redis123'],
  ['812', 'pid:812'],
])('%s is not found, %s is near', (text, near) => {
  const found = resolveNetns(example(), text)
  expect(found).toMatchObject({ ok: false, failure: { kind: 'not-found', subject: text } })
  if (!found.ok) expect(found.failure.hint).toContain(near)
})

test('what is not there says so, and names no stranger', () => {
  for (const text of ['', 'pid:1', 'ino:5', '/run/netns/none', 'zzzzzzzz', 'pid:901']) {
    const found = resolveNetns(example(), text)
    expect(found).toMatchObject({ ok: false, failure: { kind: 'not-found' } })
    if (!found.ok) expect(found.failure.hint).not.toContain('redis')
  }
})
