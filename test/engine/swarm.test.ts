/** Two real engines in a Swarm, with a network that spans both: what Swarm hides gets names. */
import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { readWorld } from '../../src/collect/collector.ts'
import { endpointLink } from '../../src/derive/container-link.ts'
import { displayName } from '../../src/derive/netns-name.ts'
import { isResolved, peers } from '../../src/derive/peers.ts'
import type { Container, Engine } from '../../src/model/engine.ts'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { World } from '../../src/model/world.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { requires } from '../support/requires.ts'
import { runWithFiles } from '../support/without-sockets.ts'

const canRun = requires({ root: true, tools: dockerTools })

describe.runIf(canRun)('a Swarm of two nodes', () => {
  const nodes: DockerHost[] = []
  let world: World

  beforeAll(async () => {
    for (const name of ['node1', 'node2']) nodes.push(await startDocker(name))
    const [one, two] = nodes
    if (one === undefined || two === undefined) throw new Error('no nodes')
    join(one, two)
    one.docker('swarm', 'init', '--advertise-addr', '10.99.0.1')
    const token = one.docker('swarm', 'join-token', '-q', 'worker')
    two.docker('swarm', 'join', '--token', token, '--advertise-addr', '10.99.0.2', '10.99.0.1:2377')
    one.docker('network', 'create', '-d', 'overlay', '--attachable', '--subnet', '10.77.0.0/24', 'ov1')
    const run = (node: DockerHost, name: string) =>
      node.docker('run', '-d', '--name', name, '--network', 'ov1', image, '/bin/sleep', '3600')
    run(one, 'left')
    // The network comes to the second node once something there asks for it.
    await vi.waitFor(
      () => {
        // What is left of an attempt that came too early has the name.
        two.host.try(['docker', '-H', two.address, 'rm', '-f', 'right'])
        run(two, 'right')
      },
      { timeout: 30_000, interval: 500 },
    )
    const read = await readWorld({ reader: 'auto', details: false, deep: true })
    if (!read.ok) throw new Error(read.failure.what)
    world = read.value
  })

  afterAll(async () => {
    for (const node of nodes) await node.end()
  })

  const netnsOf = (node: DockerHost | undefined): string =>
    String(statSync(`/proc/${node?.host.pid ?? 0}/ns/net`).ino)

  const engineOf = (node: DockerHost | undefined): Engine => {
    const engine = listOf(world.engines).find((each) => each.netns === netnsOf(node))
    if (engine === undefined) throw new Error('the engine was not found')
    return engine
  }

  const containerOn = (node: DockerHost | undefined, name: string): Container => {
    const found = listOf(engineOf(node).containers).find((each) => each.name === name)
    if (found === undefined) throw new Error(`no container ${name}`)
    return found
  }

  test('the containers reach each other through a real VXLAN', () => {
    const said = nodes[0]?.docker('exec', 'left', '/bin/ping', '-c', '1', '-W', '5', 'right')
    expect(said).toContain('1 packets received')
  })

  test('the network is told by both engines', () => {
    for (const node of nodes) {
      const network = listOf(engineOf(node).networks).find(({ name }) => name === 'ov1')
      expect(network).toMatchObject({
        driver: 'overlay',
        scope: 'swarm',
        bridge: null,
        subnets: [{ subnet: '10.77.0.0/24' }],
      })
    }
  })

  test('each container’s link leads into the hidden namespace that is named after the network', () => {
    const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
    const pairs = peers(world.netns)
    for (const [node, name] of [
      [nodes[0], 'left'],
      [nodes[1], 'right'],
    ] as const) {
      const container = containerOn(node, name)
      const on = container.endpoints.find(({ network }) => network === 'ov1')
      const id = isUnknown(container.netns) ? null : container.netns
      const netns = id === null ? undefined : byId.get(id)
      const link = on === undefined ? null : endpointLink(container, on, netns)
      if (link === null || isUnknown(link)) throw new Error(`${name} has no link on ov1`)
      const peer = pairs.peerOf(link.netns, link.ifindex)
      const hidden = isResolved(peer) ? byId.get(peer.netns) : undefined
      expect(hidden === undefined ? null : displayName(hidden)).toBe('ov1 (overlay)')
      const links = hidden === undefined ? [] : listOf(hidden.links).map((each) => each.kind)
      expect(links).toEqual(expect.arrayContaining(['bridge', 'vxlan']))
    }
  })

  test('what balances the load and what lets traffic in have names, too', () => {
    const names = world.netns.map((netns) => displayName(netns))
    expect(names.filter((name) => name === 'ov1 (load balancer)')).toHaveLength(2)
    expect(names.filter((name) => name === 'ingress_sbox').length).toBeGreaterThanOrEqual(2)
  })
})

/** A veth between the two hosts; only their own namespaces are touched. */
function join(one: DockerHost, two: DockerHost): void {
  const inside = (node: DockerHost, ...command: readonly string[]): void => {
    const done = runWithFiles('nsenter', [`--net=/proc/${node.host.pid}/ns/net`, ...command], '')
    if (done.code !== 0) throw new Error(`${command.join(' ')}: ${done.stderr}`)
  }
  inside(one, ...`ip link add wire type veth peer name wire netns ${two.host.pid}`.split(' '))
  for (const [node, address] of [
    [one, '10.99.0.1/24'],
    [two, '10.99.0.2/24'],
  ] as const) {
    inside(node, 'ip', 'addr', 'add', address, 'dev', 'wire')
    inside(node, 'ip', 'link', 'set', 'wire', 'up')
  }
}
