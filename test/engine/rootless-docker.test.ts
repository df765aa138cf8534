/**
 * A real Docker Engine of a user without root, by the script of Debian's package, and the helpers alone that rootless
 * engines use: RootlessKit with each of its port drivers, and pasta.
 */
import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readWorld } from '../../src/collect/collector.ts'
import { displayName } from '../../src/derive/netns-name.ts'
import { publishedPorts } from '../../src/derive/ports/published-ports.ts'
import type { Container, Engine } from '../../src/model/engine.ts'
import { netnsId } from '../../src/model/ids.ts'
import { listOf } from '../../src/model/known.ts'
import type { World } from '../../src/model/world.ts'
import { dockerTools, image } from '../support/docker.ts'
import { playHost, type TestHost } from '../support/host.ts'
import { requires } from '../support/requires.ts'
import { rootlessTools, rootlessUser, type RootlessUser } from '../support/rootless.ts'

const canRun = requires({ root: true, tools: [...dockerTools, ...rootlessTools, 'rootlesskit', 'pasta'] })

/** Of Debian's docker.io, in no folder of PATH. */
const script = '/usr/share/docker.io/contrib/dockerd-rootless.sh'

const serve = '/bin/busybox httpd -f -p 80'.split(' ')

describe.runIf(canRun)('a Docker Engine without root', () => {
  let host: TestHost
  let user: RootlessUser
  let world: World
  let engine: Engine

  const docker = (...args: readonly string[]) =>
    user.run('docker', '-H', `unix:///run/user/${user.uid}/docker.sock`, ...args)

  beforeAll(async () => {
    host = await playHost('user02')
    user = rootlessUser(host)
    // pasta copies the host's addresses, and looks for them on the link of the default route.
    host.ip('route add default via 10.77.0.254 dev out')
    const drivers = [
      'DOCKERD_ROOTLESS_ROOTLESSKIT_NET=slirp4netns',
      'DOCKERD_ROOTLESS_ROOTLESSKIT_PORT_DRIVER=builtin',
    ]
    user.start('dockerd', 'env', ...drivers, 'sh', script, '--storage-driver', 'vfs')
    const kit = (driver: string, publish: string) => [
      ...'rootlesskit --net=slirp4netns --disable-host-loopback'.split(' '),
      `--port-driver=${driver}`,
      '--publish',
      publish,
      ...serve,
    ]
    user.start('kit', ...kit('builtin', '127.0.0.1:8086:80/tcp'))
    user.start('slirp', ...kit('slirp4netns', '127.0.0.1:8087:80/tcp'))
    const forwards = ['-t', '8084-8085:79-80', '-u', 'none']
    user.start('pasta', 'pasta', '--foreground', '--ipv4-only', '--config-net', ...forwards, '--', ...serve)
    await vi.waitFor(() => docker('version'), { timeout: 60_000, interval: 200 })
    docker('import', user.image, image)
    docker('run', '-d', '--name', 'web', '-p', '8081:80', image, '/bin/httpd', '-f', '-p', '80')
    docker('run', '-d', '--name', 'onhost', '--network', 'host', image, '/bin/httpd', '-f', '-p', '81')
    await vi.waitFor(
      async () => {
        world = await look()
        expect(ports().map(([port]) => port)).toEqual(expect.arrayContaining([8085, 8086, 8087]))
      },
      { timeout: 60_000, interval: 200 },
    )
    const found = listOf(world.engines).find(({ engine: name, containers }) => {
      const id = docker('inspect', '--format', '{{.Id}}', 'web')
      return name === 'docker' && listOf(containers).some((each) => each.id === id)
    })
    if (found === undefined) throw new Error(`no engine of the host: ${JSON.stringify(world.engines)}`)
    engine = found
  })

  afterAll(async () => {
    await host?.end()
    user?.remove()
  })

  const hostNetns = () => netnsId(statSync(`/proc/${host.pid}/ns/net`).ino)

  const look = async (): Promise<World> => {
    const read = await readWorld({ reader: 'auto', details: true, host: hostNetns() })
    if (!read.ok)
      throw new Error(`${read.failure.what}; pasta said: ${host.read('/run/pasta.log').toString()}`)
    return read.value
  }

  const nameOf = (id: Engine['netns'] | Container['netns'] | undefined): string | null => {
    const netns = world.netns.find((each) => each.id === id)
    return netns === undefined ? null : displayName(netns)
  }

  const ports = () =>
    publishedPorts(world)
      .filter(({ netns, via }) => netns === hostNetns() && via === 'rootless')
      .map(({ hostIp, hostPort, process, target, serves }) => {
        const program = process?.name.replace(/^pas(?:ta|st).*/, 'pasta') ?? null
        return [hostPort, hostIp, program, target.container, target.port, serves] as const
      })
      .toSorted(([one, at], [other, to]) => one - other || (at < to ? -1 : 1))

  test('is found by its process, and its host is the namespace that RootlessKit made', () => {
    expect(engine).toMatchObject({ rootless: true, version: expect.stringMatching(/^\d/) })
    expect(engine.netns).not.toBe(hostNetns())
    const [web, onhost] = ['web', 'onhost'].map((name) =>
      listOf(engine.containers).find((each) => each.name === name),
    )
    for (const each of [web, onhost]) {
      const pid = docker('inspect', '--format', '{{.State.Pid}}', each?.id ?? '')
      expect(each?.netns).toBe(netnsId(statSync(host.path(`/proc/${pid}/ns/net`)).ino))
    }
    expect(onhost).toMatchObject({ modeKind: 'host', netns: engine.netns })
    expect(web).toMatchObject({ modeKind: 'bridge', ports: [{ hostPort: 8081, port: 80 }, {}] })
    expect(nameOf(engine.netns)).toBe('rootless docker')
    expect(nameOf(web?.netns)).toBe('web')
  })

  test('its port leads through RootlessKit to the container, and on inside by its rule', () => {
    expect(ports().filter(([port]) => port === 8081)).toEqual([
      [8081, '0.0.0.0', 'rootlesskit', 'web', 80, 'yes'],
      [8081, '::', 'rootlesskit', 'web', 80, 'yes'],
    ])
    const inside = publishedPorts(world).filter(({ netns }) => netns === engine.netns)
    expect(inside.map(({ via, hostPort, target }) => [via, hostPort, target.container])).toEqual(
      expect.arrayContaining([['dnat', 8081, 'web']]),
    )
  })

  test('helpers alone tell where they lead by their arguments and processes', () => {
    expect(ports().filter(([port]) => port > 8081)).toEqual([
      [8084, '0.0.0.0', 'pasta', null, 79, 'no'],
      [8085, '0.0.0.0', 'pasta', null, 80, 'yes'],
      [8086, '127.0.0.1', 'rootlesskit', null, 80, 'yes'],
      [8087, '127.0.0.1', 'slirp4netns', null, 80, 'yes'],
    ])
  })

  test('an engine that hangs: the port still leads through its namespace’s rule to the container', async () => {
    const web = listOf(engine.containers).find(({ name }) => name === 'web')
    host.run(['sh', '-c', 'kill -STOP $(pidof dockerd)'])
    try {
      world = await look()
      const hung = listOf(world.engines).find(({ endpoint }) => endpoint === engine.endpoint)
      expect(hung?.containers).toEqual({ unknown: 'no answer from the socket in 2 s' })
      expect(ports().filter(([port]) => port === 8081)).toEqual([
        [8081, '0.0.0.0', 'rootlesskit', web?.id.slice(0, 12), 80, 'yes'],
        [8081, '::', 'rootlesskit', web?.id.slice(0, 12), 80, 'yes'],
      ])
    } finally {
      host.run(['sh', '-c', 'kill -CONT $(pidof dockerd)'])
    }
  })
})
