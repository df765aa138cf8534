import { describe, expect, test } from 'vitest'
import { displayName } from '../../src/derive/netns-name.ts'
import { overlays } from '../../src/derive/overlay.ts'
import type { NetnsId } from '../../src/model/ids.ts'
import { isUnknown, listOf, type Known } from '../../src/model/known.ts'
import type { Overlay } from '../../src/model/overlay.ts'
import type { World } from '../../src/model/world.ts'
import { worldOf } from '../support/fixture.ts'
import { firewall, iptables } from '../support/ruleset.ts'

const seen = await worldOf('swarm-1')

function overlayIn(world: World, name = 'ov1'): Overlay {
  const found = overlays(world).find(({ network }) => network.name === name)
  if (found === undefined) throw new Error(`no overlay ${name}`)
  return found
}

const named = (world: World, id: Known<NetnsId | null>): string | null => {
  const netns = world.netns.find((each) => each.id === id)
  return netns === undefined ? null : displayName(netns)
}

describe('a recorded Swarm of two nodes, seen from one', () => {
  test('both overlays are there, each in a hidden namespace of its own', () => {
    expect(
      overlays(seen).map(({ network, isIngress, vnis, sandbox }) => ({
        name: network.name,
        isIngress,
        vnis,
        netns: named(seen, sandbox),
      })),
    ).toEqual([
      { name: 'ov1', isIngress: false, vnis: [4097], netns: 'ov1 (overlay)' },
      { name: 'ingress', isIngress: true, vnis: [4096], netns: 'ingress (overlay)' },
    ])
  })

  test('its bridge and vxlan, with what makes them the network’s', () => {
    const { sandbox, segments } = overlayIn(seen)
    expect(segments).toEqual([
      {
        subnet: '10.77.0.0/24',
        vni: 4097,
        bridge: { netns: sandbox, ifindex: expect.any(Number) as number, name: 'br0' },
        vxlan: { netns: sandbox, ifindex: expect.any(Number) as number, name: 'vxlan0' },
        mtu: 1450,
        dstport: 4789,
      },
    ])
  })

  test('the other host is a peer, with the container and the load balancer behind it', () => {
    const [peer, ...more] = overlayIn(seen).peers
    expect(more).toEqual([])
    expect(peer).toMatchObject({ address: '10.99.0.2', isHere: false, isTold: false, name: null })
    expect(peer?.remotes.map(({ address }) => address).toSorted()).toEqual(['10.77.0.4', '10.77.0.5'])
    expect(peer?.remotes.every(({ vni }) => vni === 4097)).toBe(true)
  })

  test('the member here, from its own link to the port on the bridge', () => {
    const { sandbox, members } = overlayIn(seen)
    expect(members).toMatchObject([
      {
        name: 'left',
        ipv4: '10.77.0.2/24',
        mac: '02:42:0a:4d:00:02',
        link: { name: 'eth0' },
        port: { netns: sandbox },
      },
    ])
    expect(named(seen, members[0]?.netns ?? null)).toBe('left')
  })

  test('the load balancers: one of the network, and ingress_sbox', () => {
    for (const [name, where, address] of [
      ['ov1', 'ov1 (load balancer)', '10.77.0.3'],
      ['ingress', 'ingress_sbox', '10.0.0.2'],
    ] as const) {
      const { balancer } = overlayIn(seen, name)
      if (isUnknown(balancer) || balancer === null) throw new Error(`${name} has none`)
      expect([named(seen, balancer.netns), balancer.address]).toEqual([where, address])
    }
  })
})

describe('what the engine tells besides', () => {
  const told = (change: (engine: (typeof engines)[number]) => object): World => ({
    ...seen,
    engines: engines.map((engine) => ({ ...engine, ...change(engine) })),
  })
  const engines = listOf(seen.engines)

  test('peers by name, and which of them is this host', () => {
    const world = told(({ networks }) => ({
      swarm: { nodeId: 'x', address: '10.99.0.1', isManager: true },
      networks: listOf(networks).map((network) => ({
        ...network,
        peers: [
          { name: 'aa11', address: '10.99.0.1' },
          { name: 'bb22', address: '10.99.0.2' },
          { name: 'cc33', address: '10.99.0.3' },
        ],
      })),
    }))
    expect(
      overlayIn(world).peers.map(({ remotes, ...peer }) => ({ ...peer, remotes: remotes.length })),
    ).toEqual([
      { address: '10.99.0.1', name: 'aa11', isHere: true, isTold: true, remotes: 0 },
      { address: '10.99.0.2', name: 'bb22', isHere: false, isTold: true, remotes: 2 },
      { address: '10.99.0.3', name: 'cc33', isHere: false, isTold: true, remotes: 0 },
    ])
  })

  test('encryption is an option that may be empty', () => {
    const withOptions = (options: Readonly<Record<string, string>>): World =>
      told(({ networks }) => ({ networks: listOf(networks).map((each) => ({ ...each, options })) }))
    expect(overlayIn(seen).isEncrypted).toBe(false)
    expect(overlayIn(withOptions({ encrypted: '' })).isEncrypted).toBe(true)
    expect(overlayIn(withOptions({ encrypted: 'false' })).isEncrypted).toBe(false)
  })
})

