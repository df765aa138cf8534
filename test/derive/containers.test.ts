import { expect, test } from 'vitest'
import { allContainers, containerNamesIn, containersIn, findContainers } from '../../src/derive/containers.ts'
import { displayName, displayNames } from '../../src/derive/netns-name.ts'
import { resolveNetns } from '../../src/derive/resolve-netns.ts'
import { netnsId } from '../../src/model/ids.ts'
import type { Netns, NetnsName } from '../../src/model/netns.ts'
import { container, engine } from '../support/engine.ts'
import { netns, world } from '../support/world.ts'

const docker = engine([
  container('web', 300),
  container('joiner', 300, { modeKind: 'container', joins: 'web' }),
  container('onhost', 100, { modeKind: 'host' }),
  container('ended', null),
  container('lost', null, {
    state: 'running',
    netns: { unknown: 'its process is not to be seen from here' },
  }),
])
const all: readonly [Netns, ...Netns[]] = [
  netns(100, 'host', { names: [{ name: 'host', source: 'host', path: null }] }),
  netns(300, 'web', { names: [{ name: 'web', source: 'docker', path: null }] }),
  netns(301, 'named', { names: [{ name: 'named', source: 'named', path: '/run/netns/named' }] }),
]
const silent = engine(
  { unknown: 'no answer from the socket in 2 s' },
  { endpoint: '/run/other.sock', netns: null },
)

test('containers are listed in the namespace that they use', () => {
  const here = world(all, { engines: [docker] })
  expect(allContainers(here)).toHaveLength(5)
  expect(containersIn(here, netnsId(300)).map((each) => each.container.name)).toEqual(['web', 'joiner'])
  expect(containerNamesIn(here, netnsId(100))).toEqual(['onhost'])
  expect(containerNamesIn(here, netnsId(301))).toEqual([])
})

test('no containers is never said while an engine is silent', () => {
  const here = world(all, { engines: [docker, silent] })
  expect(containerNamesIn(here, netnsId(300))).toEqual(['web', 'joiner'])
  expect(containerNamesIn(here, netnsId(301))).toEqual({
    unknown: 'docker at /run/other.sock: no answer from the socket in 2 s',
  })
  const unasked = world(all, { engines: { unknown: 'not asked' } })
  expect(containerNamesIn(unasked, netnsId(301))).toEqual({ unknown: 'not asked' })
})

test('a container is found by name, by id, and by the beginning of its id when nothing has that name', () => {
  const { id } = container('web', 300)
  const cafe = container(id.slice(0, 4), 301)
  const here = world(all, { engines: [engine([...(docker.containers as []), cafe])] })
  const names = (text: string) => findContainers(here, text).map((each) => each.container.name)
  expect(names('web')).toEqual(['web'])
  expect(names(id)).toEqual(['web'])
  expect(names(id.slice(0, 12))).toEqual(['web'])
  expect(names(id.slice(0, 4))).toEqual([cafe.name])
  expect(names('we')).toEqual([])
})

test('every container is a name for its namespace, also one that joined or uses the host’s', () => {
  const here = world(all, { engines: [docker] })
  const resolved = (text: string) => {
    const found = resolveNetns(here, text)
    return found.ok ? found.value.id : found.failure.what
  }
  expect(resolved('web')).toBe('300')
  expect(resolved('joiner')).toBe('300')
  expect(resolved('onhost')).toBe('100')
  expect(resolved(container('joiner', 300).id.slice(0, 12))).toBe('300')
  expect(resolved('ended')).toBe('container "ended" has no netns: it does not run (exited)')
  expect(resolved('lost')).toBe(
    'cannot tell the netns of container "lost": its process is not to be seen from here',
  )
})

test('a name that means a container here and a namespace there is refused', () => {
  const here = world(all, { engines: [engine([container('named', 300)])] })
  const found = resolveNetns(here, 'named')
  expect(found).toMatchObject({ ok: false, failure: { kind: 'ambiguous' } })
  const two = world(all, { engines: [docker, engine([container('web', 301)], { engine: 'podman' })] })
  expect(resolveNetns(two, 'web')).toMatchObject({ ok: false, failure: { kind: 'ambiguous' } })
})

test.each<[string, NetnsName[], string]>([
  [
    'the container’s name before the file of its sandbox',
    [
      { name: 'f7304c440a50', source: 'docker', path: '/run/docker/netns/f7304c440a50' },
      { name: 'nginx1', source: 'docker', path: '/proc/1/ns/net' },
      { name: 'PID 1 (nginx)', source: 'process', path: '/proc/1/ns/net' },
    ],
    'nginx1',
  ],
  [
    'without an engine the oldest process before the file',
    [
      { name: 'f7304c440a50', source: 'docker', path: null },
      { name: 'PID 1 (nginx)', source: 'process', path: '/proc/1/ns/net' },
    ],
    'PID 1 (nginx)',
  ],
  [
    'what the user named before the file',
    [
      { name: 'cni-5b6cf0d5-9f1f-4d3d-9d8b-4f7e7c1f2a3b', source: 'cri', path: null },
      { name: 'mine', source: 'named', path: '/run/netns/mine' },
    ],
    'mine',
  ],
  [
    'the file where there is nothing else',
    [{ name: 'ingress_sbox', source: 'docker', path: null }],
    'ingress_sbox',
  ],
  [
    'init, which Docker’s file `default` is of',
    [
      { name: 'default', source: 'docker', path: '/run/docker/netns/default' },
      { name: 'init', source: 'init', path: '/proc/1/ns/net' },
    ],
    'init',
  ],
  [
    'a container that is called like a file',
    [
      { name: 'PID 5 (sh)', source: 'process', path: null },
      { name: 'default', source: 'docker', path: '/proc/5/ns/net' },
    ],
    'default',
  ],
])('a namespace is called after %s', (_, names, expected) => {
  expect(displayName(netns(400, 'x', { names }))).toBe(expected)
})

test('two containers of the same name, of two engines, stay apart', () => {
  const names: NetnsName[] = [{ name: 'web', source: 'docker', path: null }]
  const two = [netns(1, 'a', { names }), netns(2, 'b', { names })]
  expect([...displayNames(two).values()]).toEqual(['web (1)', 'web (2)'])
})
