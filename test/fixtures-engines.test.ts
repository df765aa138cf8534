/** Each container, network, alias, port and mode of the recorded engines against what the engine's own client said. */
import { describe, expect, test } from 'vitest'
import { displayNames } from '../src/derive/netns-name.ts'
import { isResolved, peers } from '../src/derive/peers.ts'
import type { Engine } from '../src/model/engine.ts'
import { listOf } from '../src/model/known.ts'
import type { World } from '../src/model/world.ts'
import { netnsOf, rawOf, worldOf } from './support/fixture.ts'

type Inspected = {
  readonly Id: string
  readonly Name: string
  readonly State: { readonly Status: string; readonly Pid: number }
  readonly HostConfig: { readonly NetworkMode: string }
  readonly Config: { readonly Labels: object | null; readonly Hostname: string }
  readonly NetworkSettings: {
    readonly SandboxKey: string
    /** Podman has none where a container has no network of its own. */
    readonly Networks?: {
      readonly [name: string]: {
        readonly MacAddress: string
        readonly IPAddress: string
        readonly IPPrefixLen: number
        readonly GlobalIPv6Address: string
        readonly Gateway: string
        readonly Aliases: readonly string[] | null
      }
    }
    readonly Ports: { readonly [port: string]: readonly Binding[] | null } | null
  }
}
type Binding = { readonly HostIp: string; readonly HostPort: string }

type DockerNetwork = {
  readonly Id: string
  readonly Name: string
  readonly Driver: string
  readonly Scope: string
  readonly Internal: boolean
  readonly EnableIPv6: boolean
  readonly Options: object | null
  readonly Labels: object | null
  readonly IPAM: { readonly Config: readonly { readonly Subnet: string; readonly Gateway?: string }[] | null }
}

type PodmanNetwork = {
  readonly name: string
  readonly id: string
  readonly driver: string
  readonly network_interface: string
  readonly internal: boolean
  readonly subnets: readonly object[]
}

const said = (name: string, question: string): unknown => rawOf(name).after['host']?.[question]

function engineOf(world: World): Engine {
  const [engine, ...others] = listOf(world.engines)
  if (engine === undefined || others.length > 0) throw new Error('not one engine')
  return engine
}

function ports(each: Inspected): readonly string[] {
  return Object.entries(each.NetworkSettings.Ports ?? {})
    .flatMap(([port, bindings]) =>
      (bindings ?? []).map(
        ({ HostIp, HostPort }) => `${HostIp === '' ? '0.0.0.0' : HostIp} ${HostPort} ${port}`,
      ),
    )
    .toSorted()
}

