/** A host with an uplink, and labs by hand. */
import type { Lab, LabNetwork, LabNode, LabPort } from '../../../src/model/lab.ts'
import type { Netns } from '../../../src/model/netns.ts'
import type { NfTable } from '../../../src/model/ruleset.ts'
import type { World } from '../../../src/model/world.ts'
import type { PlanContext } from '../../../src/change/planner.ts'
import { firewall } from '../../support/ruleset.ts'
import { address, link, loopback, netns, route, world } from '../../support/world.ts'

export const context: PlanContext = {
  folder: '/run/vethscope/1',
  hostPath: null,
  tools: new Set(['ip', 'nft', 'iptables', 'ip6tables', 'conntrack', 'sysctl', 'tee']),
  now: '2026-11-21T14:00:00.000Z',
}

export function network(name: string, fields: Partial<LabNetwork> = {}): LabNetwork {
  return {
    name,
    driver: 'bridge',
    bridge: name,
    ownsBridge: true,
    parent: null,
    mode: null,
    vxlan: null,
    subnets: [{ subnet: '172.20.0.0/24', gateway: '172.20.0.1', ipRange: null }],
    mtu: 1500,
    mac: null,
    internal: false,
    ipv6: false,
    icc: true,
    masquerade: true,
    acceptInForeign: false,
    options: {},
    labels: {},
    created: '',
    ...fields,
  }
}

export function node(name: string, on: string, ipv4: string, ports: readonly LabPort[] = []): LabNode {
  const endpoint = {
    network: on,
    link: 'eth0',
    hostLink: `v-${name}`,
    mac: '02:00:00:00:00:01',
    ipv4,
    ipv6: null,
    aliases: [],
    isDefault: true,
    links: [],
  }
  return { name, mode: 'bridge', of: null, endpoints: [endpoint], ports, created: '' }
}

export const port: LabPort = { hostIp: '0.0.0.0', hostPort: 8080, port: 80, protocol: 'tcp' }

export function lab(networks: readonly LabNetwork[], nodes: readonly LabNode[] = []): Lab {
  return { networks, nodes, masquerades: [], unfinished: null }
}

export const noLab: Lab = lab([])

type HostFields = {
  readonly tables?: readonly NfTable[]
  readonly sysctls?: Readonly<Record<string, string>>
  readonly more?: Partial<Netns>
}

export function hostWorld({ tables = [], sysctls = {}, more = {} }: HostFields = {}): World {
  const details = {
    sysctls: {
      'ipv4.conf.all.forwarding': '1',
      'ipv4.conf.default.forwarding': '1',
      'ipv6.conf.all.forwarding': '1',
      'ipv6.conf.default.forwarding': '1',
      ...sysctls,
    },
    sockets: [],
    qdiscs: [],
    filters: [],
    xfrmPolicies: [],
    programs: [],
    counters: {},
  }
  return world([
    netns(1, 'host', {
      links: [loopback(), link('device', { ifindex: 2, name: 'eth0' })],
      addresses: [address(2, '192.0.2.1/24')],
      routes: [route({ dst: 'default', gateway: '192.0.2.254', oif: 2 })],
      details,
      firewall: firewall(tables),
      ...more,
    }),
  ])
}
