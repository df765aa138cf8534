import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Deps } from '../../src/command/command.ts'
import type { Answered } from '../../src/command/result.ts'
import { commands } from '../../src/command/table.ts'
import { failed, succeeded, type Failure } from '../../src/lib/failure.ts'
import { netnsId, nsid } from '../../src/model/ids.ts'
import type { World } from '../../src/model/world.ts'
import { withHost, type Source } from '../../src/source.ts'
import { engine } from '../support/engine.ts'
import { someProgram } from '../support/program-facts.ts'
import { address, bridgedPair, link, loopback, netns, route, usualRules, world } from '../support/world.ts'
import { looksOnly } from '../support/looks-only.ts'

const folder = mkdtempSync(join(tmpdir(), 'vethscope-command-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const sourceOf = (given: World): Source => ({
  kind: 'file',
  file: 'x',
  readWorld: async () => succeeded(given),
  withDetails: async (given) => succeeded(given),
  withFirewall: async (given) => succeeded(given),
  withConntrack: async (given) => succeeded(given),
  withCounters: async (given) => succeeded(given),
  readTool: async () => succeeded({ ...given.tool, hostName: 'vm01', kernel: '6', arch: 'x', at: null }),
})

type Values = { readonly [name: string]: string | number | boolean | readonly string[] | undefined }

async function outcome(given: World, name: string, values: Values = {}) {
  const command = commands.find((each) => each.name === name)
  if (command === undefined) throw new Error(`no command ${name}`)
  const source = sourceOf(given)
  const deps: Deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    signal: new AbortController().signal,
    folder,
  }
  return command.run(deps, values)
}

async function run(given: World, name: string, values: Values = {}): Promise<Answered> {
  const result = await outcome(given, name, values)
  if (!result.ok) throw new Error(result.failure.what)
  if (result.value.kind === 'screen' || result.value.kind === 'become') throw new Error('a screen')
  return result.value
}

async function failure(given: World, name: string, values: Values = {}): Promise<Failure> {
  const result = await outcome(given, name, values)
  if (result.ok) throw new Error('it succeeded')
  return result.failure
}

/** As another program sees it. */
const json = (result: Answered) => JSON.parse(JSON.stringify(result.data))

test('net inspect: what is not found may be among what was not read', async () => {
  const silent = engine({ unknown: 'no answer' }, { networks: { unknown: 'no answer' } })
  const given = {
    ...bridgedPair(),
    engines: [silent, engine([], { engine: 'podman', endpoint: '/run/p.sock' })],
  }
  expect(await failure(given, 'net inspect', { name: 'web' })).toEqual({
    kind: 'not-found',
    subject: 'web',
    what: 'there is no network "web" among those that could be read; not read: those of docker at /run/docker.sock (no answer)',
  })
  expect(await failure(given, 'net inspect', { name: 'web', engine: 'podman' })).toMatchObject({
    what: 'there is no network "web"',
  })
  const unasked = { ...bridgedPair(), engines: { unknown: 'not asked' } }
  expect((await failure(unasked, 'net inspect', { name: 'web', engine: 'lab' })).what).toContain(
    'not read: those of any engine (not asked)',
  )
})

test('ls netns', async () => {
  const [host, redis] = json(await run(bridgedPair(), 'ls'))
  expect(host).toMatchObject({
    id: '100',
    name: 'host',
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    readable: true,
    processes: 0,
    links: 3,
    addresses: ['172.17.0.1/16'],
  })
  expect(redis).toMatchObject({ id: '200', name: 'redis123', links: 2, addresses: ['172.17.0.2/16'] })
})

