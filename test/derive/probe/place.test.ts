import { expect, test } from 'vitest'
import { placeOf } from '../../../src/derive/probe/place.ts'
import { watchOf } from '../../../src/derive/probe/watch.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Dns, Process } from '../../../src/model/process.ts'
import { netns, route, world } from '../../support/world.ts'

const host = netns(1, 'host', { userNamespace: '900', names: [{ name: 'host', source: 'host', path: null }] })
const holders = { processes: [11, 12, 13, 14], threads: [], fds: [], sockets: [], mounts: [] }
const web = (fields: Parameters<typeof netns>[2] = {}) =>
  netns(2, 'web', {
    dev: 4,
    userNamespace: '900',
    names: [{ name: 'web', source: 'named', path: '/run/netns/web' }],
    holders,
    ...fields,
  })
const dns = (path: string, fields: Partial<Dns> = {}): Dns => ({
  mountNamespace: '77',
  netns: [netnsId(2)],
  path,
  resolvConf: 'nameserver 1.1.1.1',
  hosts: '',
  nsswitch: 'files dns',
  ...fields,
})
const process = (pid: number, user: string, its = 2): Process => ({
  pid,
  ppid: 1,
  startTime: 1,
  comm: 'x',
  uid: 0,
  cgroup: '',
  netns: netnsId(its),
  namespaces: { user },
})
const placed = (of: ReturnType<typeof netns>, fields: Parameters<typeof world>[1] = {}) => {
  const place = placeOf(world([host, of], fields), of)
  if (!place.ok) throw new Error(place.failure.what)
  return place.value
}

test('what leads there: its names, then a few of its processes', () => {
  expect(placed(web())).toMatchObject({
    netns: { id: '2', name: 'web' },
    dev: 4,
    paths: ['/run/netns/web', '/proc/11/ns/net', '/proc/12/ns/net', '/proc/13/ns/net'],
    user: null,
  })
})

test('its files: /etc/netns first, else a process with mounts of its own, else the host’s', () => {
  const container = dns('/proc/11/root')
  expect(placed(web(), { dns: [container, dns('/etc/netns/web')] }).files).toEqual({
    folder: '/etc/netns/web',
  })
  expect(placed(web(), { dns: [container] }).files).toEqual({ pid: 11, mountNamespace: '77' })
  expect(
    placed(web(), { dns: [dns('/proc/1/root', { netns: [netnsId(1), netnsId(2)] })] }).files,
  ).toBeUndefined()
  expect(placed(web()).files).toBeUndefined()
  const unread = dns('/proc/12/root', { mountNamespace: '66', resolvConf: { unknown: 'not there' } })
  expect(placed(web(), { dns: [unread, container] }).files).toEqual({ pid: 11, mountNamespace: '77' })
})

test('another user namespace: a process that is in it and not below it', () => {
  const of = web({ userNamespace: '901' })
  expect(placed(of, { processes: [process(11, '902'), process(13, '901')] }).user).toEqual({ pid: 13 })
  expect(placed(of).user).toEqual({ pid: 11 })
  // Who may not read it may be root in it all the same.
  const denied = { readable: { unknown: 'permission denied (EPERM)' } }
  expect(placed(web({ ...denied, userNamespace: '901' })).user).toEqual({ pid: 11 })
  const refused = placeOf(world([host, web(denied)]), web(denied))
  expect(refused).toMatchObject({
    ok: false,
    failure: { kind: 'permission', what: 'cannot enter netns "web": permission denied (EPERM)' },
  })
})

test('one that no file leads to cannot be entered', () => {
  expect(placeOf(world([host, web({ dev: null })]), web({ dev: null }))).toMatchObject({
    failure: { what: 'cannot enter netns "web": no file leads there' },
  })
})

test('what is watched: both ends and the host, their processes, and none of their routes', () => {
  const of = web({ routes: [route({ dst: 'default' })] })
  const whole = world([host, of, netns(3, 'other')], {
    processes: [process(11, '900'), process(31, '900', 3)],
  })
  const watch = watchOf(whole, [of.id, null])
  expect(watch.netns).toEqual(['1', '2'])
  expect(watch.world.netns.map(({ id, routes }) => [id, routes])).toEqual([
    ['1', []],
    ['2', []],
  ])
  expect(watch.world.processes).toMatchObject([{ pid: 11 }])
})
