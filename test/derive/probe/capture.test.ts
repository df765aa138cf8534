/** Where a capture listens, what its lines call addresses, what its filter means, what it came to: on a recorded Docker host. */
import { beforeAll, expect, test } from 'vitest'
import { captureCommand } from '../../../src/derive/probe/capture-command.ts'
import { captureLinks, type CaptureScope } from '../../../src/derive/probe/capture-links.ts'
import { captureFilter, captureNames } from '../../../src/derive/probe/capture-names.ts'
import { captureVerdict, flowWords } from '../../../src/derive/probe/capture-verdict.ts'
import { indexOf } from '../../../src/derive/netns-index.ts'
import { netnsId } from '../../../src/model/ids.ts'
import type { CaptureRequest, CaptureResult, FlowSeen } from '../../../src/model/capture.ts'
import { listOf } from '../../../src/model/known.ts'
import type { World } from '../../../src/model/world.ts'
import { netnsOf, worldOf } from '../../support/fixture.ts'
import { link, loopback, netns, world as worldWith } from '../../support/world.ts'

let docker: World
beforeAll(async () => {
  docker = await worldOf('docker')
})

function linksOf(netns: string, name: string | null, scope: CaptureScope, world = docker) {
  const from = netnsOf(world, netns)
  const ifindex = name === null ? null : (indexOf(from).byName.get(name)?.ifindex ?? -1)
  const found = captureLinks(world, from.id, ifindex, scope)
  return found.ok ? found.value : found.failure
}
const labels = (found: ReturnType<typeof linksOf>) =>
  Array.isArray(found) ? (found as readonly { label: string }[]).map(({ label }) => label) : found

test('the way from a container: both ends of its pair, the bridge, the uplink', () => {
  const found = linksOf('nginx1', null, 'way')
  const names = labels(found) as readonly string[]
  // The recorded host is itself a namespace: its uplink is a pair, whose far end is the last.
  expect(names).toHaveLength(5)
  expect([names[0], names[3]]).toEqual(['eth0@nginx1', 'eth0'])
  expect(names[2]).toMatch(/^(docker0|br-)/)
  expect(names[1]).toMatch(/^veth/)
  // From the host's end of the pair it is the same way.
  expect(labels(linksOf('host', names[1] ?? '', 'way'))).toEqual(names)
  expect(found).toMatchObject([{ order: 0 }, { order: 1 }, { order: 2 }, { order: 3 }, { order: 4 }])
  // Each end knows the other's hardware address.
  const [inner, outer] = found as readonly { lladdr?: string; peerLladdr?: string }[]
  expect(inner?.lladdr).toMatch(/^..:..:/)
  expect([outer?.peerLladdr, inner?.peerLladdr]).toEqual([inner?.lladdr, outer?.lladdr])
})

test('one link; all of a namespace but the loopback, ports before their bridge', () => {
  expect(labels(linksOf('nginx1', 'eth0', 'link'))).toEqual(['eth0@nginx1'])
  const all = labels(linksOf('host', null, 'netns')) as readonly string[]
  expect(all).toContain('docker0')
  expect(all).not.toContain('lo')
  const host = netnsOf(docker, 'host')
  const lastPort = Math.max(
    ...listOf(host.links).map(({ name, master }) => (master === null ? -1 : all.indexOf(name))),
  )
  expect(all.indexOf('docker0')).toBeGreaterThan(lastPort)
})

test('a link that bears the name of a device of libpcap is not captured in its place', () => {
  const called = (name: string): World =>
    worldWith([
      netns(1, 'host', { links: [loopback(), link('device', { ifindex: 2, name, flags: ['UP'] })] }),
    ])
  const asked = (name: string) => {
    const given = called(name)
    return captureLinks(given, given.host, 2, 'link')
  }
  for (const name of ['any', 'usbmon0', 'nflog', 'dbus-system'])
    expect(asked(name)).toMatchObject({ ok: false, failure: { kind: 'refused', subject: name } })
  expect(asked('anything').ok).toBe(true)
})

