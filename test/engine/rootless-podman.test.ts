/**
 * A real Podman of a user without root: containers behind slirp4netns, with rootlessport and with slirp4netns's own ports, one
 * on a network of the user's, and a pod; compared with what Podman says, then without its service.
 */
import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWorld } from '../../src/collect/collector.ts'
import { listeningSockets } from '../../src/derive/ports/listening.ts'
import { publishedPorts } from '../../src/derive/ports/published-ports.ts'
import { displayName } from '../../src/derive/netns-name.ts'
import type { Container, Engine } from '../../src/model/engine.ts'
import { netnsId } from '../../src/model/ids.ts'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { World } from '../../src/model/world.ts'
import { image } from '../support/docker.ts'
import { requires } from '../support/requires.ts'
import { rootlessPodmanTools, startRootlessPodman, type RootlessPodman } from '../support/rootless-podman.ts'

const canRun = requires({ root: true, tools: rootlessPodmanTools })

describe.runIf(canRun)('a Podman without root', () => {
  let real: RootlessPodman
  let world: World
  let engine: Engine

  beforeAll(async () => {
    real = await startRootlessPodman()
    real.podman('network', 'create', '--subnet', '10.92.0.0/24', 'net1')
    real.start('web', '-p', '8081:80')
    real.start('db', '--network', 'net1', '-p', '127.0.0.1:8082:80')
    const infra = ['--infra-image', image, '--infra-command', '/bin/sleep 3600']
    real.podman('pod', 'create', '--name', 'shop', '-p', '8083:80', ...infra)
    real.start('cart', '--pod', 'shop')
    real.start('direct', '--network', 'slirp4netns:port_handler=slirp4netns', '-p', '8084:80')
    world = await look()
    engine = ofUser(world)
  })

  afterAll(() => real?.end())

  const hostNetns = () => netnsId(statSync(`/proc/${real.host.pid}/ns/net`).ino)

  const look = async (): Promise<World> => {
    const read = await readWorld({ reader: 'auto', details: true, host: hostNetns() })
    if (!read.ok) throw new Error(read.failure.what)
    return read.value
  }

  /** Other tests may have a Podman of the same user on their hosts. */
  const ofUser = (seen: World): Engine => {
    const own = statSync(`/proc/${real.host.pid}/ns/pid`).ino
    const found = listOf(seen.engines).find(({ engine, containers }) =>
      listOf(containers).some(
        ({ name, pid }) =>
          engine === 'podman' && name === 'web' && pid !== null && isBelow(seen, pid, real.host.pid, own),
      ),
    )
    if (found === undefined) throw new Error(`no Podman of the host: ${JSON.stringify(seen.engines)}`)
    return found
  }

  const container = (of: Engine, name: string): Container => {
    const found = listOf(of.containers).find((each) => each.name === name)
    if (found === undefined) throw new Error(`no container ${name}`)
    return found
  }

  const names = (seen: World): Readonly<Record<string, string>> =>
    Object.fromEntries(seen.netns.map((netns) => [netns.id, displayName(netns)]))

  const ports = (seen: World) =>
    publishedPorts(seen)
      .filter(({ netns, via }) => netns === hostNetns() && via === 'rootless')
      .map(({ hostIp, hostPort, process, target, serves }) => {
        const where = target.netns === null ? null : names(seen)[target.netns]
        return [
          hostPort,
          hostIp,
          process?.name ?? null,
          where,
          serves === 'unknown' ? null : target.port,
          serves,
        ]
      })
      .toSorted((one, other) => Number(one[0]) - Number(other[0]))

  test('its service is asked, and each container is where its process is', () => {
    expect(engine).toMatchObject({ rootless: true, version: expect.stringMatching(/^\d/) })
    expect(engine.endpoint.endsWith(`/root${real.socket}`)).toBe(true)
    const infra = listOf(engine.containers).find(({ name }) => name.endsWith('-infra'))
    const inspected = JSON.parse(
      real.podman('inspect', 'web', 'db', 'cart', 'direct', infra?.name ?? ''),
    ) as readonly { readonly Id: string; readonly State: { readonly Pid: number } }[]
    expect(inspected).toHaveLength(5)
    for (const { Id, State } of inspected) {
      const own = listOf(engine.containers).find(({ id }) => id === Id)
      const netns = statSync(real.host.path(`/proc/${State.Pid}/ns/net`)).ino
      expect(own).toMatchObject({ state: 'running', netns: netnsId(netns) })
      expect(statSync(`/proc/${own?.pid ?? 0}/ns/net`).ino).toBe(netns)
    }
    const kinds = listOf(engine.containers).map(({ name, modeKind }) => `${name} ${modeKind}`)
    expect(kinds.toSorted()).toEqual(
      ['cart pod', 'db network', 'direct network', `${infra?.name} pod`, 'web network'].toSorted(),
    )
  })

  test('networks without root have their bridges in the namespace that Podman keeps for them', () => {
    const bridge = listOf(engine.networks).find(({ name }) => name === 'net1')
    expect(bridge?.members.map(({ name }) => name)).toEqual(['db'])
    const at = world.netns.find(({ id }) => id === engine.netns)
    expect((at === undefined ? [] : listOf(at.links)).map(({ name }) => name)).toContain(bridge?.bridge)
  })

  test('a pod’s containers share the namespace of the one that holds it, and it has the pod’s name', () => {
    const cart = container(engine, 'cart')
    const infra = listOf(engine.containers).find(({ id }) => id === cart.joins)
    expect(cart).toMatchObject({ pod: 'shop', ports: [], netns: infra?.netns })
    expect(infra).toMatchObject({ pod: 'shop', joins: null, ports: [{ hostPort: 8083, port: 80 }] })
    const netns = world.netns.find(({ id }) => id === cart.netns)
    expect(netns === undefined ? null : displayName(netns)).toBe('shop')
    expect(netns?.names.map(({ name }) => name)).toEqual(
      expect.arrayContaining(['shop', 'cart', infra?.name]),
    )
  })

  test('who listens in a pod is the container of the process, also without control groups', () => {
    const inside = container(engine, 'cart').netns
    const { sockets } = listeningSockets(world)
    expect(
      sockets.filter(({ netns }) => netns === inside).map((each) => [each.port, each.container]),
    ).toEqual([[80, 'cart']])
  })

  test('each port leads to its container, where somebody listens', () => {
    expect(ports(world)).toEqual([
      [8081, '::', 'rootlessport', 'web', 80, 'yes'],
      [8082, '127.0.0.1', 'rootlessport', 'db', 80, 'yes'],
      [8083, '::', 'rootlessport', 'shop', 80, 'yes'],
      [8084, '0.0.0.0', 'slirp4netns', 'direct', 80, 'yes'],
    ])
  })

  test('without its service: containers by their monitors, ports by where the helpers lead', async () => {
    real.endService()
    const later = await look()
    const left = ofUser(later)
    expect(left).toMatchObject({ endpoint: 'conmon', rootless: true, version: null, netns: hostNetns() })
    const told = listOf(engine.containers).map(({ id, name, netns }) => ({ id, name, netns }))
    const seen = listOf(left.containers).map(({ id, name, netns }) => ({ id, name, netns }))
    expect(seen).toEqual(expect.arrayContaining(told))
    const cart = container(left, 'cart')
    expect(cart).toMatchObject({ modeKind: 'pod', joins: container(engine, 'cart').joins })
    const infra = listOf(left.containers).find(({ id }) => id === cart.joins)?.name
    // Which port it is there only the service knew.
    expect(ports(later)).toEqual([
      [8081, '::', 'rootlessport', 'web', null, 'unknown'],
      [8082, '127.0.0.1', 'rootlessport', 'db', null, 'unknown'],
      [8083, '::', 'rootlessport', infra, null, 'unknown'],
      [8084, '0.0.0.0', 'slirp4netns', 'direct', null, 'unknown'],
    ])
  })
})

/** It is in that pid namespace, or was started from it. */
function isBelow(seen: World, pid: number, init: number, pidNamespace: number): boolean {
  const process = listOf(seen.processes).find((each) => each.pid === pid)
  if (process === undefined) return false
  if (!isUnknown(process.namespaces) && process.namespaces['pid'] === String(pidNamespace)) return true
  return process.ppid === init || (process.ppid > 1 && isBelow(seen, process.ppid, init, pidNamespace))
}
