/** A real Podman, compared with what its own client says. */
import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDiscoverer, type Discoverer } from '../../src/collect/discover/discover.ts'
import { engineMemory } from '../../src/collect/engine/engine-memory.ts'
import { readEngines } from '../../src/collect/engine/read-engines.ts'
import { patientMs } from '../../src/collect/engine/silence.ts'
import { watchEngines } from '../../src/collect/engine/watch-engines.ts'
import { readWorld } from '../../src/collect/collector.ts'
import { endpointLink } from '../../src/derive/container-link.ts'
import { displayName } from '../../src/derive/netns-name.ts'
import { peers } from '../../src/derive/peers.ts'
import { publishedPorts } from '../../src/derive/ports/published-ports.ts'
import type { Container, Engine } from '../../src/model/engine.ts'
import { netnsId } from '../../src/model/ids.ts'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { World } from '../../src/model/world.ts'
import { image } from '../support/docker.ts'
import { podmanTools, startPodman, type PodmanHost } from '../support/podman.ts'
import { requires } from '../support/requires.ts'

const canRun = requires({ root: true, tools: podmanTools })

describe.runIf(canRun)('a real Podman', () => {
  let real: PodmanHost
  let world: World
  let engine: Engine
  let discoverer: Discoverer

  beforeAll(async () => {
    real = await startPodman()
    real.podman('network', 'create', '--subnet', '10.91.0.0/24', '--label', 'team=a', 'net1')
    real.start('web', '-p', '8081:80')
    real.start('db', '--network', 'net1', '--network-alias', 'database', '--label', 'role=db')
    real.start('onhost', '--network', 'host')
    real.start('nonet', '--network', 'none')
    real.start('joined', '--network', 'container:web')
    real.start('ended')
    real.podman('stop', '-t', '0', 'ended')
    const infra = ['--infra-image', image, '--infra-command', '/bin/sleep 3600']
    real.podman('pod', 'create', '--name', 'shop', '-p', '8083:80', ...infra)
    real.start('cart', '--pod', 'shop')
    const made = createDiscoverer(null)
    if (!made.ok) throw new Error(made.failure.what)
    discoverer = made.value
    const read = await readWorld({ reader: 'auto', details: false, patient: true })
    if (!read.ok) throw new Error(read.failure.what)
    world = read.value
    engine = ofHost(listOf(world.engines), 'podman')
  })

  afterAll(async () => {
    discoverer?.close()
    await real?.end()
  })

  const hostNetns = (): string => String(statSync(`/proc/${real.host.pid}/ns/net`).ino)

  const ofHost = (engines: readonly Engine[], name: string): Engine => {
    const found = engines.find((each) => each.netns === hostNetns() && each.engine === name)
    if (found === undefined) throw new Error(`no ${name} was found`)
    return found
  }

  const container = (name: string): Container => {
    const found = listOf(engine.containers).find((each) => each.name === name)
    if (found === undefined) throw new Error(`no container ${name}`)
    return found
  }

  /** Podman's own container of the pod. */
  const infraName = (): string =>
    listOf(engine.containers).find(({ name }) => name.endsWith('-infra'))?.name ?? 'none'

  test('each container is what podman inspect says', () => {
    const names = listOf(engine.containers).map(({ name }) => name)
    const all = ['cart', 'db', 'ended', 'joined', 'nonet', 'onhost', 'web', infraName()]
    expect(names.toSorted()).toEqual(all.toSorted())
    const inspected = JSON.parse(real.podman('inspect', ...names)) as readonly Inspected[]
    const told = inspected.map((each) => ({
      id: each.Id,
      name: each.Name,
      image: each.ImageName,
      state: each.State.Status,
      mode: each.HostConfig.NetworkMode,
      labels: each.Config.Labels ?? {},
      networks: Object.entries(each.NetworkSettings.Networks ?? {}).map(([name, network]) => ({
        name,
        mac: network.MacAddress,
        ipv4: network.IPAddress === '' ? '' : `${network.IPAddress}/${network.IPPrefixLen}`,
        gateway: network.Gateway,
        aliases: network.Aliases ?? [],
      })),
    }))
    const read = listOf(engine.containers).map((each) => ({
      id: each.id,
      name: each.name,
      image: each.image,
      state: each.state,
      mode: each.mode,
      labels: each.labels,
      networks: each.endpoints.map(({ network, mac, ipv4, gateway, aliases }) => ({
        name: network,
        mac: mac ?? '',
        ipv4: ipv4 ?? '',
        gateway: gateway ?? '',
        aliases,
      })),
    }))
    const byId = (one: { readonly id: string }, other: { readonly id: string }) =>
      one.id < other.id ? -1 : 1
    expect(read.toSorted(byId)).toEqual(told.toSorted(byId))
    expect(container('db').endpoints[0]?.aliases).toContain('database')
    expect(container('web').ports).toEqual([{ hostIp: '0.0.0.0', hostPort: 8081, port: 80, protocol: 'tcp' }])
  })

  test('networks have the bridges that podman made', () => {
    const told = JSON.parse(
      real.podman('network', 'inspect', 'net1', 'podman'),
    ) as readonly InspectedNetwork[]
    for (const network of told) {
      const read = listOf(engine.networks).find(({ name }) => name === network.name)
      expect(read).toMatchObject({
        id: network.id,
        driver: 'bridge',
        bridge: network.network_interface,
        subnets: network.subnets,
        labels: network.labels ?? {},
      })
      const own = world.netns.find(({ id }) => id === engine.netns)
      expect((own === undefined ? [] : listOf(own.links)).map(({ name }) => name)).toContain(read?.bridge)
    }
    const members = listOf(engine.networks).find(({ name }) => name === 'net1')?.members
    expect(members?.map(({ name }) => name)).toEqual(['db'])
    expect(container('db').endpoints[0]?.networkId).toBe(told.find(({ name }) => name === 'net1')?.id)
  })

  test('modes and namespaces are those of the processes', () => {
    const kinds = Object.fromEntries(listOf(engine.containers).map(({ name, modeKind }) => [name, modeKind]))
    expect(kinds).toEqual({
      web: 'bridge',
      db: 'network',
      onhost: 'host',
      nonet: 'none',
      joined: 'container',
      ended: 'bridge',
      cart: 'pod',
      [infraName()]: 'pod',
    })
    for (const { name, pid, netns, state } of listOf(engine.containers)) {
      if (state !== 'running') expect({ name, netns }).toEqual({ name, netns: null })
      else expect(statSync(`/proc/${pid}/ns/net`).ino).toBe(Number(netns))
    }
    expect(container('joined').netns).toBe(container('web').netns)
    expect(container('onhost').netns).toBe(hostNetns())
  })

  test('a pod is one namespace with its name; its ports lead there by a rule', async () => {
    const [cart, infra] = [container('cart'), container(infraName())]
    expect(cart).toMatchObject({
      pod: 'shop',
      modeKind: 'pod',
      joins: infra.id,
      netns: infra.netns,
      ports: [],
    })
    expect(infra).toMatchObject({ pod: 'shop', joins: null, ports: [{ hostPort: 8083, port: 80 }] })
    const inside = world.netns.find(({ id }) => id === infra.netns)
    expect(inside === undefined ? null : displayName(inside)).toBe('shop')
    const host = netnsId(Number(hostNetns()))
    const read = await readWorld({ reader: 'auto', details: true, host, patient: true })
    if (!read.ok) throw new Error(read.failure.what)
    const ports = publishedPorts(read.value).filter(
      ({ netns, hostPort }) => netns === host && hostPort === 8083,
    )
    expect(ports.map(({ via }) => via)).toContain('dnat')
    for (const { target } of ports) expect(target).toMatchObject({ netns: infra.netns, port: 80 })
  })

  test('every eth0 is ifindex 2, and each still leads to its own container', () => {
    const pairs = peers(world.netns)
    const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
    for (const name of ['web', 'db']) {
      const each = container(name)
      const [on] = each.endpoints
      const netns = isUnknown(each.netns) || each.netns === null ? undefined : byId.get(each.netns)
      if (on === undefined || netns === undefined) throw new Error(`${name} has no network or namespace`)
      expect(displayName(netns)).toBe(name)
      const link = endpointLink(each, on, netns)
      if (link === null || isUnknown(link)) throw new Error(`${name} has no link`)
      expect(link.ifindex).toBe(2)
      const iflink = Number(real.podman('exec', each.id, '/bin/cat', '/sys/class/net/eth0/iflink'))
      expect(pairs.peerOf(link.netns, link.ifindex)).toMatchObject({ netns: hostNetns(), ifindex: iflink })
    }
  })

  test('changes are told: containers by events, networks by asking', async () => {
    const memory = engineMemory(patientMs)
    const signal = new AbortController().signal
    let changes = 0
    const watch = watchEngines(() => changes++)
    const look = async (): Promise<Engine> => {
      const { found, processes } = await discoverer.discover()
      return ofHost(
        await readEngines({ processes: listOf(processes), found, signal, env: {}, memory }),
        'podman',
      )
    }
    const told = async (act: () => void, isThere: (engine: Engine) => boolean): Promise<void> => {
      let looked = changes
      act()
      await vi.waitFor(
        async () => {
          expect(changes).toBeGreaterThan(looked)
          looked = changes
          expect(isThere(await look())).toBe(true)
        },
        { timeout: 20_000, interval: 20 },
      )
    }
    try {
      watch.follow([await look()])
      await told(
        () => real.start('new', '--network', 'net1'),
        (now) =>
          listOf(now.containers).some(({ name, netns }) => name === 'new' && typeof netns === 'string'),
      )
      await told(
        () => real.podman('network', 'create', 'net2'),
        (now) => listOf(now.networks).some(({ name }) => name === 'net2'),
      )
      await told(
        () => real.podman('rm', '-f', '-t', '0', 'new'),
        (now) => !listOf(now.containers).some(({ name }) => name === 'new'),
      )
    } finally {
      watch.close()
    }
  })

  test('without its API the containers that run are still there, by their monitors', async () => {
    real.endService()
    await vi.waitFor(async () => {
      const { found, processes } = await discoverer.discover({ complete: true })
      const signal = new AbortController().signal
      const engines = await readEngines({ processes: listOf(processes), found, signal, env: {} })
      const left = ofHost(engines, 'podman')
      expect(left.version).toBeNull()
      const seen = listOf(left.containers).map(({ name, netns }) => ({ name, netns }))
      const running = ['web', 'db', 'onhost', 'nonet', 'joined']
      expect(seen).toEqual(
        expect.arrayContaining(running.map((name) => ({ name, netns: container(name).netns }))),
      )
      expect(left.networks).toEqual({ unknown: 'only the processes of its containers were seen' })
      expect(left.warnings).toEqual(['containers that do not run are not known: only processes were seen'])
    }, 10_000)
  })
})

type Inspected = {
  readonly Id: string
  readonly Name: string
  readonly ImageName: string
  readonly State: { readonly Status: string }
  readonly HostConfig: { readonly NetworkMode: string }
  readonly Config: { readonly Labels: object | null }
  readonly NetworkSettings: {
    readonly Networks?: {
      readonly [name: string]: {
        readonly MacAddress: string
        readonly IPAddress: string
        readonly IPPrefixLen: number
        readonly Gateway: string
        readonly Aliases: readonly string[] | null
      }
    }
  }
}

type InspectedNetwork = {
  readonly name: string
  readonly id: string
  readonly network_interface: string
  readonly subnets: readonly object[]
  readonly labels?: object
}