test('ls links, with both ends of a pair pointing at each other', async () => {
  const links = json(await run(bridgedPair(), 'ls', { what: 'links' }))
  const veth = links.find((each: { name: string }) => each.name === 'veth0')
  const eth = links.find((each: { name: string }) => each.name === 'eth0')
  expect(veth).toMatchObject({
    netns: { id: '100', name: 'host' },
    ifindex: 5,
    kind: 'veth',
    operstate: 'UP',
    carrier: true,
    mtu: 1500,
    lladdr: '7a:00:00:00:00:05',
    master: 'docker0',
    port: { state: 'forwarding', hairpin: false, isolated: false },
    addresses: [],
    peer: { netns: { id: '200', name: 'redis123' }, ifindex: 2, name: 'eth0' },
    lower: null,
    stats: { rxBytes: 0 },
  })
  expect(eth.peer).toEqual({ netns: { id: '100', name: 'host' }, ifindex: 5, name: 'veth0' })
  expect(eth).toMatchObject({ master: null, port: null, addresses: ['172.17.0.2/16'] })
})

const unread = world([
  netns(1, 'host', {
    links: [loopback(), link('veth', { ifindex: 3, name: 'v', lower: { ifindex: 2, nsid: nsid(7) } })],
  }),
  netns(2, 'secret', {
    readable: { unknown: 'permission denied' },
    links: { unknown: 'permission denied' },
    addresses: { unknown: 'permission denied' },
    routes: { unknown: 'permission denied' },
  }),
])

test('what could not be read is in the data, and counted', async () => {
  const list = await run(unread, 'ls')
  expect(json(list)[1]).toMatchObject({
    name: 'secret',
    readable: { unknown: 'permission denied' },
    links: { unknown: 'permission denied' },
    addresses: { unknown: 'permission denied' },
  })
  expect(list.gaps).toEqual([{ what: 'netns', subject: 'secret', reason: 'permission denied', hint: null }])
  const links = json(await run(unread, 'ls', { what: 'links' }))
  expect(links.at(-1)).toEqual({ netns: { id: '2', name: 'secret' }, unknown: 'permission denied' })
  expect(links[1].peer).toMatchObject({ unknown: expect.any(String), candidates: [] })
  const shown = json(await run(unread, 'show'))
  expect(shown.netns[1]).toMatchObject({ links: { unknown: 'permission denied' } })
  expect(shown.gaps).toHaveLength(1)
})

test('show', async () => {
  const shown = json(await run(bridgedPair(), 'show'))
  expect(shown).toMatchObject({
    host: { id: '100', name: 'host' },
    netns: [
      {
        name: 'host',
        links: [{ name: 'lo' }, { name: 'docker0' }, { name: 'veth0' }],
        routes: [],
        neighbours: [],
      },
      { name: 'redis123', routes: [{ dst: 'default', gateway: '172.17.0.1', dev: 'eth0' }] },
    ],
    bridges: [
      {
        netns: { id: '100', name: 'host' },
        name: 'docker0',
        id: '8000.000000000000',
        stp: false,
        vlanFiltering: false,
        mtu: 1500,
        addresses: ['172.17.0.1/16'],
        ports: [
          {
            name: 'veth0',
            state: 'forwarding',
            peer: { netns: { id: '200', name: 'redis123' }, ifindex: 2, name: 'eth0' },
          },
        ],
      },
    ],
    gaps: [],
  })
  const one = json(await run(bridgedPair(), 'show', { netns: 'redis123' }))
  expect(one.netns).toHaveLength(1)
  expect(one.bridges).toEqual([])
})

test('a NETNS that is not there or could be two', async () => {
  const twins = world([netns(1, 'host'), netns(2, 'web'), netns(3, 'web')])
  expect(await failure(twins, 'show', { netns: 'nope' })).toMatchObject({ kind: 'not-found' })
  expect(await failure(twins, 'show', { netns: 'web' })).toMatchObject({
    kind: 'ambiguous',
    what: expect.stringMatching(/ino:2.*ino:3/),
  })
  expect(await failure(twins, 'route', { netns: 'web', dst: '1.1.1.1' })).toMatchObject({ kind: 'ambiguous' })
})

