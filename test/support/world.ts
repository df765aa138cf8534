/**
 * Worlds by hand, for tests of what is pure. `netns()` and `link()` fill in what a test does not care about, so
 * that each test states only what it is about.
 */
import { worldVersion } from '../../src/model/format.ts'
import type { Address } from '../../src/model/address.ts'
import { netnsId, nsid } from '../../src/model/ids.ts'
import type { Link } from '../../src/model/link.ts'
import type { Netns } from '../../src/model/netns.ts'
import type { PolicyRule, Route } from '../../src/model/route.ts'
import type { World } from '../../src/model/world.ts'

/** The member of the union whose `kind` may be K (some members stand for several kinds). */
type LinkOf<K, L = Link> = L extends { readonly kind: infer Kinds } ? (K extends Kinds ? L : never) : never

const zeroStats = {
  rxBytes: 0,
  rxPackets: 0,
  rxErrors: 0,
  rxDropped: 0,
  rxMissed: 0,
  multicast: 0,
  rxNohandler: 0,
  txBytes: 0,
  txPackets: 0,
  txErrors: 0,
  txDropped: 0,
  txCarrier: 0,
  collisions: 0,
}

const linkBase = {
  altNames: [],
  alias: null,
  linkType: 'ether',
  flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
  operstate: 'UP',
  carrier: true,
  carrierUpCount: 1,
  carrierDownCount: 0,
  mtu: 1500,
  minMtu: 68,
  maxMtu: 65535,
  txqlen: 1000,
  qdisc: 'noqueue',
  lladdr: null,
  addrAssignType: 'permanent',
  promiscuity: 0,
  master: null,
  slaveKind: null,
  lower: null,
  stats: zeroStats,
  offloads: { gsoMaxSize: 65536, gsoMaxSegs: 65535, tsoMaxSize: 65536 },
  xdp: null,
  inet: null,
  inet6: null,
  port: null,
} as const

const kindData: { readonly [kind: string]: object } = {
  bridge: {
    bridge: {
      id: '8000.000000000000',
      rootId: '8000.000000000000',
      stp: false,
      forwardDelay: 1500,
      ageing: 30000,
      vlanFiltering: false,
      defaultPvid: 1,
      mcastSnooping: true,
      nfCallIptables: false,
      nfCallIp6tables: false,
      nfCallArptables: false,
    },
  },
  vxlan: {
    vxlan: {
      vni: 42,
      group: null,
      remote: null,
      local: null,
      dstport: 4789,
      learning: true,
      proxy: false,
      l2miss: false,
      l3miss: false,
      ttl: 0,
      ageing: 300,
      external: false,
      udpCsum: true,
    },
  },
  macvlan: { macvlan: { mode: 'bridge', flags: [] } },
  vlan: { vlan: { id: 10, protocol: '802.1Q' } },
}

/** A link of a kind. `ifindex` and `name` must be given; the rest has plain values. */
export function link<K extends Link['kind']>(
  kind: K,
  fields: { readonly ifindex: number; readonly name: string } & Partial<LinkOf<K>>,
): Link {
  return { ...linkBase, kind, ...kindData[kind], ...fields } as unknown as Link
}

export function loopback(): Link {
  return link('loopback', {
    ifindex: 1,
    name: 'lo',
    linkType: 'loopback',
    flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
    operstate: 'UNKNOWN',
    mtu: 65536,
  })
}

export const port = {
  state: 'forwarding',
  priority: 32,
  cost: 2,
  hairpin: false,
  guard: false,
  learning: true,
  flood: true,
  mcastFlood: true,
  neighSuppress: false,
  proxyArp: false,
  isolated: false,
  locked: false,
  vlans: [],
} as const

export function address(ifindex: number, cidr: string, fields: Partial<Address> = {}): Address {
  const [local = '', prefix = '32'] = cidr.split('/')
  return {
    ifindex,
    family: local.includes(':') ? 'inet6' : 'inet',
    local,
    peer: null,
    prefixLen: Number(prefix),
    broadcast: null,
    scope: 'global',
    label: null,
    flags: ['permanent'],
    validLifetime: null,
    preferredLifetime: null,
    protocol: null,
    ...fields,
  }
}

