/** A request names a thing by its name: where that would reach another thing, or none, nothing is asked. */
import { expect, test } from 'vitest'
import { container, endpoint, network } from '../../support/engine.ts'
import { planFor, refusalsOf } from '../plain/support.ts'
import {
  connect,
  containers,
  disconnect,
  docker,
  hostWith,
  made,
  networks,
  remove,
} from './support-engine.ts'

const owned = networks.find(({ name }) => name === 'own')?.id ?? ''

/** A network called so, and nobody is on it. */
const withNetwork = (name: string) =>
  hostWith(docker({ networks: [...networks, network(name, null, { id: 'f00d', made })] }))

test.each([
  [owned, `network "${owned}" cannot be asked for by its name: it is the id of network own`],
  ['../containers/c1', 'network "../containers/c1" cannot be asked for by its name: it reads as a path'],
  ['..', 'network ".." cannot be asked for by its name: it reads as a path'],
  ['a//b', 'network "a//b" cannot be asked for by its name: it reads as a path'],
  ['a\nb', 'network "a\\x0ab" cannot be asked for by its name: it holds control characters'],
])('network %j', (name, says) => {
  const world = withNetwork(name)
  expect(refusalsOf(world, remove('f00d'))).toEqual([says])
  expect(refusalsOf(world, connect('f00d', 'c2'))).toEqual([says])
  // Whoever prunes removes the others, and is told.
  const pruned = planFor(world, { kind: 'engine-net-prune', engine: 'docker' })
  expect(pruned.title).toBe('remove network idle of Docker')
  expect(pruned.notes.join('\n')).toContain('stays: it cannot be asked for by its name')
})

test.each(['a b?force=1&x=y#z', 'a/b', 'ä%2e', '-x', 'l'.repeat(300)])(
  'network %j is asked for, as one word',
  (name) => {
    const [step] = planFor(withNetwork(name), remove('f00d')).steps
    expect(step?.command.request?.path).toMatch(/^\/networks\/[^/?#]+$/)
    expect(decodeURIComponent(step?.command.request?.path ?? '')).toBe(`/networks/${name}`)
  },
)

test('a container whose name is the id of another', () => {
  const [c1] = containers
  const evil = container(c1?.id ?? '', 210, {
    id: 'beef',
    endpoints: [endpoint('idle', { endpointId: 'e9' })],
  })
  const world = hostWith(docker({ containers: [...containers, evil] }))
  const says = `container "${c1?.id}" cannot be asked for by its name: it is the id of container c1`
  expect(refusalsOf(world, connect('own', 'beef'))).toEqual([says])
  expect(refusalsOf(world, disconnect('idle', 'beef'))).toEqual([says])
})

test('taken off to remove a network: a member that cannot be named', () => {
  const [c1] = containers
  const evil = container(c1?.id ?? '', 210, {
    id: 'beef',
    endpoints: [endpoint('idle', { endpointId: 'e9' })],
  })
  const members = [{ containerId: 'beef', name: evil.name, mac: null, ipv4: null, ipv6: null }]
  const engine = docker({
    containers: [...containers, evil],
    networks: networks.map((each) => (each.name === 'idle' ? { ...each, members } : each)),
  })
  expect(refusalsOf(hostWith(engine), remove('idle', { force: true }))).toEqual([
    `container "${c1?.id}" cannot be asked for by its name: it is the id of container c1`,
  ])
})