test('find', async () => {
  const result = await run(bridgedPair(), 'find', { token: ['172.17.0.2'] })
  expect(json(result)).toContainEqual(
    expect.objectContaining({
      token: '172.17.0.2',
      what: 'address',
      owner: { id: '200', name: 'redis123' },
      peer: { netns: { id: '100', name: 'host' }, ifindex: 5, name: 'veth0', addresses: [] },
    }),
  )
  expect(await failure(bridgedPair(), 'find', { token: ['qqq'] })).toMatchObject({ kind: 'not-found' })
  expect(await failure(bridgedPair(), 'find', { token: [' '] })).toMatchObject({ kind: 'usage' })
  // A name that is only like it is no answer to a program; people are told of it.
  expect(await failure(bridgedPair(), 'find', { token: ['rds1'] })).toMatchObject({
    kind: 'not-found',
    hint: 'a name like it: netns redis123',
  })
  expect((await failure(unread, 'find', { token: ['qqq'] })).hint).toMatch(
    /could not be read \(1\): permission denied/,
  )
})

test('route: yes, no and unknown are three answers', async () => {
  const yes = await run(bridgedPair(), 'route', { netns: 'redis123', dst: '172.17.0.1' })
  expect(yes.answer).toBe('no')
  const connected = bridgedPair()
  const [host, redis] = connected.netns
  if (host === undefined || redis === undefined) throw new Error('no pair')
  const routes = [
    route({ dst: '172.17.0.0/16', oif: 2, scope: 'link', prefSrc: '172.17.0.2' }),
    route({ dst: 'default', gateway: '172.17.0.1', oif: 2 }),
    route({ dst: '10.0.0.0/8', type: 'blackhole' }),
  ]
  const whole = world([host, { ...redis, policyRules: usualRules, routes }])
  const way = await run(whole, 'route', { netns: 'redis123', dst: '9.9.9.9' })
  expect(way.answer).toBe('yes')
  expect(json(way)).toMatchObject({
    netns: { id: '200', name: 'redis123' },
    verdict: 'unicast',
    routeText: 'default via 172.17.0.1 dev eth0',
    ruleText: '32766: from all lookup main',
    source: { address: '172.17.0.2' },
  })
  expect((await run(whole, 'route', { netns: 'redis123', dst: '10.1.1.1' })).answer).toBe('no')
  const blind = world([host, { ...redis, policyRules: usualRules, routes: { unknown: 'permission denied' } }])
  expect((await run(blind, 'route', { netns: 'redis123', dst: '9.9.9.9' })).answer).toBe('unknown')
})

test('the dear parts are read of those namespaces alone that the question is about', async () => {
  const asked: (readonly string[])[] = []
  const given = bridgedPair()
  const source: Source = {
    ...sourceOf(given),
    readWorld: async ({ details }) => {
      expect(details).toBe(false)
      return succeeded(given)
    },
    withDetails: async (before, ids) => {
      asked.push(ids)
      return succeeded(before)
    },
  }
  const deps: Deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    signal: new AbortController().signal,
    folder,
  }
  const ask = async (name: string, values: Values) => {
    asked.length = 0
    await commands.find((each) => each.name === name)?.run(deps, values)
    return asked.flat()
  }
  expect(await ask('route', { netns: 'redis123', dst: '9.9.9.9' })).toEqual(['200'])
  expect(await ask('route', { netns: 'nope', dst: '9.9.9.9' })).toEqual([])
  for (const token of ['172.17.0.2:6379', '172.17.0.2.6379', 'SRC=172.17.0.2:6379 DST=172.17.0.2:80']) {
    expect(await ask('find', { token: [token] }), token).toEqual(['200'])
  }
  for (const token of ['172.17.0.2', '02:42:ac:11:00:02', '14:03:22', '172.17.0.0/16']) {
    expect(await ask('find', { token: [token] }), token).toEqual([])
  }
})

