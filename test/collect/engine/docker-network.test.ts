import { expect, test } from 'vitest'
import { inspectedContainer } from '../../../src/collect/engine/docker-container.ts'
import { dockerNetwork } from '../../../src/collect/engine/docker-network.ts'

/** As Docker 20.10 answers `GET /networks/ID`. */
const told = {
  Name: 'n1',
  Id: 'c9cf1fc32051c9e70e7e83008b38faf83775df86ad089d3477de656d15377eb6',
  Created: '2026-11-21T20:09:47.485626495Z',
  Scope: 'local',
  Driver: 'bridge',
  EnableIPv6: true,
  IPAM: {
    Driver: 'default',
    Options: { a: 'b' },
    Config: [
      {
        Subnet: '10.5.0.0/24',
        IPRange: '10.5.0.128/25',
        Gateway: '10.5.0.1',
        AuxiliaryAddresses: { router: '10.5.0.5' },
      },
      { Subnet: 'fd00:5::/64' },
    ],
  },
  Internal: false,
  Attachable: true,
  Ingress: false,
  ConfigFrom: { Network: '' },
  ConfigOnly: false,
  Containers: {},
  Options: { 'com.docker.network.driver.mtu': '1400' },
  Labels: { x: 'y' },
}

test('everything that makes a network what it is', () => {
  expect(dockerNetwork(told)).toEqual({
    id: told.Id,
    name: 'n1',
    driver: 'bridge',
    scope: 'local',
    subnets: [
      {
        subnet: '10.5.0.0/24',
        gateway: '10.5.0.1',
        ipRange: '10.5.0.128/25',
        auxAddresses: { router: '10.5.0.5' },
      },
      { subnet: 'fd00:5::/64', gateway: null, ipRange: null, auxAddresses: {} },
    ],
    bridge: 'br-c9cf1fc32051',
    parent: null,
    internal: false,
    ipv6: true,
    made: {
      attachable: true,
      ingress: false,
      ipamDriver: 'default',
      ipamOptions: { a: 'b' },
      configOnly: false,
      configFrom: null,
    },
    options: { 'com.docker.network.driver.mtu': '1400' },
    labels: { x: 'y' },
    members: [],
  })
})

test('Docker from 28 on says whether there is IPv4', () => {
  expect(dockerNetwork({ ...told, EnableIPv4: false }).made?.ipv4).toBe(false)
  expect(dockerNetwork({ ...told, EnableIPv4: true }).made?.ipv4).toBe(true)
})

test('a configuration, and a network made from it', () => {
  const config = dockerNetwork({ ...told, Driver: 'null', ConfigOnly: true })
  const made = dockerNetwork({
    ...told,
    ConfigFrom: { Network: 'cfg1' },
    IPAM: { Driver: '', Options: null },
  })
  expect(config.made).toMatchObject({ configOnly: true, configFrom: null })
  expect(made.made).toMatchObject({
    configOnly: false,
    configFrom: 'cfg1',
    ipamDriver: 'default',
    ipamOptions: {},
  })
})

test('the hosts of an overlay, where the engine tells them', () => {
  const peers = [
    { Name: '59320d6b3f2e', IP: '10.99.0.1' },
    { Name: '70e8d72da480', IP: '10.99.0.2' },
  ]
  expect(dockerNetwork({ ...told, Driver: 'overlay', Peers: peers }).peers).toEqual([
    { name: '59320d6b3f2e', address: '10.99.0.1' },
    { name: '70e8d72da480', address: '10.99.0.2' },
  ])
  expect(dockerNetwork(told)).not.toHaveProperty('peers')
})

/** As Docker 20.10 answers `GET /containers/ID/json`, of which only this is about networks. */
const inspected = {
  Id: 'c5dc9477342e5a8e7901fefe077ef3feff52220eda2c3408e2ebb68e23291653',
  Name: '/bb',
  Config: { Hostname: 'bhost', MacAddress: '02:11:22:33:44:55' },
  HostConfig: { NetworkMode: 'n1' },
  NetworkSettings: {
    Networks: {
      n1: {
        IPAMConfig: { IPv4Address: '10.5.0.9', IPv6Address: 'fd00:5::9', LinkLocalIPs: ['169.254.8.8'] },
        Links: ['aa:linked'],
        Aliases: ['c5dc9477342e', 'bhost'],
        NetworkID: told.Id,
        DriverOpts: null,
        MacAddress: '02:11:22:33:44:55',
      },
      plain: {
        IPAMConfig: null,
        Links: null,
        DriverOpts: { foo: 'bar' },
        MacAddress: '02:42:ac:13:00:02',
        GwPriority: 7,
      },
    },
  },
}

test('what a container asked for on its networks, told apart from what it got', () => {
  const { endpoints } = inspectedContainer(inspected).facts
  expect(endpoints.map(({ network, asked }) => [network, asked])).toEqual([
    [
      'n1',
      {
        ipv4: '10.5.0.9',
        ipv6: 'fd00:5::9',
        linkLocal: ['169.254.8.8'],
        links: ['aa:linked'],
        options: {},
        mac: '02:11:22:33:44:55',
      },
    ],
    [
      'plain',
      { ipv4: null, ipv6: null, linkLocal: [], links: [], options: { foo: 'bar' }, mac: null, gwPriority: 7 },
    ],
  ])
})

test('a network that it was made on may be told by its id, and the default one by a word', () => {
  const macs = (mode: string, name: string) =>
    inspectedContainer({
      ...inspected,
      HostConfig: { NetworkMode: mode },
      NetworkSettings: { Networks: { [name]: { NetworkID: told.Id } } },
    }).facts.endpoints.map(({ asked }) => asked?.mac)
  expect(macs(told.Id, 'n1')).toEqual(['02:11:22:33:44:55'])
  expect(macs('default', 'bridge')).toEqual(['02:11:22:33:44:55'])
  expect(macs('other', 'n1')).toEqual([null])
})
