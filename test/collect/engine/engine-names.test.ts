import { expect, test } from 'vitest'
import { withEngineNames } from '../../../src/collect/engine/engine-names.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { EngineNetwork } from '../../../src/model/engine.ts'
import type { NetnsName } from '../../../src/model/netns.ts'
import { container, engine } from '../../support/engine.ts'

const file: NetnsName = { name: 'f7304c440a50', source: 'docker', path: '/run/docker/netns/f7304c440a50' }
const namespace = (id: number, ...names: readonly NetnsName[]) => ({ id: netnsId(id), names })
const texts = (netns: { readonly names: readonly NetnsName[] } | undefined) =>
  netns?.names.map(({ name, source }) => `${source} ${name}`)

test('the owner’s name comes first, then those that joined, then what it was called before', () => {
  const docker = engine([
    container('joiner', 300, { joins: 'web', modeKind: 'container' }),
    container('web', 300),
    container('ended', null),
  ])
  const [named] = withEngineNames([namespace(300, file)], [docker])
  expect(texts(named)).toEqual(['docker web', 'docker joiner', 'docker f7304c440a50'])
  expect(named?.names[0]?.path).toBe('/proc/300/ns/net')
})

test('containers of mode host do not name the host', () => {
  const docker = engine([container('onhost', 100, { modeKind: 'host' }), container('odd', 100)])
  const before = namespace(100, { name: 'host', source: 'host', path: null })
  expect(withEngineNames([before], [docker])[0]).toBe(before)
})

test('who gets no name stays the same object, and a second time nothing is added', () => {
  const docker = engine([container('web', 300)])
  const before = [namespace(300, file), namespace(301)]
  const once = withEngineNames(before, [docker])
  expect(once[1]).toBe(before[1])
  expect(withEngineNames(once, [docker])[0]).toBe(once[0])
})

test('each engine’s names have its source; a container without a name has its id', () => {
  const nameless = container('', 302, { id: 'd'.repeat(64) })
  const [one, two, three] = withEngineNames(
    [namespace(300), namespace(301), namespace(302)],
    [
      engine([container('web', 300)], { engine: 'podman' }),
      engine([container('pod', 301)], { engine: 'cri' }),
      engine([nameless], { engine: 'docker' }),
    ],
  )
  expect([texts(one), texts(two), texts(three)]).toEqual([
    ['podman web'],
    ['cri pod'],
    ['docker dddddddddddd'],
  ])
})

test('an engine that did not answer names nothing', () => {
  const silent = engine({ unknown: 'no answer' }, { networks: { unknown: 'no answer' } })
  const before = [namespace(300, file)]
  expect(withEngineNames(before, [silent])[0]).toBe(before[0])
})

test('Swarm’s hidden namespaces are named after their network', () => {
  const id = 'abcdefghij0123456789xyzab'
  const ov1: EngineNetwork = {
    id,
    name: 'ov1',
    driver: 'overlay',
    scope: 'swarm',
    subnets: [],
    bridge: null,
    parent: null,
    internal: false,
    ipv6: false,
    options: {},
    labels: {},
    members: [],
  }
  const docker = engine([], { networks: [ov1, { ...ov1, driver: 'bridge', name: 'not this' }] })
  const hidden = (name: string) => namespace(300, { name, source: 'docker', path: null })
  const first = (name: string) => withEngineNames([hidden(name)], [docker])[0]?.names[0]?.name
  expect(first('1-abcdefghij')).toBe('ov1 (overlay)')
  expect(first('lb_abcdefghi')).toBe('ov1 (load balancer)')
  expect(first('1-zzzzzzzzzz')).toBe('1-zzzzzzzzzz')
  expect(first('ingress_sbox')).toBe('ingress_sbox')
})
