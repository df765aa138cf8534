import { describe, expect, test } from 'vitest'
import { describe as describeNetns } from '../../../src/collect/discover/found.ts'
import type { Sighting } from '../../../src/collect/discover/sighting.ts'
import { netnsId } from '../../../src/model/ids.ts'

const host = netnsId(11)
const self = 50

function process(pid: number, startTime: number, opens = true): Sighting {
  const namespaces = {}
  const more = { comm: 'x', ppid: 1, uid: 0, cgroup: '/', netns: host, namespaces }
  return { kind: 'process', id: host, process: { pid, startTime, ...more }, opens }
}

function mount(mountPoint: string, mountNamespace: string | null, path: string | null): Sighting {
  return { kind: 'mount', id: host, mountPoint, mountNamespace, path }
}

describe('the path of the host’s namespace does not end with this program', () => {
  const pathAmong = (...sightings: readonly Sighting[]) => {
    const { names, paths } = describeNetns(host, sightings, {
      proc: '/proc',
      self,
      home: host,
      host,
      init: null,
    })
    // It is entered through this program's own all the same: nothing is surer while it runs.
    expect(paths[0]).toBe('/proc/50/ns/net')
    return names.find(({ source }) => source === 'host')?.path
  }
  const own = process(self, 9)
  const named = mount('/run/netns/web', null, '/run/netns/web')

  test('PID 1’s where it is there, else a mount’s, else the oldest process’s', () => {
    expect(pathAmong(own, process(7, 3), process(1, 0), named)).toBe('/proc/1/ns/net')
    expect(pathAmong(own, process(7, 3), process(1, 0, false), named)).toBe('/run/netns/web')
    expect(pathAmong(own, process(7, 3), process(6, 4))).toBe('/proc/7/ns/net')
  })

  test('what may not be opened or lies elsewhere is not it', () => {
    expect(pathAmong(own, process(7, 3, false), process(6, 4))).toBe('/proc/6/ns/net')
    const covered = mount('/run/netns/web', null, null)
    const elsewhere = mount('/run/netns/web', '99', '/proc/7/root/run/netns/web')
    expect(pathAmong(own, process(7, 3), covered, elsewhere)).toBe('/proc/7/ns/net')
  })

  test('where this program is alone it is whoever looks', () => {
    expect(pathAmong(own)).toBe('/proc/self/ns/net')
    expect(pathAmong()).toBe('/proc/self/ns/net')
  })
})

test('where another namespace is the host, ours is one of the others, and is entered as ours', () => {
  const place = { proc: '/proc', self, home: host, host: netnsId(12), init: null }
  const ours = describeNetns(host, [process(self, 9), process(7, 3)], place)
  expect(ours.names.map(({ name, source }) => `${source} ${name}`)).toEqual(['process PID 7 (x)'])
  expect(ours.paths[0]).toBe('/proc/50/ns/net')
  const chosen = describeNetns(netnsId(12), [], place)
  expect(chosen).toMatchObject({ names: [{ name: 'host', source: 'host', path: null }], paths: [] })
})
