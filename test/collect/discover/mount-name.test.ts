import { expect, test } from 'vitest'
import { mountName } from '../../../src/collect/discover/mount-name.ts'

const uuid = '0f8fad5b-d9cb-469f-a165-70867728950e'

test.each([
  ['/run/netns/blue', 'blue', 'named'],
  ['/var/run/netns/blue', 'blue', 'named'],
  ['/run/netns/net blue', 'net blue', 'named'],
  ['/run/docker/netns/4e1c9f2a7b33', '4e1c9f2a7b33', 'docker'],
  ['/run/docker/netns/default', 'default', 'docker'],
  ['/srv/dockerd/exec/netns/1-rxmk5d1', '1-rxmk5d1', 'docker'],
  [`/run/netns/netns-${uuid}`, `netns-${uuid}`, 'podman'],
  [`/run/user/1000/netns/netns-${uuid}`, `netns-${uuid}`, 'podman'],
  [`/run/user/1000/containers/netns/rootless-netns`, 'rootless-netns', 'podman'],
  [`/run/netns/cni-${uuid}`, `cni-${uuid}`, 'cri'],
  // Named by a person, although it begins like an engine's.
  ['/run/netns/netns-blue', 'netns-blue', 'named'],
  ['/run/netns/cni-test', 'cni-test', 'named'],
  ['/run/netns/a/b', '/run/netns/a/b', 'mount'],
  ['/tmp/held', '/tmp/held', 'mount'],
  ['/tmp/run/netns/blue', '/tmp/run/netns/blue', 'mount'],
])('%s', (path, name, source) => {
  expect(mountName(path, true)).toEqual({ name, source })
})

test('a name in another mount namespace is not one of ours', () => {
  expect(mountName('/run/netns/blue', false)).toEqual({ name: '/run/netns/blue', source: 'mount' })
  expect(mountName('/run/docker/netns/default', false)).toEqual({ name: 'default', source: 'docker' })
})
