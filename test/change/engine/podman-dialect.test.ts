import { expect, test } from 'vitest'
import type { NetworkWish } from '../../../src/change/engine/dialect.ts'
import { podmanDialect } from '../../../src/change/engine/podman-dialect.ts'
import type { EngineConnection } from '../../../src/model/intent.ts'

const plain: NetworkWish = {
  name: 'net1',
  driver: 'bridge',
  subnets: [],
  ipv6: false,
  internal: false,
  attachable: false,
  ingress: false,
  ipam: { driver: 'default', options: {} },
  configOnly: false,
  configFrom: null,
  options: {},
  labels: {},
}
const subnet = { subnet: '10.91.0.0/24', gateway: null, ipRange: null, auxAddresses: {} }
const connection: EngineConnection = {
  network: 'net1',
  aliases: [],
  links: [],
  linkLocal: [],
  options: {},
}

const bodyOf = (wish: Partial<NetworkWish>) => podmanDialect.create({ ...plain, ...wish }).body

test('a network of which only the name is known', () => {
  expect(podmanDialect.create(plain)).toEqual({
    method: 'POST',
    path: '/v4.0.0/libpod/networks/create',
    body: { name: 'net1', driver: 'bridge', ipv6_enabled: false, internal: false, dns_enabled: true },
  })
})

test('everything that can be asked for', () => {
  const wish: Partial<NetworkWish> = {
    subnets: [
      { ...subnet, gateway: '10.91.0.9', ipRange: '10.91.0.128/25' },
      { ...subnet, subnet: 'fd00:91::/64', ipRange: 'fd00:91::10-fd00:91::1f' },
    ],
    ipv6: true,
    internal: true,
    dns: false,
    ipam: { driver: 'host-local', options: {} },
    options: {
      'com.docker.network.driver.mtu': '1400',
      'com.docker.network.bridge.name': 'br9',
      isolate: 'true',
    },
    labels: { team: 'a' },
  }
  expect(bodyOf(wish)).toEqual({
    name: 'net1',
    driver: 'bridge',
    network_interface: 'br9',
    subnets: [
      {
        subnet: '10.91.0.0/24',
        gateway: '10.91.0.9',
        lease_range: { start_ip: '10.91.0.129', end_ip: '10.91.0.255' },
      },
      { subnet: 'fd00:91::/64', lease_range: { start_ip: 'fd00:91::10', end_ip: 'fd00:91::1f' } },
    ],
    ipv6_enabled: true,
    internal: true,
    dns_enabled: false,
    labels: { team: 'a' },
    options: { mtu: '1400', isolate: 'true' },
    ipam_options: { driver: 'host-local' },
  })
  expect(podmanDialect.whyNotCreate({ ...plain, ...wish }, '4.3.1')).toEqual([])
})

test('a parent is the link of a macvlan, and so is the bridge that a network had', () => {
  const options = { parent: 'eth0', macvlan_mode: 'private' }
  const macvlan = { driver: 'macvlan', subnets: [subnet], options }
  expect(bodyOf(macvlan)).toMatchObject({ network_interface: 'eth0', options: { mode: 'private' } })
  expect(bodyOf({ link: 'podman3' })).toMatchObject({ network_interface: 'podman3' })
})

test.each([
  ['10.91.0.0/24', '10.91.0.1', '10.91.0.255'],
  ['10.91.0.8/31', '10.91.0.9', '10.91.0.9'],
  ['10.91.0.8/32', '10.91.0.9', '10.91.0.9'],
  ['10.91.0.16-10.91.0.31', '10.91.0.16', '10.91.0.31'],
  ['10.91.0.16-', '10.91.0.16', undefined],
  ['-10.91.0.31', undefined, '10.91.0.31'],
])('the range %s is from %s to %s', (ipRange, start_ip, end_ip) => {
  expect(bodyOf({ subnets: [{ ...subnet, ipRange }] })).toMatchObject({
    subnets: [{ lease_range: JSON.parse(JSON.stringify({ start_ip, end_ip })) as object }],
  })
})

test.each<readonly [string, Partial<NetworkWish>]>([
  ['Podman has no driver overlay: its own are bridge, macvlan and ipvlan', { driver: 'overlay' }],
  ['Podman has no --attachable: any container can be connected to its networks', { attachable: true }],
  ['Podman has no --ingress: it knows no swarm', { ingress: true }],
  [
    'Podman has no --aux-address: keep addresses free by --ip-range',
    { subnets: [{ ...subnet, auxAddresses: { router: '10.91.0.5' } }] },
  ],
  ['Podman has no networks of configuration alone', { configFrom: 'other' }],
  ['Podman has no options of address management', { ipam: { driver: 'default', options: { a: 'b' } } }],
  [
    'Podman has no --icc=false: its option isolate keeps networks apart, not the containers of one',
    { options: { 'com.docker.network.bridge.enable_icc': 'false' } },
  ],
  [
    'Podman has no --ip-masq=false: what leaves a bridge of Podman gets the host’s address; --internal lets nothing leave',
    { options: { 'com.docker.network.bridge.enable_ip_masquerade': 'false' } },
  ],
  [
    'Podman has no option com.docker.network.bridge.gateway_mode_ipv4',
    { options: { 'com.docker.network.bridge.gateway_mode_ipv4': 'routed' } },
  ],
])('%s', (says, wish) => {
  expect(podmanDialect.whyNotCreate({ ...plain, ...wish }, '4.3.1')).toEqual([says])
})

test('what is so anyway may be asked for', () => {
  const options = {
    'com.docker.network.bridge.enable_icc': 'true',
    'com.docker.network.bridge.enable_ip_masquerade': 'true',
  }
  expect(podmanDialect.whyNotCreate({ ...plain, options }, '4.3.1')).toEqual([])
  expect(bodyOf({ options })).toEqual(bodyOf({}))
})

test('a container comes onto a network and leaves it', () => {
  const asked = {
    ...connection,
    ip: '10.91.0.7',
    ip6: 'fd00:91::7',
    mac: '02:00:00:00:00:11',
    aliases: ['www'],
  }
  expect(podmanDialect.connect('web', asked)).toEqual({
    method: 'POST',
    path: '/v4.0.0/libpod/networks/net1/connect',
    body: {
      container: 'web',
      static_ips: ['10.91.0.7', 'fd00:91::7'],
      static_mac: '02:00:00:00:00:11',
      aliases: ['www'],
    },
  })
  expect(podmanDialect.connect('web', connection).body).toEqual({ container: 'web' })
  expect(podmanDialect.disconnect('web', 'net1', true)).toEqual({
    method: 'POST',
    path: '/v4.0.0/libpod/networks/net1/disconnect',
    body: { Container: 'web', Force: true },
  })
})

test('a removal never takes containers with it', () => {
  expect(podmanDialect.remove('net 1/x')).toEqual({
    method: 'DELETE',
    path: '/v4.0.0/libpod/networks/net%201%2Fx',
    body: undefined,
  })
})

test('what Podman cannot do for a container is said by name', () => {
  expect(podmanDialect.whyNotConnect(connection, '4.3.1')).toEqual([])
  const odd = { ...connection, links: ['db'], linkLocal: ['fe80::9'], options: { a: 'b' } }
  expect(podmanDialect.whyNotConnect(odd, '4.3.1')).toEqual([
    'Podman has no --link: give the other container an --alias',
    'Podman has no --link-local-ip',
    'Podman has no --driver-opt for a container’s place on a network',
  ])
})
