/** Engines that hang, lie and babble. None of them is real, so neither root nor Docker is needed. */
import { afterEach, expect, test } from 'vitest'
import { engineMemory } from '../../../src/collect/engine/engine-memory.ts'
import { readEngines } from '../../../src/collect/engine/read-engines.ts'
import type { Engine } from '../../../src/model/engine.ts'
import { isUnknown, listOf } from '../../../src/model/known.ts'
import { fakeEngine, fakeServer, healthy, json, type FakeEngine } from '../../support/fake-engine.ts'

const open: FakeEngine[] = []

afterEach(async () => {
  for (const each of open.splice(0)) await each.close()
})

async function started(fake: Promise<FakeEngine>): Promise<FakeEngine> {
  const engine = await fake
  open.push(engine)
  return engine
}

/** What is read of the engine at that socket, and how long it took. */
async function read(
  fake: FakeEngine,
  memory = engineMemory(),
): Promise<{ readonly engine: Engine; readonly ms: number }> {
  const began = performance.now()
  const engines = await readEngines({
    processes: [],
    found: [],
    signal: new AbortController().signal,
    env: { DOCKER_HOST: `unix://${fake.path}` },
    memory,
  })
  const engine = engines.find(({ endpoint }) => endpoint === fake.path)
  if (engine === undefined) throw new Error('the engine is not among those that were found')
  return { engine, ms: performance.now() - began }
}

const reasonOf = ({ containers }: Engine): string | null =>
  isUnknown(containers) ? containers.unknown : null
const id = (number: number): string => number.toString(16).padStart(64, '0')

test('a healthy engine is read whole, and only by GET', async () => {
  const fake = await started(fakeEngine(healthy([{ id: id(1), name: 'web' }])))
  const { engine } = await read(fake)
  expect(engine).toMatchObject({ engine: 'docker', version: '20.10.24', netns: null, warnings: [] })
  expect(engine.containers).toMatchObject([
    { id: id(1), name: 'web', state: 'exited', pid: null, netns: null, endpoints: [{ aliases: ['web'] }] },
  ])
  expect(engine.networks).toMatchObject([{ name: 'bridge', bridge: `br-${'b'.repeat(12)}` }])
  expect(fake.asked.every((each) => each.startsWith('GET '))).toBe(true)
})

test('an engine that hangs costs two seconds once and is unknown', async () => {
  const hanging = await started(fakeEngine(() => {}))
  const { engine, ms } = await read(hanging)
  expect(reasonOf(engine)).toBe('no answer from the socket in 2 s')
  expect(engine.networks).toEqual({ unknown: 'no answer from the socket in 2 s' })
  expect(ms).toBeGreaterThan(1900)
  expect(ms).toBeLessThan(6000)
  expect(hanging.asked).toEqual(['GET /version'])
})

test.each<[string, (path: string, count: number) => boolean]>([
  ['the list', (path) => path.startsWith('/containers/json')],
  ['every container', (path) => /^\/containers\/[0-9a-f]+/.test(path)],
  ['everything but its version', (path) => path !== '/version'],
])('one that hangs only for %s costs two seconds once, too', async (_, hangs) => {
  const answer = healthy(Array.from({ length: 40 }, (_, at) => ({ id: id(at), name: `c${at}` })))
  const fake = await started(
    fakeEngine((path, response, request) => {
      if (!hangs(path, 0)) answer(path, response, request)
    }),
  )
  const { engine, ms } = await read(fake)
  expect(ms).toBeLessThan(6000)
  const { containers } = engine
  if (!isUnknown(containers)) {
    // What the list told is kept; what only inspecting tells is unknown, and said to be.
    expect(containers).toHaveLength(40)
    for (const each of containers) expect(each.netns).toEqual({ unknown: 'no answer from the socket in 2 s' })
    expect(engine.warnings.join()).toContain('40 of 40 containers')
  } else expect(containers.unknown).toBe('no answer from the socket in 2 s')
})

test('one that trickles is as good as silent', async () => {
  const timers: NodeJS.Timeout[] = []
  const fake = await started(
    fakeEngine((_, response) => {
      response.writeHead(200)
      response.write('[')
      timers.push(setInterval(() => response.write(' '), 100))
    }),
  )
  const { engine, ms } = await read(fake)
  for (const timer of timers) clearInterval(timer)
  expect(reasonOf(engine)).toBe('no answer from the socket in 2 s')
  expect(ms).toBeLessThan(6000)
})

