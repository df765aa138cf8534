import { expect, test } from 'vitest'
import { podmanNetwork } from '../../../src/collect/engine/podman-network.ts'
import { container, endpoint } from '../../support/engine.ts'

/** As Podman 4.3 answers `GET /libpod/networks/json`. */
const told = {
  name: 'n1',
  id: '5300a71c09a6d6e6b7d905a2f86d57febade028c08873f543f36d39515e0aab1',
  driver: 'bridge',
  network_interface: 'podman1',
  created: '2026-11-21T19:57:29.79676165Z',
  subnets: [
    {
      subnet: '10.92.0.0/24',
      gateway: '10.92.0.254',
      lease_range: { start_ip: '10.92.0.129', end_ip: '10.92.0.255' },
    },
    { subnet: 'fd00:93::/64', gateway: 'fd00:93::1' },
  ],
  ipv6_enabled: true,
  internal: true,
  dns_enabled: true,
  labels: { a: 'b' },
  options: { mtu: '1400' },
  ipam_options: { driver: 'host-local' },
}

test('everything that makes a network what it is', () => {
  const web = container('web', 5, { endpoints: [endpoint('n1', { ipv4: '10.92.0.129/24' })] })
  const stopped = container('ended', null, { endpoints: [endpoint('n1')] })
  expect(podmanNetwork(told, [web, stopped])).toEqual({
    id: told.id,
    name: 'n1',
    driver: 'bridge',
    scope: 'local',
    subnets: [
      { subnet: '10.92.0.0/24', gateway: '10.92.0.254', ipRange: '10.92.0.128/25' },
      { subnet: 'fd00:93::/64', gateway: 'fd00:93::1', ipRange: null },
    ],
    bridge: 'podman1',
    parent: null,
    internal: true,
    ipv6: true,
    made: {
      attachable: false,
      ingress: false,
      ipamDriver: 'host-local',
      ipamOptions: {},
      configOnly: false,
      configFrom: null,
      dns: true,
    },
    options: { mtu: '1400' },
    labels: { a: 'b' },
    members: [{ containerId: web.id, name: 'web', mac: null, ipv4: '10.92.0.129/24', ipv6: null }],
  })
})

test.each([
  ['10.92.0.129', '10.92.0.255', '10.92.0.128/25'],
  ['10.92.0.1', '10.92.0.255', '10.92.0.0/24'],
  ['10.92.0.1', '10.92.0.254', '10.92.0.1-10.92.0.254'],
  ['10.92.0.16', '10.92.0.31', '10.92.0.16-10.92.0.31'],
  ['10.92.0.5', '10.92.0.5', '10.92.0.4/31'],
  ['fd00::1', 'fd00::ffff', 'fd00::/112'],
  ['fd00::11', 'fd00::20', 'fd00::11-fd00::20'],
  ['10.92.0.5', '', '10.92.0.5-'],
  ['', '10.92.0.5', '-10.92.0.5'],
  ['0.0.0.0', '255.255.255.255', '0.0.0.0-255.255.255.255'],
])('addresses from %s to %s are %s', (start_ip, end_ip, range) => {
  const subnets = [{ subnet: '10.92.0.0/24', lease_range: { start_ip, end_ip } }]
  expect(podmanNetwork({ ...told, subnets }, []).subnets[0]?.ipRange).toBe(range)
})

test('the parent of a macvlan is its link', () => {
  const network = podmanNetwork({ ...told, driver: 'macvlan', network_interface: 'eth0' }, [])
  expect(network).toMatchObject({ bridge: null, parent: 'eth0' })
})

test('odd answers cost nothing else', () => {
  const network = podmanNetwork({ name: 'n1', subnets: [7, { lease_range: [] }], ipam_options: 3 }, [])
  expect(network).toMatchObject({
    name: 'n1',
    subnets: [
      { subnet: '', gateway: null, ipRange: null },
      { subnet: '', gateway: null, ipRange: null },
    ],
    made: { ipamDriver: 'default', dns: false },
  })
})

test('nameservers and routes, which newer ones have; nothing where there are none', () => {
  const more = {
    network_dns_servers: ['10.0.0.53'],
    routes: [
      { destination: '10.8.0.0/16', gateway: '10.92.0.9', metric: 50 },
      { destination: '10.9.0.0/16', gateway: '10.92.0.9' },
    ],
  }
  expect(podmanNetwork({ ...told, ...more }, []).made).toMatchObject({
    dnsServers: ['10.0.0.53'],
    routes: [
      { destination: '10.8.0.0/16', gateway: '10.92.0.9', metric: 50 },
      { destination: '10.9.0.0/16', gateway: '10.92.0.9', metric: null },
    ],
  })
  expect(Object.keys(podmanNetwork(told, []).made ?? {})).not.toContain('routes')
})
