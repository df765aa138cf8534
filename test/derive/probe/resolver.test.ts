import { expect, test } from 'vitest'
import { namePlan } from '../../../src/derive/probe/name-plan.ts'
import { resolverOf } from '../../../src/derive/probe/resolver.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { Dns, Process } from '../../../src/model/process.ts'
import { container, engine } from '../../support/engine.ts'
import { netns, world } from '../../support/world.ts'

const hostId = netnsId(100)
const host = netns(100, 'host')
const web = netns(200, 'web')

const dns = (
  mountNamespace: string,
  path: string,
  ids: readonly number[],
  fields: Partial<Dns> = {},
): Dns => ({
  mountNamespace,
  netns: ids.map((id) => netnsId(id)),
  path,
  resolvConf: `nameserver 192.0.2.${mountNamespace}`,
  hosts: `192.0.2.${mountNamespace} of-${mountNamespace}`,
  nsswitch: { unknown: 'not there' },
  ...fields,
})
const process = (pid: number, mnt: string, id: number, startTime = pid): Process => ({
  pid,
  ppid: 1,
  startTime,
  comm: 'x',
  uid: 0,
  cgroup: '/',
  netns: netnsId(id),
  namespaces: { mnt },
})
const ofHost = dns('1', '/proc/1/root', [100])

test('of a named namespace the files that are there go over the host’s, one by one', () => {
  const named = dns('1', '/etc/netns/web', [200], { hosts: { unknown: 'not there' } })
  const all = world([host, web], { host: hostId, dns: [ofHost, named] })
  expect(resolverOf(all, web)).toEqual({
    from: '/etc/netns/web',
    resolvConf: 'nameserver 192.0.2.1',
    hosts: '192.0.2.1 of-1',
    nsswitch: null,
  })
})

test('without files of its own it is those of a process in it, else the host’s', () => {
  const all = world([host, web], { host: hostId, dns: [ofHost, dns('5', '/proc/812/root', [200])] })
  expect(resolverOf(all, web)).toMatchObject({ from: '/proc/812/root', hosts: '192.0.2.5 of-5' })
  expect(resolverOf(world([host, web], { host: hostId, dns: [ofHost] }), web)).toMatchObject({
    from: '/proc/1/root',
  })
  expect(resolverOf(world([host, web], { host: hostId }), web)).toEqual({
    from: '',
    resolvConf: null,
    hosts: null,
    nsswitch: null,
  })
})

test('of several /etc it is that of the container whose namespace it is, else of the oldest process', () => {
  const several = [
    ofHost,
    dns('4', '/proc/811/root', [200]),
    dns('5', '/proc/812/root', [200]),
    dns('6', '/proc/813/root', [200]),
  ]
  const processes = [
    process(1, '1', 100),
    process(811, '4', 200, 900),
    process(812, '5', 200, 800),
    process(813, '6', 200, 700),
  ]
  const all = world([host, web], { host: hostId, dns: several, processes })
  expect(resolverOf(all, web).from).toBe('/proc/813/root')
  const joined = container('sidecar', 200, { pid: 811, joins: 'web' })
  const engines = [engine([joined, container('web', 200, { pid: 812 })])]
  expect(resolverOf({ ...all, engines }, web).from).toBe('/proc/812/root')
})

test('a file that is there and cannot be read is told, and not taken for none', () => {
  const why = { unknown: 'permission denied (EACCES)' }
  const closed = dns('5', '/proc/812/root', [200], { resolvConf: why, hosts: why })
  const resolver = resolverOf(world([host, web], { host: hostId, dns: [ofHost, closed] }), web)
  expect(resolver).toMatchObject({
    resolvConf: null,
    unread: { resolvConf: why.unknown, hosts: why.unknown },
  })
  const plan = namePlan(resolver, 'www', 'A')
  expect(plan.conf.remarks).toEqual([
    'resolv.conf could not be read (permission denied (EACCES)): 127.0.0.1 is asked, and programs there may ask another one',
  ])
  expect(plan.order.remarks).toEqual([
    'hosts could not be read (permission denied (EACCES)): it may have the name',
  ])
})
