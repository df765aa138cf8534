/** Two real engines in a Swarm, with a network that spans both: what Swarm hides gets names. */
import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { readWorld } from '../../src/collect/collector.ts'
import { endpointLink } from '../../src/derive/container-link.ts'
import { displayName } from '../../src/derive/netns-name.ts'
import { overlays } from '../../src/derive/overlay.ts'
import { isResolved, peers } from '../../src/derive/peers.ts'
import type { Container, Engine } from '../../src/model/engine.ts'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { Overlay } from '../../src/model/overlay.ts'
import type { World } from '../../src/model/world.ts'
import { dockerTools, type DockerHost } from '../support/docker.ts'
import { requires } from '../support/requires.ts'
import { startSwarm, type Swarm } from '../support/swarm.ts'

const canRun = requires({ root: true, tools: dockerTools })

describe.runIf(canRun)('a Swarm of two nodes', () => {
  const nodes: DockerHost[] = []
  let swarm: Swarm | null = null
  let world: World

  beforeAll(async () => {
    swarm = await startSwarm()
    nodes.push(...swarm.nodes)
    const read = await readWorld({ reader: 'auto', details: false, deep: true })
    if (!read.ok) throw new Error(read.failure.what)
    world = read.value
  })

  afterAll(async () => {
    await swarm?.end()
  })

  const netnsOf = (node: DockerHost | undefined): string =>
    String(statSync(`/proc/${node?.host.pid ?? 0}/ns/net`).ino)

  const engineOf = (node: DockerHost | undefined): Engine => {
    const engine = listOf(world.engines).find((each) => each.netns === netnsOf(node))
    if (engine === undefined) throw new Error('the engine was not found')
    return engine
  }

  const overlayOn = (node: DockerHost | undefined, name: string): Overlay => {
    const { endpoint } = engineOf(node)
    const found = overlays(world).find((each) => each.socket === endpoint && each.network.name === name)
    if (found === undefined) throw new Error(`no overlay ${name}`)
    return found
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

  test('each engine says who it is in the Swarm', () => {
    const [one, two] = nodes.map((node) => engineOf(node).swarm)
    expect(one).toMatchObject({ address: '10.99.0.1', isManager: true })
    expect(two).toMatchObject({ address: '10.99.0.2', isManager: false })
    expect(one?.nodeId).not.toBe(two?.nodeId)
  })

  test('the overlay is one thing on each node: VNI, hidden namespace, the other host, its member, its load balancer', () => {
    const sides = [
      { node: nodes[0], here: '10.99.0.1', there: '10.99.0.2', member: 'left', other: 'right' },
      { node: nodes[1], here: '10.99.0.2', there: '10.99.0.1', member: 'right', other: 'left' },
    ] as const
    const sandboxes = sides.map(({ node, here, there, member, other }) => {
      const overlay = overlayOn(node, 'ov1')
      const [vni] = overlay.vnis
      expect(overlay).toMatchObject({ isIngress: false, isEncrypted: false, vnis: [expect.any(Number)] })
      expect(overlay.segments).toMatchObject([
        {
          subnet: '10.77.0.0/24',
          vni,
          bridge: { name: 'br0' },
          vxlan: { name: 'vxlan0' },
          mtu: 1450,
          dstport: 4789,
        },
      ])
      expect(overlay.peers.toSorted((a, b) => a.address.localeCompare(b.address))).toMatchObject(
        [
          { address: here, isHere: true, isTold: true, remotes: [] },
          { address: there, isHere: false, isTold: true },
        ].toSorted((a, b) => a.address.localeCompare(b.address)),
      )
      // Behind the other host: its container and its load balancer.
      const on = containerOn(node === nodes[0] ? nodes[1] : nodes[0], other).endpoints.find(
        ({ network }) => network === 'ov1',
      )
      const remotes = overlay.peers.flatMap((peer) => peer.remotes)
      expect(remotes).toHaveLength(2)
      expect(remotes).toContainEqual({ lladdr: on?.mac, address: on?.ipv4?.split('/')[0], vni })
      expect(overlay.members).toMatchObject([
        { name: member, link: { name: 'eth0' }, port: { netns: overlay.sandbox } },
      ])
      const { balancer } = overlay
      if (isUnknown(balancer) || balancer === null) throw new Error('no load balancer')
      const netns = world.netns.find(({ id }) => id === balancer.netns)
      expect(netns === undefined ? null : displayName(netns)).toBe('ov1 (load balancer)')
      return overlay.sandbox
    })
    expect(new Set(sandboxes).size).toBe(2)
  })
})