test('what cannot be listened on is said', () => {
  expect(linksOf('nginx1', 'eth7', 'link')).toMatchObject({ kind: 'not-found' })
  const down = link('veth', { ifindex: 2, name: 'eth0', flags: ['BROADCAST'] })
  const quiet = worldWith([netns(1, 'host', { links: [loopback(), down] })])
  expect(captureLinks(quiet, quiet.host, null, 'netns')).toMatchObject({
    ok: false,
    failure: { kind: 'not-found', what: 'host has no link that is up' },
  })
  const many = Array.from({ length: 70 }, (_, at) => link('veth', { ifindex: at + 2, name: `v${at}` }))
  const crowded = worldWith([netns(1, 'host', { links: many })])
  expect(captureLinks(crowded, crowded.host, null, 'netns')).toMatchObject({
    ok: false,
    failure: { kind: 'usage', what: expect.stringContaining('70 links') },
  })
  expect(captureLinks(crowded, netnsId(99), null, 'netns').ok).toBe(false)
})

test('addresses have the names of who has them; who has several says which', () => {
  const names = captureNames(docker)
  const redis = listOf(netnsOf(docker, 'redis123').addresses).find(
    ({ family, scope }) => family === 'inet' && scope === 'global',
  )
  expect(names[redis?.local ?? '']).toBe('redis123')
  expect(names['172.17.0.1']).toBe('host(172.17.0.1)')
  expect(names['127.0.0.1']).toBeUndefined()
})

test('names behind `host` in a filter become addresses; all else stays', () => {
  const [address] = listOf(netnsOf(docker, 'nginx1').addresses).flatMap(({ local, scope, family }) =>
    scope === 'global' && family === 'inet' ? [local] : [],
  )
  const filter = captureFilter(docker, 'tcp and (host nginx1 or src host www.example.org)')
  expect(filter).toContain(`host ${address}`)
  expect(filter).not.toContain('nginx1')
  expect(filter).toContain('src host www.example.org')
  expect(captureFilter(docker, 'src host nginx1')).toContain(`src host ${address}`)
  expect(captureFilter(docker, 'port 80 and not nginx1')).toBe('port 80 and not nginx1')
})

test('the command that shows the same', () => {
  const links = linksOf('nginx1', 'eth0', 'link')
  if (!Array.isArray(links)) throw new Error('no links')
  const request = { links, count: 3, snapLength: 0, filter: 'tcp port 80' } as unknown as CaptureRequest
  expect(captureCommand(request)).toEqual(['tcpdump', '-n', '-i', 'eth0', '-c', '3', 'tcp port 80'])
})

const flow: FlowSeen = {
  flow: 'icmp 172.17.0.3 > 198.51.100.1 id 7',
  translated: [],
  packets: 12,
  seen: [
    { link: 'eth0@nginx1', packets: 12 },
    { link: 'docker0', packets: 12 },
  ],
  lastSeen: 'docker0',
  next: 'eth0',
  notSeen: ['eth0'],
  back: null,
  errors: [],
}
const result: CaptureResult = {
  kind: 'capture',
  ok: true,
  netns: { id: netnsId(1), name: 'nginx1' },
  captured: 24,
  dropped: 0,
  file: null,
  onWay: true,
  links: [{ label: 'eth0@nginx1', packets: 12, ended: null }],
  flows: [flow],
  moreFlows: 0,
  because: 'stopped',
}

test('a flow in words: how far it came, and what came back', () => {
  expect(flowWords(flow)).toEqual([
    '172.17.0.3 > 198.51.100.1 icmp id 7: last seen on docker0, not on eth0',
    'no answer was seen',
  ])
  const answered = {
    packets: 4,
    seen: [
      { link: 'eth0', packets: 4 },
      { link: 'docker0', packets: 1 },
    ],
  }
  expect(
    flowWords({
      ...flow,
      next: null,
      lastSeen: 'eth0',
      back: { ...answered, lastSeen: 'docker0', next: null, notSeen: [] },
    }),
  ).toEqual([
    '172.17.0.3 > 198.51.100.1 icmp id 7: came as far as eth0',
    'answers: came as far as docker0 (1 of 4)',
  ])
})

test('a capture in one line is neither good nor bad', () => {
  expect(captureVerdict(result)).toEqual({
    ok: null,
    says: '24 packets; 172.17.0.3 > 198.51.100.1 icmp id 7: last seen on docker0, not on eth0; no answer was seen',
  })
  expect(
    captureVerdict({ ...result, onWay: false, dropped: 3, captured: 1, because: 'links gone' }).says,
  ).toBe('1 packet, 3 dropped by the kernel on eth0@nginx1; the links are gone')
})
