import { expect, test } from 'vitest'
import { printText } from '../../src/cli/print-text.ts'
import { style } from '../../src/cli/style.ts'
import type { Answered } from '../../src/command/result.ts'
import { listContainers } from '../../src/command/ls-containers.ts'
import { listNetworks } from '../../src/command/ls-networks.ts'
import type { Engine, EngineNetwork } from '../../src/model/engine.ts'
import type { World } from '../../src/model/world.ts'
import { container, endpoint, engine } from '../support/engine.ts'
import { harmful, hostileTexts } from '../support/hostile.ts'
import { bridgedPair } from '../support/world.ts'

const bridge: EngineNetwork = {
  id: 'id of bridge',
  name: 'bridge',
  driver: 'bridge',
  scope: 'local',
  subnets: [{ subnet: '172.17.0.0/16', gateway: '172.17.0.1' }],
  bridge: 'docker0',
  parent: null,
  internal: false,
  ipv6: false,
  options: {},
  labels: {},
  members: [],
}
const on = endpoint('bridge', { ipv4: '172.17.0.2/16', gateway: '172.17.0.1', aliases: ['db'] })
const redis = container('redis123', 200, {
  endpoints: [on],
  ports: [{ hostIp: '::', hostPort: 8080, port: 80, protocol: 'tcp' }],
})
const member = { containerId: redis.id, name: 'redis123', mac: null, ipv4: '172.17.0.2/16', ipv6: null }
const joined = container('joined', 200, {
  modeKind: 'container',
  mode: `container:${redis.id}`,
  joins: redis.id,
})
const docker = engine([redis, joined, container('ended', null)], {
  networks: [{ ...bridge, members: [member] }],
})
const silent = engine(
  { unknown: 'no answer from the socket in 2 s' },
  { networks: { unknown: 'no answer from the socket in 2 s' }, endpoint: '/run/other.sock' },
)

const withEngines = (...engines: readonly Engine[]): World => ({ ...bridgedPair(), engines })

function answered(result: ReturnType<typeof listContainers>): Exclude<Answered, { kind: 'world' }> {
  if (!('data' in result) || result.kind === 'world') throw new Error('no list')
  return result
}

const json = (result: ReturnType<typeof listContainers>) => JSON.parse(JSON.stringify(answered(result).data))
const text = (result: ReturnType<typeof listContainers>) =>
  printText(answered(result), style({ colour: false, unicode: true }))

test('ls containers has each container with its links, aliases and ports', () => {
  const [first, second, third] = json(listContainers(withEngines(docker)))
  const netns = { id: '200', name: 'redis123' }
  expect(first).toMatchObject({
    engine: 'docker',
    id: redis.id,
    name: 'redis123',
    state: 'running',
    pid: 200,
    mode: 'default',
    modeKind: 'bridge',
    netns,
    networks: [
      {
        name: 'bridge',
        id: 'id of bridge',
        link: { netns, ifindex: 2, name: 'eth0' },
        ipv4: '172.17.0.2/16',
        ipv6: null,
        gateway: '172.17.0.1',
        aliases: ['db'],
      },
    ],
    ports: [{ hostIp: '::', hostPort: 8080, port: 80, protocol: 'tcp' }],
  })
  expect(second).toMatchObject({
    name: 'joined',
    joins: 'redis123',
    modeKind: 'container',
    netns,
    networks: [],
  })
  expect(third).toMatchObject({ name: 'ended', state: 'exited', pid: null, netns: null })
})

test('ls networks has members with their aliases', () => {
  expect(json(listNetworks(withEngines(docker)))).toMatchObject([
    {
      engine: 'docker',
      name: 'bridge',
      bridge: 'docker0',
      subnets: [{ subnet: '172.17.0.0/16', gateway: '172.17.0.1' }],
      netns: { id: '100', name: 'host' },
      members: [{ name: 'redis123', ipv4: '172.17.0.2/16', ipv6: null, aliases: ['db'] }],
    },
  ])
})

test('an engine that did not answer is an element, and a gap', () => {
  const reason = 'no answer from the socket in 2 s'
  for (const list of [listContainers, listNetworks]) {
    const result = answered(list(withEngines(docker, silent)))
    expect(json(result).at(-1)).toEqual({ engine: 'docker', endpoint: '/run/other.sock', unknown: reason })
    expect(result.gaps).toContainEqual({
      what: 'containers',
      subject: 'docker at /run/other.sock',
      reason,
      hint: null,
    })
    expect(text(result).at(-1)).toContain(`unreadable: /run/other.sock: ${reason}`)
  }
})

test('a file that could not be read is named once', () => {
  const reason = '/run/vethscope: permission denied'
  const lab = engine(
    { unknown: reason },
    { engine: 'lab', networks: { unknown: reason }, endpoint: '/run/vethscope' },
  )
  expect(text(listNetworks(withEngines(lab))).at(-1)).toMatch(
    /unreadable: \/run\/vethscope: permission denied$/,
  )
})

test('what nobody asked is not empty', () => {
  const unasked: World = { ...bridgedPair(), engines: { unknown: 'not asked' } }
  expect(json(listContainers(unasked))).toEqual([{ engine: null, endpoint: null, unknown: 'not asked' }])
  expect(json(listNetworks(unasked))).toEqual([{ engine: null, endpoint: null, unknown: 'not asked' }])
})

test('the tables for people', () => {
  expect(text(listContainers(withEngines(docker)))).toEqual([
    'CONTAINER  ID            ENGINE  STATE    MODE                NETNS     NETWORKS                     PORTS',
    'redis123   726564697331  docker  running  default             redis123  bridge 172.17.0.2/16 (eth0)  [::]:8080->80/tcp',
    'joined     6a6f696e6564  docker  running  container:redis123  redis123  -                            -',
    'ended      656e64656400  docker  exited   default             -         -                            -',
  ])
  expect(text(listNetworks(withEngines(docker)))).toEqual([
    'NETWORK  ID            ENGINE  DRIVER  NETNS  LINK     SUBNETS        MEMBERS',
    'bridge   id of bridge  docker  bridge  host   docker0  172.17.0.0/16  redis123',
  ])
})

test.each(Object.entries(hostileTexts))(
  '%s in names, modes, networks and reasons harms no terminal',
  (_, evil) => {
    const container = {
      ...redis,
      name: evil,
      state: evil,
      mode: evil,
      joins: evil,
      endpoints: [{ ...on, network: evil, ipv4: evil, aliases: [evil] }],
      ports: [{ hostIp: evil, hostPort: 1, port: 1, protocol: 'tcp' as const }],
      labels: { [evil]: evil },
    }
    const network = {
      ...bridge,
      id: evil,
      name: evil,
      driver: evil,
      bridge: evil,
      subnets: [{ subnet: evil, gateway: evil }],
      members: [{ ...member, name: evil }],
    }
    const world = withEngines(
      engine([container], { networks: [network] }),
      engine({ unknown: evil }, { networks: { unknown: evil }, endpoint: evil }),
    )
    for (const list of [listContainers, listNetworks]) {
      for (const line of text(list(world))) expect(line).not.toMatch(harmful)
    }
  },
)