test('several engines are waited for together', async () => {
  const healthyOne = await started(fakeEngine(healthy([{ id: id(1), name: 'web' }])))
  const hanging = await started(fakeEngine(() => {}))
  const began = performance.now()
  const [one, other] = await Promise.all([read(healthyOne), read(hanging)])
  expect(performance.now() - began).toBeLessThan(6000)
  expect(listOf(one.engine.containers)).toHaveLength(1)
  expect(reasonOf(other.engine)).not.toBeNull()
})

test.each<[string, string, RegExp]>([
  ['no HTTP', 'SSH-2.0-OpenSSH_9.2\r\n', /not HTTP/],
  ['no JSON', 'HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello', /not JSON/],
  ['nothing', '', /closed the connection/],
  ['half an answer', 'HTTP/1.1 200 OK\r\nContent-Length: 500\r\n\r\n{', /closed the connection|aborted/],
  ['a header without end', `HTTP/1.1 200 OK\r\nX: ${'x'.repeat(200_000)}`, /not HTTP/],
  [
    'an error',
    'HTTP/1.1 500 X\r\nContent-Length: 17\r\n\r\n{"message":"bad"}',
    /^the engine answered 500: bad$/,
  ],
])('an engine that says %s is unknown', async (_, said, reason) => {
  const fake = await started(fakeServer((socket) => socket.once('data', () => socket.end(said))))
  const { engine, ms } = await read(fake)
  expect(reasonOf(engine)).toMatch(reason)
  expect(ms).toBeLessThan(6000)
})

test.each<[string, unknown]>([
  ['an object', { a: 1 }],
  ['a list of numbers', [1, 2]],
  ['a list of containers without ids', [{ Names: ['/x'] }]],
  ['null', null],
  ['a text', 'containers'],
])('a list that is %s is unknown, not empty', async (_, list) => {
  const answer = healthy([])
  const fake = await started(
    fakeEngine((path, response, request) => {
      if (path.startsWith('/containers/json') || path === '/networks') json(response, list)
      else answer(path, response, request)
    }),
  )
  const { engine } = await read(fake)
  expect(reasonOf(engine)).toBe('the engine answered with something else than a list')
  expect(engine.networks).toEqual({ unknown: 'the engine answered with something else than a list' })
})

test('JSON that is nested so deep that the stack could overflow is not looked into', async () => {
  const deep = `[{"Id":"${id(1)}","Names":["\\"[["],"Mounts":${'['.repeat(100_000)}${']'.repeat(100_000)}}]`
  const answer = healthy([])
  const fake = await started(
    fakeEngine((path, response, request) => {
      if (path.startsWith('/containers/json')) response.writeHead(200).end(deep)
      else answer(path, response, request)
    }),
  )
  const { engine } = await read(fake)
  expect(reasonOf(engine)).toBe(
    'the engine answered with something that is not JSON: nested more than 100 deep',
  )
})

test('an engine that sends elsewhere is not followed', async () => {
  let asked = 0
  const fake = await started(
    fakeEngine((_, response) => {
      asked += 1
      response.writeHead(302, { location: 'http://192.0.2.1/version' }).end()
    }),
  )
  const { engine } = await read(fake)
  expect(reasonOf(engine)).toBe('the engine answered 302')
  expect(asked).toBe(1)
})

test('fields of the wrong kind cost only themselves', async () => {
  const more = {
    State: { Status: 7, Pid: 'many', Error: null },
    Config: 'none',
    NetworkSettings: { Ports: { x: 5, '80/tcp': [{ HostPort: 'http' }, null] }, Networks: [1, null] },
  }
  const fake = await started(fakeEngine(healthy([{ id: id(1), name: 'web', more }])))
  const { engine } = await read(fake)
  expect(engine.containers).toMatchObject([
    { id: id(1), name: 'web', state: '', pid: null, ports: [], labels: {} },
  ])
})

test('an answer larger than it may be ends the reading, not the memory', async () => {
  const piece = Buffer.alloc(1024 * 1024, 32)
  const fake = await started(
    fakeEngine((path, response) => {
      if (path === '/version') json(response, { Version: '1' })
      else {
        response.writeHead(200)
        const more = (): void => {
          while (!response.destroyed && response.write(piece));
        }
        response.on('drain', more)
        more()
      }
    }),
  )
  const { engine } = await read(fake)
  expect(reasonOf(engine)).toBe('the engine answered with more than 64 MiB')
})

