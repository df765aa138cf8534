/** Where engines are looked for. */
import { createHash } from 'node:crypto'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { once } from 'node:events'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { pathBelow } from '../../../src/collect/engine/below-root.ts'
import { dockerHost } from '../../../src/collect/engine/docker-host.ts'
import { dockerSockets } from '../../../src/collect/engine/docker-sockets.ts'
import { podmanSockets } from '../../../src/collect/engine/podman-sockets.ts'
import { socketAt } from '../../../src/collect/engine/engine-socket.ts'
import { listenedBy, listeningAround, parseListening } from '../../../src/collect/engine/unix-sockets.ts'

const own = { mnt: '1', pid: '2', user: '3' }
const folder = mkdtempSync(join(tmpdir(), 'vethscope-sockets-'))
afterAll(() => rmSync(folder, { recursive: true }))

test('of /proc/net/unix the listening stream sockets with a path count', () => {
  const table = [
    'Num       RefCount Protocol Flags    Type St Inode Path',
    '00000000fe94a059: 00000002 00000000 00010000 0001 01 5893428 /run/docker.sock',
    '000000002dfe78eb: 00000003 00000000 00000000 0001 03 5892476 /run/connected.sock',
    '0000000018eff3e7: 00000002 00000000 00010000 0005 01 5943263 /run/seqpacket.sock',
    '0000000018eff3e7: 00000002 00000000 00010000 0001 01 5943264 @/abstract',
    '0000000018eff3e7: 00000002 00000000 00010000 0001 01 5943265',
    '0000000018eff3e7: 00000002 00000000 00010000 0001 01     266 /run/with blanks : 1.sock',
    'nonsense /run/x.sock',
  ].join('\n')
  expect([...parseListening(table)]).toEqual([
    ['5893428', '/run/docker.sock'],
    ['266', '/run/with blanks : 1.sock'],
  ])
})

test('a real socket is found by the process that listens', async () => {
  const path = join(folder, 'real.sock')
  const server = createServer().listen(path)
  await once(server, 'listening')
  try {
    expect(listenedBy('/proc', process.pid, listeningAround('/proc', process.pid))).toContain(path)
    expect(socketAt('', path, null)).toMatchObject({ path, daemon: null, uid: process.getuid?.() })
    symlinkSync(path, join(folder, 'link.sock'))
    expect(socketAt('', join(folder, 'link.sock'), null)?.key).toBe(socketAt('', path, null)?.key)
  } finally {
    server.close()
  }
})

test('links below another root stay below it', () => {
  const root = join(folder, 'root')
  mkdirSync(join(root, 'run/docker'), { recursive: true })
  mkdirSync(join(root, 'var'))
  writeFileSync(join(root, 'run/docker/file'), '')
  symlinkSync('/run', join(root, 'var/run'))
  symlinkSync('../../../../../run/docker', join(root, 'var/up'))
  symlinkSync('docker', join(root, 'run/near'))
  symlinkSync('/round', join(root, 'round'))
  const below = (path: string) => pathBelow(root, path)?.slice(root.length)
  expect(below('/run/docker/file')).toBe('/run/docker/file')
  expect(below('/var/run/docker/file')).toBe('/run/docker/file')
  expect(below('/var/run/near/file')).toBe('/run/docker/file')
  expect(below('/var/up/file')).toBe('/run/docker/file')
  expect(below('/etc/passwd')).toBeUndefined()
  expect(below('/../../../../etc/passwd')).toBeUndefined()
  expect(below('/round')).toBeUndefined()
  expect(pathBelow('', '/var/run/docker.sock')).toBe('/var/run/docker.sock')
})

test('a socket that only the init system holds is not asked: that would start the engine', async () => {
  const path = join(folder, 'activated.sock')
  const server = createServer().listen(path)
  await once(server, 'listening')
  const proc = join(folder, 'proc')
  const table = `00000000fe94a059: 00000002 00000000 00010000 0001 01 77 ${path}\n`
  try {
    for (const pid of ['1', '2']) {
      mkdirSync(join(proc, pid, 'net'), { recursive: true })
      mkdirSync(join(proc, pid, 'fd'))
      writeFileSync(join(proc, pid, 'net/unix'), table)
    }
    symlinkSync('socket:[77]', join(proc, '1/fd/3'))
    const env = { DOCKER_HOST: `unix://${path}` }
    const look = async () => {
      const { engines, elsewhere } = await dockerSockets(proc, [], own, env)
      return {
        asked: engines.flat().some((each) => each.path === path),
        said: elsewhere.find((each) => each.endpoint === path)?.reason,
      }
    }
    const started = 'the engine does not run, and a connection to its socket would start it'
    expect(await look()).toEqual({ asked: false, said: started })
    // A link to it is the same socket.
    symlinkSync(path, join(folder, 'activated-link.sock'))
    const linked = await dockerSockets(proc, [], own, {
      DOCKER_HOST: `unix://${join(folder, 'activated-link.sock')}`,
    })
    expect(linked.elsewhere.map(({ reason }) => reason)).toContain(started)
    rmSync(join(proc, '1/fd/3'))
    expect(await look()).toEqual({ asked: true, said: undefined })
  } finally {
    server.close()
  }
})