/** What both engines' `inspect` tells in the same words. */
function told(each: Inspected) {
  return {
    id: each.Id,
    name: each.Name.replace(/^\//, ''),
    state: each.State.Status,
    pid: each.State.Pid === 0 ? null : each.State.Pid,
    mode: each.HostConfig.NetworkMode,
    labels: each.Config.Labels ?? {},
    networks: Object.entries(each.NetworkSettings.Networks ?? {})
      .map(([name, network]) => ({
        name,
        mac: network.MacAddress,
        ipv4: network.IPAddress === '' ? '' : `${network.IPAddress}/${network.IPPrefixLen}`,
        ipv6: network.GlobalIPv6Address,
        gateway: network.Gateway,
        aliases: network.Aliases ?? [],
      }))
      .toSorted(byName),
    ports: ports(each),
  }
}

function read(engine: Engine) {
  return listOf(engine.containers).map((each) => ({
    id: each.id,
    name: each.name,
    state: each.state,
    pid: each.pid,
    mode: each.mode,
    labels: each.labels,
    networks: each.endpoints
      .map(({ network, mac, ipv4, ipv6, gateway, aliases }) => ({
        name: network,
        mac: mac ?? '',
        ipv4: ipv4 ?? '',
        ipv6: ipv6?.replace(/\/\d+$/, '') ?? '',
        gateway: gateway ?? '',
        aliases,
      }))
      .toSorted(byName),
    ports: each.ports
      .map(({ hostIp, hostPort, port, protocol }) => `${hostIp} ${hostPort} ${port}/${protocol}`)
      .toSorted(),
  }))
}

const byName = (a: { readonly name: string }, b: { readonly name: string }) => (a.name < b.name ? -1 : 1)

const docker = ['docker', 'swarm-1', 'swarm-2', 'faults/F06', 'faults/F21']

test.each(docker)('%s: each container is what docker inspect said', async (name) => {
  const engine = engineOf(await worldOf(name))
  const inspected = (said(name, 'docker inspect') as readonly Inspected[]).map(told)
  expect(inspected.length).toBeGreaterThan(0)
  expect(read(engine).toSorted(byName)).toEqual(inspected.toSorted(byName))
})

test.each(docker)('%s: each container is in the namespace of its sandbox', async (name) => {
  const world = await worldOf(name)
  const containers = listOf(engineOf(world).containers)
  for (const each of said(name, 'docker inspect') as readonly Inspected[]) {
    const key = each.NetworkSettings.SandboxKey
    if (each.State.Status !== 'running' || key === '') continue
    const sandbox = key.endsWith('/default')
      ? world.host
      : netnsOf(world, key.replace('/var/run/', '/run/')).id
    expect([each.Name, containers.find(({ id }) => id === each.Id)?.netns]).toEqual([each.Name, sandbox])
  }
})

test.each(docker)('%s: each network is what docker network inspect said', async (name) => {
  const engine = engineOf(await worldOf(name))
  const inspected = (said(name, 'docker network inspect') as readonly DockerNetwork[]).map((each) => ({
    id: each.Id,
    name: each.Name,
    driver: each.Driver,
    scope: each.Scope,
    internal: each.Internal,
    ipv6: each.EnableIPv6,
    options: each.Options ?? {},
    labels: each.Labels ?? {},
    subnets: (each.IPAM.Config ?? []).map(({ Subnet, Gateway }) => ({
      subnet: Subnet,
      gateway: Gateway ?? null,
    })),
  }))
  const networks = listOf(engine.networks).map(
    ({ id, name, driver, scope, internal, ipv6, options, labels, subnets }) => ({
      id,
      name,
      driver,
      scope,
      internal,
      ipv6,
      options,
      labels,
      subnets,
    }),
  )
  expect(networks.toSorted(byName)).toEqual(inspected.toSorted(byName))
})

test('podman: each container and network is what podman said', async () => {
  const engine = engineOf(await worldOf('podman'))
  const inspected = (said('podman', 'podman inspect') as readonly Inspected[]).map(told)
  expect(inspected).toHaveLength(6)
  const joined = new Set(inspected.filter(({ mode }) => mode.startsWith('container:')).map(({ id }) => id))
  const alike = (each: ReturnType<typeof told>) => ({
    ...each,
    // Podman writes only the networks' own names; whoever joined another has that one's networks.
    networks: joined.has(each.id) ? [] : each.networks,
  })
  expect(read(engine).map(alike).toSorted(byName)).toEqual(inspected.map(alike).toSorted(byName))
  const networks = (said('podman', 'podman network inspect') as readonly PodmanNetwork[]).map((each) => ({
    id: each.id,
    name: each.name,
    driver: each.driver,
    bridge: each.network_interface,
    internal: each.internal,
    subnets: each.subnets,
  }))
  expect(
    listOf(engine.networks)
      .map(({ id, name, driver, bridge, internal, subnets }) => ({
        id,
        name,
        driver,
        bridge,
        internal,
        subnets,
      }))
      .toSorted(byName),
  ).toEqual(networks.toSorted(byName))
})

/** `veth0 = eth0 (db)` of each pair that leaves the host. */
function legs(world: World): readonly string[] {
  const index = peers(world.netns)
  const names = displayNames(world.netns)
  return listOf(netnsOf(world, 'host').links)
    .filter(({ kind }) => kind === 'veth')
    .map((link) => {
      const peer = index.peerOf(world.host, link.ifindex)
      return isResolved(peer) ? `${link.name} = ${peer.name} (${names.get(peer.netns)})` : `${link.name} = ?`
    })
}

describe('what the descriptions promise', () => {
  test('docker: every mode, a Compose project, one that ended, each veth with its container', async () => {
    const world = await worldOf('docker')
    const containers = listOf(engineOf(world).containers)
    expect(new Set(containers.map(({ modeKind }) => modeKind))).toEqual(
      new Set(['bridge', 'network', 'host', 'none', 'container']),
    )
    expect(containers.filter(({ state }) => state === 'exited').map(({ name }) => name)).toEqual(['ended'])
    expect(containers.filter(({ labels }) => labels['com.docker.compose.project'] === 'shop')).toHaveLength(2)
    const ends = legs(world).map((leg) => leg.replace(/^\S+ = /, ''))
    expect(ends.toSorted()).toEqual([
      'eth0 (nginx1)',
      'eth0 (redis123)',
      'eth0 (shop-db-1)',
      'eth0 (shop-web-1)',
      'eth1 (nginx1)',
      'host0 (internet)',
    ])
  })

  test('podman: every eth0 has number 2, and each pair is told apart', async () => {
    const world = await worldOf('podman')
    const ends = legs(world).map((leg) => leg.replace(/^veth\d = /, ''))
    expect(ends.toSorted()).toEqual(['eth0 (cache)', 'eth0 (db)', 'eth0 (web)'])
    const numbers = ['cache', 'db', 'web'].map(
      (name) => listOf(netnsOf(world, name).links).find((link) => link.name === 'eth0')?.ifindex,
    )
    expect(numbers).toEqual([2, 2, 2])
  })

  test.each(['swarm-1', 'swarm-2'])('%s: the overlay is in a hidden namespace with a vxlan', async (name) => {
    const world = await worldOf(name)
    const names = [...displayNames(world.netns).values()]
    expect(names).toEqual(expect.arrayContaining(['ov1 (overlay)', 'ov1 (load balancer)', 'ingress_sbox']))
    const links = listOf(netnsOf(world, 'ov1 (overlay)').links).map(({ kind }) => kind)
    expect(links).toEqual(expect.arrayContaining(['bridge', 'vxlan', 'veth']))
  })
})