test('names keep their control characters: they are data until they are shown', async () => {
  const name = '\x1b[2J\u202eevil'
  const more = { Config: { Labels: { [name]: name }, Image: name, Hostname: name } }
  const fake = await started(fakeEngine(healthy([{ id: id(1), name, more }])))
  const { engine } = await read(fake)
  expect(engine.containers).toMatchObject([{ name, labels: { [name]: name }, image: name, hostName: name }])
})

test('a container that is removed between the list and the look at it is not there', async () => {
  const answer = healthy([
    { id: id(1), name: 'stays' },
    { id: id(2), name: 'goes' },
  ])
  const fake = await started(
    fakeEngine((path, response, request) => {
      if (path === `/containers/${id(2)}/json`) json(response, { message: 'No such container' }, 404)
      else answer(path, response, request)
    }),
  )
  const { engine } = await read(fake)
  expect(listOf(engine.containers).map(({ name }) => name)).toEqual(['stays'])
})

test('5,000 containers are read with a few connections, each asked once', async () => {
  const most = { now: 0, ever: 0 }
  const answer = healthy(Array.from({ length: 5000 }, (_, at) => ({ id: id(at), name: `c${at}` })))
  const fake = await started(
    fakeEngine((path, response, request) => {
      most.ever = Math.max(most.ever, ++most.now)
      response.on('finish', () => most.now--)
      answer(path, response, request)
    }),
  )
  const { engine } = await read(fake)
  expect(engine.warnings).toEqual([])
  expect(listOf(engine.containers)).toHaveLength(5000)
  expect(new Set(fake.asked).size).toBe(fake.asked.length)
  expect(most.ever).toBeLessThanOrEqual(8)
}, 60_000)

test('the next look inspects only what the list says something else of', async () => {
  const containers = Array.from({ length: 50 }, (_, at) => ({ id: id(at), name: `c${at}` }))
  let answer = healthy(containers)
  const fake = await started(fakeEngine((path, response, request) => answer(path, response, request)))
  const memory = engineMemory()
  const inspected = (): readonly string[] =>
    fake.asked.filter((each) => /containers\/[0-9a-f]{64}/.test(each))
  const before = await read(fake, memory)
  expect(inspected()).toHaveLength(50)
  expect((await read(fake, memory)).engine).toEqual(before.engine)
  expect(inspected()).toHaveLength(50)
  answer = healthy([...containers.slice(2), { id: id(1), name: 'renamed' }])
  const after = await read(fake, memory)
  expect(inspected().slice(50)).toEqual([`GET /containers/${id(1)}/json`])
  const names = listOf(after.engine.containers).map(({ name }) => name)
  expect(names).toHaveLength(49)
  expect(names).toContain('renamed')
  answer = healthy(containers)
  await read(fake, memory)
  expect(inspected()).toHaveLength(53)
})

test('one that is only busy is waited for where somebody asks for that', async () => {
  const answer = healthy([{ id: id(1), name: 'web' }])
  const busy = await started(
    fakeEngine((path, response, request) => {
      setTimeout(() => answer(path, response, request), 400)
    }),
  )
  expect(reasonOf((await read(busy, engineMemory(100))).engine)).toBe('no answer from the socket in 0.1 s')
  expect(listOf((await read(busy, engineMemory(20_000))).engine.containers)).toHaveLength(1)
})

test('a silent engine is not waited for at every look', async () => {
  const hanging = await started(fakeEngine(() => {}))
  const memory = engineMemory()
  const first = await read(hanging, memory)
  const second = await read(hanging, memory)
  expect(second.engine).toEqual(first.engine)
  expect(second.ms).toBeLessThan(1000)
  expect(hanging.asked).toHaveLength(1)
})

test('an engine elsewhere is named, and not asked', async () => {
  const engines = await readEngines({
    processes: [],
    found: [],
    signal: new AbortController().signal,
    env: { DOCKER_HOST: 'tcp://127.0.0.1:2375' },
  })
  expect(engines).toContainEqual(
    expect.objectContaining({
      endpoint: 'tcp://127.0.0.1:2375',
      containers: {
        unknown: 'DOCKER_HOST names tcp://127.0.0.1:2375: only sockets of this host are asked',
      },
    }),
  )
})