test('route says which of its words is wrong', async () => {
  const asked = { netns: 'redis123', dst: '1.1.1.1' }
  expect(await failure(bridgedPair(), 'route', { ...asked, dst: 'web' })).toMatchObject({
    kind: 'usage',
    subject: 'web',
  })
  expect(await failure(bridgedPair(), 'route', { ...asked, from: '1.2' })).toMatchObject({ kind: 'usage' })
  expect(await failure(bridgedPair(), 'route', { ...asked, iif: 'eth9' })).toMatchObject({
    kind: 'not-found',
    subject: 'eth9',
  })
})

test('snapshot makes a name of its own, from which nothing escapes', async () => {
  const odd = world([netns(1, 'host')], { hostName: '../\x1b[31m/etc' })
  const result = await run(odd, 'snapshot')
  expect(readdirSync(folder)).toEqual(['vethscope-.._31m_etc-20261121T140322Z.json.gz'])
  expect(json(result)).toMatchObject({ netns: 1, gaps: 0, bytes: expect.any(Number) })
  expect((await run(odd, 'snapshot', { output: '-' })).data).toBe(odd)
  expect(await failure(odd, 'snapshot', { output: '' })).toMatchObject({ kind: 'usage' })
})

test('a file that cannot be made is refused before the host is read', async () => {
  const source: Source = {
    ...sourceOf(unread),
    readWorld: () => {
      throw new Error('it was read')
    },
  }
  const deps: Deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    signal: new AbortController().signal,
    folder,
  }
  const snapshot = commands.find(({ name }) => name === 'snapshot')
  expect(await snapshot?.run(deps, { output: join(folder, 'no/such/folder') })).toMatchObject({
    ok: false,
    failure: { kind: 'not-found', what: expect.stringContaining('the folder does not exist') },
  })
  expect(await snapshot?.run(deps, { output: folder })).toMatchObject({ failure: { kind: 'refused' } })
})

test('a failure of the source is the failure of every command that reads', async () => {
  const broken: Failure = { kind: 'permission', what: 'no' }
  const source: Source = {
    ...sourceOf(unread),
    // Nothing can be sent from a file, and the commands that would say so.
    kind: 'live',
    file: null,
    readWorld: async () => failed(broken),
    readTool: async () => failed(broken),
  }
  const deps: Deps = {
    source,
    open: () => source,
    program: someProgram,
    ...looksOnly,
    signal: new AbortController().signal,
    folder,
  }
  // What is changed and what was changed is the changer's, which reads by itself.
  const others = ['journal', 'confirm', '__watch']
  const reading = commands.filter(({ name, changes }) => changes !== true && !others.includes(name))
  for (const command of reading.filter(({ needs }) => needs === 'world')) {
    const values = {
      netns: 'host',
      dst: '1.1.1.1',
      token: ['x'],
      output: join(folder, 'x'),
      target: command.name === 'tcp' || command.name === 'udp' ? '1.1.1.1:80' : '1.1.1.1',
      name: 'x',
      url: 'http://x/',
      argv: ['true'],
      header: [],
      words: [],
      network: 'x',
    }
    expect(await command.run(deps, values)).toEqual(failed(broken))
  }
})

test('--host gives the name host to another namespace, and only to it', () => {
  const moved = withHost(bridgedPair(), netnsId(200))
  expect(moved.host).toBe('200')
  expect(moved.netns.map((each) => each.names.map(({ source }) => source))).toEqual([[], ['host', 'named']])
  expect(withHost(moved, netnsId(200))).toBe(moved)
})

test('the kind of a link keeps its own data', async () => {
  const one = world([
    netns(1, 'host', {
      links: [
        link('vxlan', { ifindex: 2, name: 'vx' }),
        link('other', { ifindex: 3, name: 'w', kindName: 'warp', raw: { 1: 'ff' } }),
      ],
      addresses: [address(2, 'fd00::1/64')],
    }),
  ])
  expect(json(await run(one, 'ls', { what: 'links' }))).toMatchObject([
    { kind: 'vxlan', data: { vni: 42 }, addresses: ['fd00::1/64'] },
    { kind: 'warp', data: { 1: 'ff' } },
  ])
})