describe('ports of services', () => {
  const nat = iptables(
    'nat',
    `-P PREROUTING
-A PREROUTING -m addrtype --dst-type LOCAL -j DOCKER-INGRESS
-A DOCKER-INGRESS -p tcp -m tcp --dport 8080 -j DNAT --to-destination 172.18.0.2:8080
-A DOCKER-INGRESS -p tcp -m tcp --dport 9090 -j DNAT --to-destination 192.0.2.9:9090
-A DOCKER-INGRESS -j RETURN`,
  )
  const mangle = iptables(
    'mangle',
    '-P PREROUTING\n-A PREROUTING -p tcp --dport 8080 -j MARK --set-xmark 0x100/0xffffffff',
  )
  const service = {
    protocol: null,
    address: null,
    port: null,
    fwmark: 256,
    scheduler: 'rr',
    destinations: [{ address: '10.0.0.7', port: 0, method: 'masq', weight: 1 }],
  }
  const ruled = (ipvs: readonly (typeof service)[]): World => {
    const { balancer } = overlayIn(seen, 'ingress')
    const sandbox = isUnknown(balancer) ? null : (balancer?.netns ?? null)
    return {
      ...seen,
      netns: seen.netns.map((netns) => {
        if (netns.id === seen.host) return { ...netns, firewall: firewall([nat]) }
        return netns.id === sandbox ? { ...netns, firewall: firewall([mangle], { ipvs: [...ipvs] }) } : netns
      }),
    }
  }
  const ports = (world: World) => {
    const found = overlayIn(world, 'ingress').ports
    if (isUnknown(found)) throw new Error(found.unknown)
    return found.map(({ hostPort, via, target }) => [hostPort, via, target.address])
  }

  test('lead through ingress_sbox and IPVS to the tasks', () => {
    expect(ports(ruled([service]))).toEqual([[8080, 'ipvs', '10.0.0.7']])
  })

  test('end in ingress_sbox where the kernel has no IPVS', () => {
    expect(ports(ruled([]))).toEqual([[8080, 'dnat', '172.18.0.2']])
  })
})

describe('what was not seen is said', () => {
  test('no namespace of it on this host: nobody here is on it', () => {
    const { sandbox } = overlayIn(seen)
    const { members } = overlayIn(seen)
    const gone = [sandbox, ...members.map(({ netns }) => netns)]
    const world = { ...seen, netns: seen.netns.filter(({ id }) => !gone.includes(id)) }
    expect(overlayIn(world)).toMatchObject({ sandbox: null, segments: [], balancer: null, peers: [] })
  })

  test('a namespace that no file of Docker’s names is found by who is connected to it', () => {
    const { sandbox } = overlayIn(seen)
    const world = {
      ...seen,
      netns: seen.netns.map((netns) => (netns.id === sandbox ? { ...netns, names: [] } : netns)),
    }
    expect(overlayIn(world).sandbox).toBe(sandbox)
  })

  test('of another engine of the Swarm the namespace is not this one’s', () => {
    const { sandbox } = overlayIn(seen)
    const elsewhere = listOf(seen.engines).map((engine) => ({
      ...engine,
      netns: '1' as NetnsId,
      containers: [],
    }))
    expect(sandbox).not.toBeNull()
    expect(overlayIn({ ...seen, engines: elsewhere }).sandbox).toBeNull()
  })

  test('ports of ingress need the host’s rules', () => {
    const unread = { ...seen, netns: seen.netns.map((netns) => ({ ...netns, firewall: null })) }
    expect(isUnknown(overlayIn(unread, 'ingress').ports)).toBe(true)
    expect(overlayIn(unread).ports).toEqual([])
  })
})
