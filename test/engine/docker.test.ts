/** A real Docker Engine, compared with what its own client says, and with what a container sees of itself. */
import { statSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest'
import { createDiscoverer } from '../../src/collect/discover/discover.ts'
import { withEngineNames } from '../../src/collect/engine/engine-names.ts'
import { engineMemory } from '../../src/collect/engine/engine-memory.ts'
import { readEngines } from '../../src/collect/engine/read-engines.ts'
import { watchEngines } from '../../src/collect/engine/watch-engines.ts'
import { readWorld } from '../../src/collect/collector.ts'
import { endpointLink } from '../../src/derive/container-link.ts'
import { displayNames } from '../../src/derive/netns-name.ts'
import { peers } from '../../src/derive/peers.ts'
import type { Container, Engine } from '../../src/model/engine.ts'
import { isUnknown, listOf } from '../../src/model/known.ts'
import type { World } from '../../src/model/world.ts'
import { dockerTools, image, startDocker, type DockerHost } from '../support/docker.ts'
import { requires } from '../support/requires.ts'

const canRun = requires({ root: true, tools: dockerTools })

const hostile = '\x1b]0;owned\x07\u202eevil\x1b[2J'

describe.runIf(canRun)('a real Docker Engine', () => {
  let engine: DockerHost
  let world: World
  let docker: Engine

  beforeAll(async () => {
    engine = await startDocker()
    const run = (name: string, ...args: readonly string[]) =>
      engine.docker('run', '-d', '--name', name, ...args, image, '/bin/sleep', '3600')
    engine.docker('network', 'create', '--subnet', '172.31.0.0/24', '--label', 'team=a', 'net1')
    engine.docker(
      ...'network create --subnet 172.31.1.0/24 --gateway 172.31.1.254 --internal'.split(' '),
      ...'--subnet fd00:31::/64 --ipv6 -o com.docker.network.bridge.name=br-two net2'.split(' '),
    )
    run('redis123')
    run(
      'nginx1',
      '-p',
      '8080:80',
      '-p',
      '127.0.0.1:5353:53/udp',
      '--network',
      'net1',
      '--network-alias',
      'web',
    )
    engine.docker('network', 'connect', '--alias', 'db', '--alias', hostile, 'net2', 'nginx1')
    run('joined', '--network', 'container:redis123')
    run('onhost', '--network', 'host')
    run('nonet', '--network', 'none')
    run(
      'shop-web-1',
      ...'--label com.docker.compose.project=shop --label com.docker.compose.service=web'.split(' '),
      ...'--network net1 --ip 172.31.0.77 --label'.split(' '),
      `evil=${hostile}`,
    )
    run('before')
    engine.docker('rename', 'before', 'after')
    run('ended')
    engine.docker('stop', '-t', '0', 'ended')
    engine.docker('create', '--name', 'created', '-p', '9090:90', image, '/bin/sleep', '1')
    ;({ world, docker } = await look())
  })

  afterAll(() => engine?.end())

  /** The whole machine is looked at; ours is the engine that runs in the namespace of the host that was played. */
  async function look(): Promise<{ world: World; docker: Engine }> {
    const read = await readWorld({ reader: 'auto', details: false })
    if (!read.ok) throw new Error(read.failure.what)
    const discoverer = createDiscoverer(null)
    if (!discoverer.ok) throw new Error(discoverer.failure.what)
    const { found, processes } = await discoverer.value.discover({ complete: true })
    discoverer.value.close()
    const signal = new AbortController().signal
    const engines = (await readEngines({ processes: listOf(processes), found, signal, env: {} })).filter(
      (each) => each.netns === hostNetns(),
    )
    const docker = engines.find((each) => each.engine === 'docker')
    if (docker === undefined) throw new Error('the engine was not found')
    // Other engines of the machine may have containers of the same names.
    const own = new Set<unknown>([docker.netns, ...listOf(docker.containers).map(({ netns }) => netns)])
    const netns = withEngineNames(
      read.value.netns.filter(({ id }) => own.has(id)),
      engines,
    )
    return { world: { ...read.value, engines, netns }, docker }
  }

  const hostNetns = (): string => String(statSync(`/proc/${engine.host.pid}/ns/net`).ino)

  const container = (name: string): Container => {
    const found = listOf(docker.containers).find((each) => each.name === name)
    if (found === undefined) throw new Error(`no container ${name}`)
    return found
  }

  test('each container is what docker inspect says', () => {
    const ids = engine.docker('ps', '-aq', '--no-trunc').split('\n')
    const inspected = engine.inspect('inspect', ...ids) as readonly Inspected[]
    expect(inspected).toHaveLength(9)
    const told = inspected.map((each) => ({
      id: each.Id,
      name: each.Name.slice(1),
      image: each.Config.Image,
      state: each.State.Status,
      mode: each.HostConfig.NetworkMode,
      hostName: each.Config.Hostname,
      labels: each.Config.Labels,
      networks: Object.entries(each.NetworkSettings.Networks).map(([name, network]) => ({
        name,
        id: network.NetworkID,
        mac: network.MacAddress,
        ipv4: withLength(network.IPAddress, network.IPPrefixLen),
        ipv6: withLength(network.GlobalIPv6Address, network.GlobalIPv6PrefixLen),
        gateway: network.Gateway,
        aliases: network.Aliases ?? [],
      })),
      ports: Object.entries(each.NetworkSettings.Ports).flatMap(([port, bindings]) =>
        (bindings ?? []).map(({ HostIp, HostPort }) => `${HostIp} ${HostPort} ${port}`),
      ),
    }))
    const read = listOf(docker.containers).map((each) => ({
      id: each.id,
      name: each.name,
      image: each.image,
      state: each.state,
      mode: each.mode,
      hostName: each.hostName,
      labels: each.labels,
      networks: each.endpoints.map(({ network, networkId, mac, ipv4, ipv6, gateway, aliases }) => ({
        name: network,
        id: networkId,
        mac: mac ?? '',
        ipv4: ipv4 ?? '',
        ipv6: ipv6 ?? '',
        gateway: gateway ?? '',
        aliases,
      })),
      ports: each.ports.map(
        ({ hostIp, hostPort, port, protocol }) => `${hostIp} ${hostPort} ${port}/${protocol}`,
      ),
    }))
    expect(read.toSorted(byId)).toEqual(told.toSorted(byId))
    expect(container('nginx1').ports.length).toBeGreaterThan(1)
    expect(container('nginx1').endpoints[1]?.aliases).toContain(hostile)
  })

  test('each network is what docker network inspect says', () => {
    const ids = engine.docker('network', 'ls', '-q', '--no-trunc').split('\n')
    const inspected = engine.inspect('network', 'inspect', ...ids) as readonly InspectedNetwork[]
    expect(inspected).toHaveLength(5)
    const told = inspected.map((each) => ({
      id: each.Id,
      name: each.Name,
      driver: each.Driver,
      scope: each.Scope,
      internal: each.Internal,
      ipv6: each.EnableIPv6,
      options: each.Options ?? {},
      labels: each.Labels,
      subnets: (each.IPAM.Config ?? []).map(({ Subnet, Gateway, IPRange, AuxiliaryAddresses }) => ({
        subnet: Subnet,
        gateway: Gateway ?? null,
        ipRange: IPRange ?? null,
        auxAddresses: AuxiliaryAddresses ?? {},
      })),
      made: { attachable: each.Attachable, ingress: each.Ingress, configOnly: each.ConfigOnly },
      members: Object.entries(each.Containers).map(([id, { Name, MacAddress, IPv4Address, IPv6Address }]) =>
        [id, Name, MacAddress, IPv4Address, IPv6Address].join(' '),
      ),
    }))
    const networks = listOf(docker.networks)
    const read = networks.map((each) => ({
      id: each.id,
      name: each.name,
      driver: each.driver,
      scope: each.scope,
      internal: each.internal,
      ipv6: each.ipv6,
      options: each.options,
      labels: each.labels,
      subnets: each.subnets,
      made: {
        attachable: each.made?.attachable,
        ingress: each.made?.ingress,
        configOnly: each.made?.configOnly,
      },
      members: each.members.map(({ containerId, name, mac, ipv4, ipv6 }) =>
        [containerId, name, mac ?? '', ipv4 ?? '', ipv6 ?? ''].join(' '),
      ),
    }))
    expect(read.toSorted(byId)).toEqual(told.toSorted(byId))
    const bridges = Object.fromEntries(networks.map(({ name, bridge }) => [name, bridge]))
    const net1 = networks.find(({ name }) => name === 'net1')
    expect(bridges).toEqual({
      bridge: 'docker0',
      host: null,
      none: null,
      net1: `br-${net1?.id.slice(0, 12)}`,
      net2: 'br-two',
    })
  })

  test('every bridge is a link of the engine’s namespace', () => {
    const own = world.netns.find(({ id }) => id === docker.netns)
    const links = own === undefined ? [] : listOf(own.links).map(({ name }) => name)
    for (const { bridge } of listOf(docker.networks)) if (bridge !== null) expect(links).toContain(bridge)
  })

  test('each container is in the namespace that its own process is in', () => {
    for (const each of listOf(docker.containers)) {
      if (each.state !== 'running') {
        expect({ name: each.name, netns: each.netns, pid: each.pid }).toEqual({
          name: each.name,
          netns: null,
          pid: null,
        })
        continue
      }
      const told = engine.docker('exec', each.id, '/bin/ls', '-l', '/proc/self/ns/net')
      expect(each.netns).toBe(/net:\[(\d+)\]/.exec(told)?.[1])
      expect(statSync(`/proc/${each.pid}/ns/net`).ino).toBe(Number(each.netns))
    }
    expect(container('joined').netns).toBe(container('redis123').netns)
    expect(container('onhost').netns).toBe(hostNetns())
  })

  test('modes have the names that people know', () => {
    const kinds = Object.fromEntries(listOf(docker.containers).map(({ name, modeKind }) => [name, modeKind]))
    expect(kinds).toEqual({
      redis123: 'bridge',
      nginx1: 'network',
      joined: 'container',
      onhost: 'host',
      nonet: 'none',
      'shop-web-1': 'network',
      after: 'bridge',
      ended: 'bridge',
      created: 'bridge',
    })
  })

  test('every veth leads to the container that its own iflink confirms', () => {
    const pairs = peers(world.netns)
    const byId = new Map(world.netns.map((netns) => [netns.id, netns]))
    let checked = 0
    for (const each of listOf(docker.containers)) {
      for (const endpoint of each.endpoints) {
        const id = isUnknown(each.netns) ? null : each.netns
        const link = endpointLink(each, endpoint, id === null ? undefined : byId.get(id))
        if (link === null || isUnknown(link)) continue
        const iflink = engine.docker('exec', each.id, '/bin/cat', `/sys/class/net/${link.name}/iflink`)
        expect(pairs.peerOf(link.netns, link.ifindex)).toMatchObject({
          netns: hostNetns(),
          ifindex: Number(iflink),
        })
        checked++
      }
    }
    // redis123, nginx1 twice, shop-web-1, after.
    expect(checked).toBe(5)
  })

  test('namespaces are called what the containers are called', () => {
    const names = displayNames(world.netns)
    const nameOf = (name: string): string | undefined => names.get(container(name).netns as never)
    expect(nameOf('redis123')).toBe('redis123')
    expect(nameOf('joined')).toBe('redis123')
    expect(nameOf('nginx1')).toBe('nginx1')
    expect(nameOf('after')).toBe('after')
    expect(nameOf('onhost')).not.toBe('onhost')
  })

  test('each change is told by itself, and what is removed is let go', async () => {
    const discoverer = createDiscoverer(null)
    if (!discoverer.ok) throw new Error(discoverer.failure.what)
    let changes = 0
    const watch = watchEngines(() => changes++)
    const signal = new AbortController().signal
    const memory = engineMemory()
    const look = async () => {
      const { found, processes } = await discoverer.value.discover()
      const engines = await readEngines({ processes: listOf(processes), found, signal, env: {}, memory })
      const own = engines.filter((each) => each.netns === hostNetns())
      const of = (name: string) =>
        own.flatMap((each) => listOf(each.containers)).find((each) => each.name === name)
      return { of, ids: found.map(({ id }) => id), own }
    }
    /** Looks again only when told to: what nobody tells is never seen. */
    const after = async (command: readonly string[], isThere: (seen: Seen) => boolean): Promise<Seen> => {
      const before = changes
      engine.docker(...command)
      let looked = before
      for (const deadline = Date.now() + 20_000; Date.now() < deadline;) {
        if (changes > looked) {
          looked = changes
          const seen = await look()
          if (isThere(seen)) return seen
        }
        await new Promise((done) => setTimeout(done, 10))
      }
      throw new Error(`${command.join(' ')}: not seen after ${changes - before} changes`)
    }
    type Seen = Awaited<ReturnType<typeof look>>
    try {
      watch.follow((await look()).own)
      const started = await after(
        ['run', '-d', '--name', 'new', image, '/bin/sleep', '3600'],
        ({ of }) => typeof of('new')?.netns === 'string',
      )
      const first = started.of('new')
      await after(
        ['network', 'connect', '--alias', 'x', 'net1', 'new'],
        ({ of }) =>
          of('new')?.endpoints.some(({ network, aliases }) => network === 'net1' && aliases.includes('x')) ===
          true,
      )
      await after(
        ['rename', 'new', 'newer'],
        ({ of }) => of('newer') !== undefined && of('new') === undefined,
      )
      await after(['stop', '-t', '0', 'newer'], ({ of }) => of('newer')?.netns === null)
      const again = await after(['start', 'newer'], ({ of }) => typeof of('newer')?.netns === 'string')
      expect(again.of('newer')?.pid).not.toBe(first?.pid)
      // The list says the same of one that joined another, whatever its process is.
      const joined = again.of('joined')
      await after(['restart', '-t', '0', 'joined'], ({ of }) => {
        const pid = of('joined')?.pid ?? null
        return pid !== null && pid !== joined?.pid
      })
      const gone = await after(['rm', '-f', 'newer'], ({ of }) => of('newer') === undefined)
      expect(gone.own[0]?.containers).toHaveLength(9)
      await vi.waitFor(async () => expect((await look()).ids).not.toContain(again.of('newer')?.netns), 10_000)
      await after(['network', 'create', 'net3'], ({ own }) =>
        own.some((each) => listOf(each.networks).some(({ name }) => name === 'net3')),
      )
    } finally {
      watch.close()
      discoverer.value.close()
    }
  })

  test('while the engine hangs it is unknown, and its containers are still seen by their processes', async () => {
    const discoverer = createDiscoverer(null)
    if (!discoverer.ok) throw new Error(discoverer.failure.what)
    engine.host.run(['sh', '-c', 'kill -STOP $(cat /run/docker.pid)'])
    try {
      const { found, processes } = await discoverer.value.discover({ complete: true })
      const signal = new AbortController().signal
      const began = performance.now()
      const engines = await readEngines({ processes: listOf(processes), found, signal, env: {} })
      expect(performance.now() - began).toBeLessThan(8000)
      const [asked, seen] = engines.filter((each) => each.engine === 'docker' && each.netns === hostNetns())
      const silence = { unknown: 'no answer from the socket in 2 s' }
      expect(asked).toMatchObject({ containers: silence, networks: silence })
      const netnsOf = new Map(listOf(seen?.containers ?? []).map(({ id, netns }) => [id, netns]))
      for (const { id, netns } of ['redis123', 'nginx1', 'joined', 'nonet'].map(container)) {
        expect(netnsOf.has(id)).toBe(true)
        expect(netnsOf.get(id)).toBe(netns)
      }
    } finally {
      engine.host.run(['sh', '-c', 'kill -CONT $(cat /run/docker.pid)'])
      discoverer.value.close()
    }
  })
})

function byId(one: { readonly id: string }, other: { readonly id: string }): number {
  return one.id < other.id ? -1 : 1
}

function withLength(address: string, length: number): string {
  return address === '' ? '' : `${address}/${length}`
}

type Inspected = {
  readonly Id: string
  readonly Name: string
  readonly State: { readonly Status: string }
  readonly Config: { readonly Image: string; readonly Hostname: string; readonly Labels: object }
  readonly HostConfig: { readonly NetworkMode: string }
  readonly NetworkSettings: {
    readonly Ports: {
      readonly [port: string]: readonly { readonly HostIp: string; readonly HostPort: string }[] | null
    }
    readonly Networks: {
      readonly [name: string]: {
        readonly NetworkID: string
        readonly MacAddress: string
        readonly IPAddress: string
        readonly IPPrefixLen: number
        readonly GlobalIPv6Address: string
        readonly GlobalIPv6PrefixLen: number
        readonly Gateway: string
        readonly Aliases: readonly string[] | null
      }
    }
  }
}

type InspectedNetwork = {
  readonly Id: string
  readonly Name: string
  readonly Driver: string
  readonly Scope: string
  readonly Internal: boolean
  readonly EnableIPv6: boolean
  readonly Options: object | null
  readonly Labels: object
  readonly Attachable: boolean
  readonly Ingress: boolean
  readonly ConfigOnly: boolean
  readonly IPAM: {
    readonly Config:
      | readonly {
          readonly Subnet: string
          readonly Gateway?: string
          readonly IPRange?: string
          readonly AuxiliaryAddresses?: object
        }[]
      | null
  }
  readonly Containers: {
    readonly [id: string]: {
      readonly Name: string
      readonly MacAddress: string
      readonly IPv4Address: string
      readonly IPv6Address: string
    }
  }
}