export function policyRule(fields: Partial<PolicyRule> = {}): PolicyRule {
  return {
    family: 'inet',
    priority: 32_766,
    not: false,
    src: null,
    dst: null,
    iif: null,
    oif: null,
    tos: 0,
    fwmark: null,
    fwmask: null,
    ipProto: null,
    sport: null,
    dport: null,
    uidRange: null,
    l3mdev: false,
    action: 'table',
    table: 254,
    goto: null,
    suppressPrefixLen: null,
    suppressIfgroup: null,
    protocol: 'kernel',
    ...fields,
  }
}

/** As the kernel has them in every namespace: local, main, default. */
export const usualRules: readonly PolicyRule[] = [
  policyRule({ priority: 0, table: 255 }),
  policyRule(),
  policyRule({ priority: 32_767, table: 253 }),
]

export function route(fields: Partial<Route> & { readonly dst: string }): Route {
  return {
    family: fields.dst.includes(':') ? 'inet6' : 'inet',
    table: 254,
    type: 'unicast',
    src: null,
    tos: 0,
    metric: null,
    protocol: 'boot',
    scope: 'global',
    prefSrc: null,
    oif: null,
    gateway: null,
    flags: [],
    nexthops: [],
    nexthopId: null,
    mtu: null,
    advmss: null,
    encap: null,
    expires: null,
    cached: false,
    ...fields,
  }
}

export function netns(ino: number, name: string, fields: Partial<Netns> = {}): Netns {
  return {
    id: netnsId(ino),
    dev: 4,
    cookie: null,
    userNamespace: '4026531837',
    names: [{ name, source: 'named', path: `/run/netns/${name}` }],
    holders: { processes: [], threads: [], fds: [], sockets: [], mounts: [] },
    readable: true,
    links: [loopback()],
    addresses: [],
    routes: [],
    policyRules: [],
    nexthopObjects: [],
    neighbours: [],
    fdb: [],
    mdb: [],
    nsids: [],
    details: null,
    firewall: null,
    conntrack: null,
    ...fields,
  }
}

/** The first namespace is the host, unless `fields` say otherwise. */
export function world(namespaces: readonly [Netns, ...Netns[]], fields: Partial<World> = {}): World {
  return {
    format: 'vethscope-world',
    version: worldVersion,
    at: '2026-11-21T14:03:22.000Z',
    bootId: '00000000-0000-4000-8000-000000000000',
    hostName: 'vm01',
    kernel: '6.18.0',
    arch: 'x64',
    tool: {
      version: '0.0.0',
      node: 'v20.20.2',
      reader: { name: 'netlink', why: 'made by hand' },
      optional: [],
      uid: 0,
      capabilities: [],
      tools: [],
      terminal: { term: null, colours: 0, utf8: true, columns: null, rows: null },
    },
    modules: {},
    sysctls: {},
    softnet: {},
    host: namespaces[0].id,
    init: namespaces[0].id,
    netns: namespaces,
    processes: [],
    dns: [],
    engines: [],
    readers: [],
    changedWhileRead: [],
    gaps: [],
    changes: [],
    ...fields,
  }
}

/**
 * Two namespaces joined by a veth pair, the way Docker does it: `veth0@if2` on a bridge of the host, `eth0@if5`
 * in the container's namespace.
 */
export function bridgedPair(): World {
  const host = netns(100, 'host', {
    names: [{ name: 'host', source: 'host', path: '/proc/self/ns/net' }],
    links: [
      loopback(),
      link('bridge', { ifindex: 4, name: 'docker0', lladdr: '02:42:00:00:00:01' }),
      link('veth', {
        ifindex: 5,
        name: 'veth0',
        lladdr: '7a:00:00:00:00:05',
        master: 4,
        slaveKind: 'bridge',
        lower: { ifindex: 2, nsid: nsid(0) },
        port,
      }),
    ],
    addresses: [address(4, '172.17.0.1/16')],
    nsids: [{ nsid: nsid(0), id: netnsId(200) }],
  })
  const container = netns(200, 'redis123', {
    links: [
      loopback(),
      link('veth', {
        ifindex: 2,
        name: 'eth0',
        lladdr: '02:42:ac:11:00:02',
        lower: { ifindex: 5, nsid: nsid(0) },
      }),
    ],
    addresses: [address(2, '172.17.0.2/16')],
    routes: [route({ dst: 'default', gateway: '172.17.0.1', oif: 2 })],
    nsids: [{ nsid: nsid(0), id: netnsId(100) }],
  })
  return world([host, container])
}
