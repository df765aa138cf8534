import { expect, test } from 'vitest'
import { parsePorts } from '../../../src/change/rules/ports.ts'
import type { Lab, LabNode } from '../../../src/model/lab.ts'
import type { World } from '../../../src/model/world.ts'
import { firewall, iptables } from '../../support/ruleset.ts'
import { address, loopback, netns, world } from '../../support/world.ts'

const noLab: Lab = { networks: [], nodes: [], masquerades: [], unfinished: null }

const socket = (fields: object) => ({
  family: 'inet' as const,
  protocol: 'tcp',
  local: { address: '0.0.0.0', port: 8080 },
  remote: null,
  state: 'LISTEN',
  boundTo: null,
  v6only: null,
  uid: 0,
  inode: '1',
  recvQueue: 0,
  sendQueue: 0,
  process: { pid: 812, name: 'nginx' },
  ...fields,
})

function host(sockets: readonly object[] = [], rules = ''): World {
  const details = {
    sysctls: {},
    sockets,
    qdiscs: [],
    filters: [],
    xfrmPolicies: [],
    programs: [],
    counters: {},
  }
  return world([
    netns(1, 'host', {
      links: [loopback()],
      addresses: [address(1, '127.0.0.1/8'), address(2, '192.0.2.1/24'), address(2, '2001:db8::1/64')],
      details: details as never,
      firewall: firewall(rules === '' ? [] : [iptables('nat', rules)]),
    }),
  ])
}

const node = (name: string, hostPort: number): LabNode => ({
  name,
  mode: 'bridge',
  of: null,
  endpoints: [],
  ports: [{ hostIp: '0.0.0.0', hostPort, port: 80, protocol: 'tcp' }],
  created: '',
})

function said(text: string | readonly string[], on: World = host(), lab: Lab = noLab, ipv6 = false) {
  const texts = typeof text === 'string' ? [text] : text
  const parsed = parsePorts(texts, { world: on, lab, node: 'web', ipv6 })
  return parsed.ok
    ? parsed.value.map((each) => `${each.hostIp} ${each.hostPort} ${each.port} ${each.protocol}`)
    : parsed.refusals.map(({ what }) => what)
}

test('every form', () => {
  expect(said('8080:80')).toEqual(['0.0.0.0 8080 80 tcp'])
  expect(said('8080:80', host(), noLab, true)).toEqual(['0.0.0.0 8080 80 tcp', ':: 8080 80 tcp'])
  expect(said('127.0.0.1:53:53/udp')).toEqual(['127.0.0.1 53 53 udp'])
  expect(said('192.0.2.1:7000-7001:80-81/tcp')).toEqual(['192.0.2.1 7000 80 tcp', '192.0.2.1 7001 81 tcp'])
  expect(said('[2001:DB8::1]:8080:80')).toEqual(['2001:db8::1 8080 80 tcp'])
})

test.each([
  ['80821:8080', 'cannot publish "80821:8080": port 80821 is not between 1 and 65535'],
  ['8080:0', 'cannot publish "8080:0": port 0 is not between 1 and 65535'],
  ['8080', 'cannot publish "8080": that is no port of the host and one of the node'],
  ['', 'cannot publish "": that is no port of the host and one of the node'],
  ['8080:80/sctp', 'cannot publish "8080:80/sctp": "sctp" is neither tcp nor udp'],
  ['8080:80/', 'cannot publish "8080:80/": "" is neither tcp nor udp'],
  ['80-90:80', 'cannot publish "80-90:80": 80-90 are 11 ports and 80 is one'],
  ['90-80:90-80', 'cannot publish "90-80:90-80": 90-80 ends before it begins'],
  ['-80:80', 'cannot publish "-80:80": -80 is no port'],
  ['10.1:8080:80', 'cannot publish "10.1:8080:80": 10.1 is no address'],
  ['[::1]:8080:80', 'cannot publish [::1]:8080:80/tcp: [::1] cannot be sent to another address'],
  ['198.51.100.1:8080:80', 'cannot publish 198.51.100.1:8080:80/tcp: 198.51.100.1 is no address of the host'],
])('%s is refused', (text, why) => {
  expect(said(text)).toEqual([expect.stringContaining(why)])
})

test('what is used already is named', () => {
  expect(said('8080:80', host([socket({})]))).toEqual([
    'cannot publish 0.0.0.0:8080:80/tcp: nginx (pid 812) listens on 0.0.0.0:8080',
  ])
  expect(said('8080:80', host([socket({ local: { address: '127.0.0.1', port: 8080 } })]))).toEqual([
    'cannot publish 0.0.0.0:8080:80/tcp: nginx (pid 812) listens on 127.0.0.1:8080',
  ])
  expect(said('8080:80', host([socket({ family: 'inet6', local: { address: '::', port: 8080 } })]))).toEqual([
    'cannot publish 0.0.0.0:8080:80/tcp: nginx (pid 812) listens on [::]:8080',
  ])
  const nat =
    '-A PREROUTING -j DOCKER\n-A DOCKER -p tcp --dport 8000:8100 -j DNAT --to-destination 10.0.0.9:80'
  expect(said('8080:80', host([], nat))).toEqual([
    'cannot publish 0.0.0.0:8080:80/tcp: rule 1 of chain DOCKER (table ip nat) sends it elsewhere',
  ])
  expect(said('8080:80', host(), { ...noLab, nodes: [node('db', 8080)] })).toEqual([
    'cannot publish 0.0.0.0:8080:80/tcp: node db has this port',
  ])
  expect(said(['8080:80', '8080:81'])).toEqual(['cannot publish 0.0.0.0:8080:81/tcp: it is asked for twice'])
})

test('what does not meet is none of it', () => {
  const others = [
    socket({ protocol: 'udp', state: 'UNCONN' }),
    socket({ local: { address: '192.0.2.1', port: 8080 } }),
    socket({ family: 'inet6', local: { address: '::', port: 8080 }, v6only: true }),
    socket({ state: 'ESTAB' }),
  ]
  expect(said('127.0.0.1:8080:80', host(others))).toEqual(['127.0.0.1 8080 80 tcp'])
})

test('sockets that could not be read are a reason, not an absence', () => {
  const on = host()
  const blind = { ...on, netns: on.netns.map((each) => ({ ...each, details: null })) }
  expect(said('8080:80', blind)).toEqual([
    'cannot publish 0.0.0.0:8080:80/tcp: sockets of the host could not be read: they were not read',
  ])
  const parsed = parsePorts(['8080:80'], { world: blind, lab: noLab, node: 'web', ipv6: false })
  expect(parsed).toMatchObject({ ok: false, refusals: [{ kind: 'permission' }] })
})