test('what is no socket is none', () => {
  writeFileSync(join(folder, 'file'), '')
  expect(socketAt('', join(folder, 'file'), null)).toBeNull()
  expect(socketAt('', join(folder, 'nothing'), null)).toBeNull()
})

function context(name: string, host: string): void {
  const id = createHash('sha256').update(name).digest('hex')
  const meta = join(folder, '.docker/contexts/meta', id)
  mkdirSync(meta, { recursive: true })
  writeFileSync(
    join(meta, 'meta.json'),
    JSON.stringify({ Name: name, Endpoints: { docker: { Host: host } } }),
  )
}

test('DOCKER_HOST, then DOCKER_CONTEXT, then the current context', async () => {
  context('rootless', 'unix:///run/user/1000/docker.sock')
  context('far', 'ssh://example.org')
  writeFileSync(join(folder, '.docker/config.json'), JSON.stringify({ currentContext: 'rootless' }))
  const HOME = folder
  const rootless = { host: 'unix:///run/user/1000/docker.sock', from: 'the docker context rootless' }
  expect(await dockerHost({ HOME })).toEqual(rootless)
  expect(await dockerHost({ DOCKER_CONFIG: join(folder, '.docker') })).toEqual(rootless)
  expect(await dockerHost({ HOME, DOCKER_CONTEXT: 'far' })).toMatchObject({ host: 'ssh://example.org' })
  expect(await dockerHost({ HOME, DOCKER_CONTEXT: 'default' })).toMatchObject({ host: null })
  expect(await dockerHost({ HOME, DOCKER_HOST: 'tcp://1.2.3.4' })).toEqual({
    host: 'tcp://1.2.3.4',
    from: 'DOCKER_HOST',
  })
})

test.each([
  ['nothing is set', {}],
  ['the folder is relative', { DOCKER_CONFIG: 'docker' }],
  ['the folder is not there', { HOME: join(folder, 'nobody') }],
  ['the context is not there', { HOME: folder, DOCKER_CONTEXT: '../../etc' }],
])('where %s there is no host', async (_, env) => {
  expect((await dockerHost(env)).host).toBeNull()
})

test('settings that are nonsense are none', async () => {
  const home = join(folder, 'odd')
  mkdirSync(join(home, '.docker'), { recursive: true })
  for (const text of ['', '{', '[]', '{"currentContext":7}', 'null', 'x'.repeat(1_000_000)]) {
    writeFileSync(join(home, '.docker/config.json'), text)
    expect((await dockerHost({ HOME: home })).host).toBeNull()
  }
})

test('sockets that a config names are asked too, once, and one that is not there is told', async () => {
  const [path, gone] = [join(folder, 'named.sock'), join(folder, 'gone.sock')]
  const server = createServer().listen(path)
  await once(server, 'listening')
  try {
    const proc = join(folder, 'no-proc')
    const env = { DOCKER_HOST: `unix://${path}` }
    const docker = await dockerSockets(proc, [], own, env, [path, gone])
    expect(docker.engines.flat().filter((each) => each.path === path)).toHaveLength(1)
    const notThere = { endpoint: gone, reason: 'the config file names it, and there is no socket' }
    expect(docker.elsewhere).toContainEqual(notThere)
    const named = await dockerSockets(proc, [], own, {}, [path])
    expect(named.engines.flat().map((each) => each.path)).toContain(path)
    const podman = podmanSockets(proc, [], own, [path, gone], join(folder, 'no-run'))
    expect(podman.engines.map((each) => each.path)).toEqual([path])
    expect(podman.elsewhere).toEqual([notThere])
    expect(podmanSockets(proc, [], own, [], join(folder, 'no-run'))).toEqual({ engines: [], elsewhere: [] })
  } finally {
    server.close()
  }
})
